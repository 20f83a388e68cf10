"""Who may do what, told once more by hand, and tried out with the real queries and commands.

EXPECTED does not read the policy table: it says, for people with one role each, what comes of every
action on Alice's initiative. The mutation test opens each closed entry of the policy in turn and
sees that an attempt then goes through which EXPECTED refuses, so that no entry is without effect.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from convening import roles
from convening.problems import Forbidden, NotFound
from convening.roles import POLICY, Action, Actor, Reach
from convening.vocabulary import Role
from db.engine import Engines, connect
from pages.components.navigation import PAGES
from tests.policy_attempts import ATTEMPTS, NEEDS, World, build

# In this order: organisers who manage and who are on the team, a facilitator, leadership, an
# administrator and a member on the team; an organiser and a facilitator of another team;
# leadership, an administrator and a member on no team; keepers of dissent on the team and on none.
WHO = ("alice", "erin", "bob", "lena", "nadia", "mel", "charlie", "fay", "dana", "ada", "max",
       "kamal", "kira")  # fmt: skip
A, F, N = "allowed", "forbidden", "not found"
EXPECTED: dict[Action, tuple[str, ...]] = {
    Action.OPEN_INITIATIVE: (A, A, A, A, F, F, N, N, N, N, N, F, N),
    Action.CREATE_INITIATIVE: (A, A, F, F, F, F, A, F, F, F, F, F, F),
    Action.EDIT_INITIATIVE: (A, A, F, F, F, F, N, N, N, N, N, F, N),
    Action.MANAGE_TEAM: (A, F, F, F, F, F, N, N, N, N, N, F, N),
    Action.DELETE_INITIATIVE: (A, F, F, F, F, F, N, N, N, N, N, F, N),
    Action.SEE_PEOPLE: (A, A, A, F, F, F, N, N, N, N, N, F, N),
    Action.EDIT_COMMUNITY: (A, A, F, F, F, F, N, N, N, N, N, F, N),
    Action.SEE_CONVENINGS: (A, A, A, F, F, F, N, N, N, N, N, F, N),
    Action.PLAN_CONVENING: (A, A, F, F, F, F, N, N, N, N, N, F, N),
    Action.EDIT_AGENDA: (A, A, A, N, N, N, N, N, N, N, N, N, N),
    Action.INVITE: (A, A, F, N, N, N, N, N, N, N, N, N, N),
    Action.CHECK_IN: (A, A, A, N, N, N, N, N, N, N, N, N, N),
    Action.SEE_BALANCE: (A, A, A, F, F, F, N, N, N, N, N, F, N),
    Action.SEE_SUPPRESSED_BALANCE: (A, A, A, A, F, F, N, N, A, N, N, F, N),
    Action.RESTORE_DELETED: (A, A, N, N, N, N, N, N, N, N, N, N, N),
    Action.MANAGE_ACCOUNTS: (F, F, F, F, A, F, F, F, F, A, F, F, F),
    Action.SEE_AUDIT: (F, F, F, F, A, F, F, F, F, A, F, F, F),
    Action.MANAGE_SAMPLE_DATA: (F, F, F, F, A, F, F, F, F, A, F, F, F),
    Action.SEE_MAIL: (A, A, F, F, F, F, N, N, N, N, N, F, N),
    Action.ERASE_PERSON: (A, F, F, N, N, N, N, N, N, N, N, N, N),
    Action.BACK_UP: (F, F, F, F, A, F, F, F, F, A, F, F, F),
    Action.GIVE_FEEDBACK: (A, A, A, A, A, A, A, A, A, A, A, A, A),
    Action.SEE_OPINION: (A, A, A, F, F, F, N, N, N, N, N, F, N),
    Action.EDIT_OPINION: (A, A, A, N, N, N, N, N, N, N, N, N, N),
    Action.RUN_ROOM: (A, A, A, N, N, N, N, N, N, N, N, N, N),
    Action.SEE_FEEDBACK: (F, F, F, F, A, F, F, F, F, A, F, F, F),
    Action.SEE_DISSENT: (A, A, A, F, F, F, N, N, N, N, N, A, N),
    Action.LOG_DISSENT: (A, A, A, F, F, F, N, N, N, N, N, A, N),
    Action.RESPOND: (A, A, F, F, F, F, N, N, N, N, N, F, N),
    Action.SEE_HELD_NOTES: (F, F, A, F, F, F, N, N, N, N, N, A, N),
    Action.SEE_SUPPRESSED_DISSENT: (A, A, A, A, F, F, N, N, A, N, N, A, N),
    Action.BREAK_GLASS: (F, F, F, F, A, F, F, F, F, A, F, F, F),
    Action.SEE_DEFINITION: (A, A, A, F, F, F, N, N, N, N, N, A, N),
    Action.EDIT_DEFINITION: (A, A, F, F, F, F, N, N, N, N, N, F, N),
    Action.ADOPT_DEFINITION: (A, A, F, N, N, N, N, N, N, N, N, F, N),
}

SCREENS: dict[str, set[Role]] = {
    "home": set(Role),
    "initiatives": {Role.ORGANISER, Role.FACILITATOR, Role.LEADERSHIP},
    "community": {Role.ORGANISER, Role.FACILITATOR},
    "convenings": {Role.ORGANISER, Role.FACILITATOR},
    "agenda": {Role.ORGANISER, Role.FACILITATOR},
    "invitees": {Role.ORGANISER, Role.FACILITATOR},
    "mail": {Role.ORGANISER},
    "door": {Role.ORGANISER, Role.FACILITATOR},
    "after": {Role.ORGANISER, Role.FACILITATOR},
    "dissent": {Role.ORGANISER, Role.FACILITATOR, Role.LEADERSHIP, Role.KEEPER},
    "glass": {Role.ADMINISTRATOR},
    "definition": {Role.ORGANISER, Role.FACILITATOR, Role.KEEPER},
    "opinion": {Role.ORGANISER, Role.FACILITATOR},
    "wall": {Role.ORGANISER, Role.FACILITATOR},
    "room": {Role.ORGANISER, Role.FACILITATOR},
    "balance": {Role.ORGANISER, Role.FACILITATOR, Role.LEADERSHIP},
    "people_and_access": {Role.ADMINISTRATOR},
    "feedback": {Role.ADMINISTRATOR},
    "data": {Role.ADMINISTRATOR},
    "audit": {Role.ADMINISTRATOR},
    "settings": {Role.ADMINISTRATOR},
    "account": set(Role),
}

CLOSED = [
    (action, role)
    for action in Action
    for role in Role
    if POLICY[action].get(role, Reach.NOWHERE) is not Reach.EVERYWHERE
]


@pytest.fixture(scope="module")
def engines(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    path = tmp_path_factory.mktemp("policy") / "halqa.sqlite3"
    shutil.copy(sqlite_template, path)
    engines = connect(f"sqlite:///{path}")
    yield engines
    engines.dispose()


@pytest.fixture(scope="module")
def world(engines: Engines) -> World:
    return build(engines)


def outcome(engines: Engines, world: World, action: Action, actor: Actor) -> str:
    """What comes of the attempt, which leaves nothing behind."""
    with Session(engines.write, expire_on_commit=False) as session:
        try:
            return A if ATTEMPTS[action](session, actor, world) else N
        except Forbidden:
            return F
        except NotFound:
            return N
        finally:
            session.rollback()


@pytest.mark.parametrize("action", list(Action))
def test_every_action_comes_out_as_expected(engines: Engines, world: World, action: Action) -> None:
    found = tuple(outcome(engines, world, action, world.actors[who]) for who in WHO)
    assert found == EXPECTED[action]


@pytest.mark.parametrize(("action", "role"), CLOSED)
def test_an_entry_that_were_open_would_let_somebody_through(
    engines: Engines, world: World, monkeypatch: pytest.MonkeyPatch, action: Action, role: Role
) -> None:
    opened = {each: dict(granted) for each, granted in POLICY.items()}
    for each in (action, *NEEDS.get(action, ())):
        opened[each][role] = Reach.EVERYWHERE
    monkeypatch.setattr(roles, "POLICY", opened)
    through = [
        who
        for who, expected in zip(WHO, EXPECTED[action], strict=True)
        if expected != A
        and role in world.actors[who].roles
        and outcome(engines, world, action, world.actors[who]) == A
    ]
    assert through != []


@pytest.mark.parametrize("action", list(Action))
def test_without_a_role_nothing_goes_through(
    engines: Engines, world: World, action: Action
) -> None:
    """Being on the team alone opens nothing."""
    alice = world.actors["alice"]
    nobody = Actor(alice.user_id, frozenset(), alice.teams)
    assert outcome(engines, world, action, nobody) in (F, N)


@pytest.mark.parametrize("action", list(Action))
def test_a_missing_initiative_answers_as_a_foreign_one(
    engines: Engines, world: World, action: Action
) -> None:
    """Charlie learns nothing from the difference between another team's id and none at all."""
    if EXPECTED[action][WHO.index("charlie")] != N:
        return
    missing = World(world.actors, *([999_999] * 8))
    charlie = world.actors["charlie"]
    assert told(engines, missing, action, charlie) == told(engines, world, action, charlie)


def told(engines: Engines, world: World, action: Action, actor: Actor) -> tuple[str, object]:
    with Session(engines.write, expire_on_commit=False) as session:
        with pytest.raises(NotFound) as caught:
            ATTEMPTS[action](session, actor, world)
        session.rollback()
    return caught.value.code, caught.value.params


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_screens(role: Role) -> None:
    actor = Actor(1, frozenset({role}))
    opened = {
        page.name
        for page in PAGES
        if page.action is None or roles.reach(actor, page.action) is not Reach.NOWHERE
    }
    assert opened == {screen for screen, open_to in SCREENS.items() if role in open_to}


def test_nothing_is_left_out() -> None:
    assert set(ATTEMPTS) == set(EXPECTED) == set(POLICY) == set(Action)
    assert set(SCREENS) == {page.name for page in PAGES}
    assert {role for _, role in CLOSED} == set(Role)
