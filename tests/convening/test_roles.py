"""How far a permission reaches, and what is answered where it does not."""

import pytest

from convening import roles
from convening.problems import Forbidden, NotFound
from convening.roles import POLICY, Action, Actor, Reach, may, reach, require, visible
from convening.vocabulary import Role

MANAGED, JOINED, FOREIGN = 1, 2, 3
ADMINISTRATION = {
    Action.MANAGE_ACCOUNTS,
    Action.SEE_AUDIT,
    Action.MANAGE_SAMPLE_DATA,
    Action.BACK_UP,
    Action.GIVE_FEEDBACK,
    Action.SEE_FEEDBACK,
}


def somebody(*granted: Role) -> Actor:
    return Actor(7, frozenset(granted), {MANAGED: True, JOINED: False})


@pytest.fixture(autouse=True)
def policy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small table, so that these tests are about how it is read."""
    monkeypatch.setattr(
        roles,
        "POLICY",
        {
            Action.MANAGE_TEAM: {Role.ORGANISER: Reach.MANAGED},
            Action.EDIT_AGENDA: {Role.ORGANISER: Reach.TEAM, Role.FACILITATOR: Reach.TEAM},
            Action.SEE_BALANCE: {Role.ORGANISER: Reach.TEAM, Role.LEADERSHIP: Reach.EVERYWHERE},
        },
    )


@pytest.mark.parametrize(
    ("action", "initiatives"),
    [
        (Action.MANAGE_TEAM, [True, False, False]),
        (Action.EDIT_AGENDA, [True, True, False]),
        (Action.SEE_BALANCE, [True, True, False]),
        (Action.SEE_AUDIT, [False, False, False]),
    ],
)
def test_a_permission_reaches_as_far_as_its_entry(action: Action, initiatives: list[bool]) -> None:
    actor = somebody(Role.ORGANISER)
    assert [may(actor, action, each) for each in (MANAGED, JOINED, FOREIGN)] == initiatives


def test_the_widest_of_several_roles_counts() -> None:
    actor = somebody(Role.ORGANISER, Role.LEADERSHIP, Role.MEMBER)
    assert reach(actor, Action.SEE_BALANCE) is Reach.EVERYWHERE
    assert may(actor, Action.SEE_BALANCE, FOREIGN)
    assert not may(actor, Action.EDIT_AGENDA, FOREIGN)


@pytest.mark.parametrize("granted", [(), (Role.MEMBER,), (Role.ADMINISTRATOR,)])
def test_what_is_not_listed_is_denied(granted: tuple[Role, ...]) -> None:
    actor = somebody(*granted)
    assert [action for action in Action if may(actor, action, MANAGED)] == []
    assert {reach(actor, action) for action in Action} == {Reach.NOWHERE}


def test_without_an_initiative_it_asks_for_any_at_all() -> None:
    outsider = Actor(8, frozenset({Role.ORGANISER}))
    member = Actor(9, frozenset({Role.ORGANISER}), {JOINED: False})
    manager = somebody(Role.ORGANISER)
    leader = Actor(10, frozenset({Role.LEADERSHIP}))
    asked = [
        (
            may(each, Action.MANAGE_TEAM),
            may(each, Action.EDIT_AGENDA),
            may(each, Action.SEE_BALANCE),
        )
        for each in (outsider, member, manager, leader)
    ]
    assert asked == [
        (False, False, False),
        (False, True, True),
        (True, True, True),
        (False, False, True),
    ]


def test_a_refusal_tells_only_the_team_that_there_is_something() -> None:
    actor = somebody(Role.ORGANISER)
    with pytest.raises(Forbidden) as forbidden:
        require(actor, Action.MANAGE_TEAM, JOINED)
    assert forbidden.value.params == {"action": Action.MANAGE_TEAM}
    with pytest.raises(NotFound) as missing:
        require(actor, Action.MANAGE_TEAM, FOREIGN)
    assert missing.value.params == {"what": "initiative"}
    with pytest.raises(Forbidden):
        require(actor, Action.SEE_AUDIT)
    require(actor, Action.MANAGE_TEAM, MANAGED)


def test_what_is_visible_follows_the_reach() -> None:
    actor = somebody(Role.ORGANISER)
    assert visible(actor, Action.MANAGE_TEAM) == {MANAGED}
    assert visible(actor, Action.EDIT_AGENDA) == {MANAGED, JOINED}
    assert visible(actor, Action.SEE_AUDIT) == set()
    assert visible(somebody(Role.LEADERSHIP), Action.SEE_BALANCE) is None


def test_the_policy_lists_every_action_and_grants_each_to_somebody() -> None:
    assert set(POLICY) == set(Action)
    assert [action for action in Action if not POLICY[action]] == []
    assert all(entry > Reach.NOWHERE for granted in POLICY.values() for entry in granted.values())


def test_administrators_reach_no_initiative_by_their_role_but_by_broken_glass() -> None:
    granted = {action for action in Action if Role.ADMINISTRATOR in POLICY[action]}
    assert granted == ADMINISTRATION | {Action.BREAK_GLASS}


def test_only_leadership_reaches_initiatives_of_others_and_only_in_protected_numbers() -> None:
    unbound = {Action.CREATE_INITIATIVE, Action.BREAK_GLASS}
    initiative_bound = set(Action) - ADMINISTRATION - unbound
    everywhere = {
        (action, role)
        for action in initiative_bound
        for role, granted in POLICY[action].items()
        if granted is Reach.EVERYWHERE
    }
    assert everywhere == {
        (Action.SEE_SUPPRESSED_BALANCE, Role.LEADERSHIP),
        (Action.SEE_SUPPRESSED_DISSENT, Role.LEADERSHIP),
    }
