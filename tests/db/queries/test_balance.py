"""Balance by stage from the database: distinct people, their groups as they were, small counts."""

import random
from collections.abc import Hashable
from dataclasses import fields

import pandas as pd
import pytest
from sqlmodel import Session, select

from convening import funnel
from convening.balance import shares
from convening.problems import Forbidden, NotFound
from convening.vocabulary import ConveningState, FunnelStep, Group, InvitationStatus, StageKind
from db.queries import balance
from db.tables import community, work
from tests import builders, statements

S = InvitationStatus
STEWARD, GATEWAY, INFLUENCER = Group
MAP, INVITED, ACCEPTED, ROOM = FunnelStep


@pytest.fixture
def team(session: Session) -> builders.People:
    return builders.people(session)


@pytest.fixture
def stage(session: Session, team: builders.People) -> int:
    return builders.stage(session, team.initiative_id)


def rows(table: pd.DataFrame, stage_id: int) -> list[list[int | None]]:
    """Stewards, gateways, influencers and everybody, one list a step."""
    wanted = table.loc[[stage_id]].astype(object)
    listed: list[list[int | None]] = wanted.where(wanted.notna(), None).to_numpy().tolist()
    return listed


def test_a_person_counts_once_in_a_stage_with_the_furthest_they_came(
    session: Session, team: builders.People, stage: int
) -> None:
    amal = builders.person(session, team.initiative_id, "Amal", STEWARD)
    badr = builders.person(session, team.initiative_id, "Badr", STEWARD, GATEWAY)
    builders.person(session, team.initiative_id, "Chadi", INFLUENCER)
    first, second = builders.convening(session, stage), builders.convening(session, stage)
    builders.invitation(session, first, amal, S.DECLINED)
    builders.invitation(session, second, amal, S.ATTENDED)
    builders.invitation(session, first, badr, S.ABSENT)
    builders.invitation(session, second, badr, S.PROPOSED)
    found = balance.whole(session, team.alice, team.initiative_id)
    assert rows(found.table, stage) == [
        [2, 1, 1, 3],
        [2, 1, 0, 2],
        [2, 1, 0, 2],
        [1, 0, 0, 1],
    ]


def test_the_map_stands_in_every_stage_and_each_stage_has_its_own_funnel(
    session: Session, team: builders.People, stage: int
) -> None:
    pilot = builders.stage(session, team.initiative_id, StageKind.PILOT, 1)
    amal = builders.person(session, team.initiative_id, "Amal", STEWARD)
    builders.person(session, team.initiative_id, "Nobody yet")
    builders.person(session, team.foreign_id, "Stranger", STEWARD)
    builders.invitation(session, builders.convening(session, pilot), amal, S.INVITED)
    found = balance.whole(session, team.bob, team.initiative_id)
    assert rows(found.table, stage) == [[1, 0, 0, 2], [0] * 4, [0] * 4, [0] * 4]
    assert rows(found.table, pilot) == [[1, 0, 0, 2], [1, 0, 0, 1], [0] * 4, [0] * 4]
    assert [each.id for each in found.stages] == [stage, pilot]
    assert (found.map.people, found.map.unplaced) == (2, 1)


def test_a_held_convening_counts_the_groups_of_that_day(
    session: Session, team: builders.People, stage: int
) -> None:
    amal = builders.person(session, team.initiative_id, "Amal", GATEWAY)
    room = builders.convening(session, stage, state=ConveningState.HELD)
    builders.invitation(session, room, amal, S.ATTENDED, groups_when_held=[STEWARD])
    found = balance.whole(session, team.alice, team.initiative_id)
    assert rows(found.table, stage) == [
        [1, 1, 0, 1],  # invited as a steward, so on the map as one too
        [1, 0, 0, 1],
        [1, 0, 0, 1],
        [1, 0, 0, 1],
    ]
    assert found.rooms[0].shares == shares([{STEWARD}])


def test_an_erased_person_still_counts_with_the_groups_kept(
    session: Session, team: builders.People, stage: int
) -> None:
    room = builders.convening(session, stage, state=ConveningState.HELD)
    for _ in range(2):
        builders.invitation(session, room, None, S.ATTENDED, groups_when_held=[STEWARD, INFLUENCER])
    found = balance.whole(session, team.alice, team.initiative_id)
    assert rows(found.table, stage) == [[2, 0, 2, 2]] * 4


def test_nobody_is_counted_by_a_cancelled_convening(
    session: Session, team: builders.People, stage: int
) -> None:
    amal = builders.person(session, team.initiative_id, "Amal", STEWARD)
    room = builders.convening(session, stage, state=ConveningState.CANCELLED)
    builders.invitation(session, room, amal, S.ACCEPTED)
    found = balance.whole(session, team.alice, team.initiative_id)
    assert rows(found.table, stage) == [[1, 0, 0, 1], [0] * 4, [0] * 4, [0] * 4]
    assert found.rooms == ()


def test_a_room_counts_those_expected_and_once_held_those_who_came(
    session: Session, team: builders.People, stage: int
) -> None:
    amal = builders.person(session, team.initiative_id, "Amal", STEWARD)
    badr = builders.person(session, team.initiative_id, "Badr", GATEWAY)
    ahead = builders.convening(session, stage, starts_at=builders.START.replace(day=9))
    held = builders.convening(session, stage, state=ConveningState.HELD)
    for room in (ahead, held):
        builders.invitation(session, room, amal, S.ATTENDED)
        builders.invitation(session, room, badr, S.ABSENT)
    found = balance.whole(session, team.alice, team.initiative_id).rooms
    assert [(each.convening.id, each.shares) for each in found] == [
        (held, shares([{STEWARD}])),
        (ahead, shares([{STEWARD}, {GATEWAY}])),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_the_database_counts_as_the_rule_does(
    session: Session, team: builders.People, stage: int, seed: int
) -> None:
    draw = random.Random(seed)

    def some_groups() -> list[Group]:
        return [group for group in Group if draw.random() < 0.4]

    stages = [stage, builders.stage(session, team.initiative_id, StageKind.PILOT, 1)]
    people: dict[Hashable, frozenset[Group]] = {
        builders.person(session, team.initiative_id, f"Person {n}", *groups): frozenset(groups)
        for n, groups in enumerate(some_groups() for _ in range(25))
    }
    steps = []
    ids = [each for each in people if isinstance(each, int)]
    for number in range(6):
        held = number < 4
        state = ConveningState.HELD if held else ConveningState.PLANNED
        room = builders.convening(session, stages[number % 2], state=state)
        for person in draw.sample(ids, 12):
            status, erased = draw.choice(list(S)), held and draw.random() < 0.1
            kept = some_groups() if held else None
            who = None if erased else person
            builders.invitation(session, room, who, status, groups_when_held=kept)
            groups = people[person] if kept is None else frozenset(kept)
            steps.append(funnel.Step(who, stages[number % 2], status, groups))
    found = balance.whole(session, team.alice, team.initiative_id)
    pd.testing.assert_frame_equal(found.table, funnel.funnel(people, steps, stages))


def crowd(session: Session, initiative_id: int, stage_id: int) -> None:
    """24 people on the map; of 12 invited, 2 are stewards."""
    room = builders.convening(session, stage_id)
    for number in range(24):
        group = (STEWARD, GATEWAY, INFLUENCER)[number % 3]
        person = builders.person(session, initiative_id, f"Person {number}", group)
        if number < (4 if group is STEWARD else 15):
            builders.invitation(session, room, person, S.ATTENDED)


def test_leadership_sees_heads_with_small_counts_withheld(
    session: Session, team: builders.People, stage: int
) -> None:
    crowd(session, team.initiative_id, stage)
    whole = balance.whole(session, team.alice, team.initiative_id)
    assert rows(whole.table, stage) == [[8, 8, 8, 24]] + [[2, 5, 5, 12]] * 3
    found = balance.suppressed(session, team.dana, team.initiative_id)
    shown = rows(found.table, stage)
    assert shown[0] == [8, 8, 8, 24]
    assert [each[0] for each in shown[1:]] == [None] * 3
    assert [each[-1] for each in shown[1:]] == [12] * 3
    pd.testing.assert_frame_equal(found.table, funnel.suppressed(whole.table))


def test_what_leadership_gets_holds_no_name_and_no_single_room(
    session: Session, team: builders.People, stage: int
) -> None:
    crowd(session, team.initiative_id, stage)
    found = balance.suppressed(session, team.dana, team.initiative_id)
    assert {each.name for each in fields(found)} == {"stages", "table"}
    assert "Person" not in repr(found)
    assert found.table.size == 16


def test_an_initiative_without_stages_or_people_counts_nobody(
    session: Session, team: builders.People
) -> None:
    found = balance.whole(session, team.alice, team.initiative_id)
    assert (found.stages, found.map.people, len(found.table)) == ((), 0, 0)
    assert balance.suppressed(session, team.dana, team.initiative_id).stages == ()
    builders.stage(session, team.initiative_id)
    found = balance.whole(session, team.alice, team.initiative_id)
    assert found.map.people == 0
    assert balance.suppressed(session, team.dana, team.initiative_id).table["people"].sum() == 0


def test_the_whole_is_for_the_team_and_leadership_sees_every_initiative_suppressed(
    session: Session, team: builders.People, stage: int
) -> None:
    crowd(session, team.initiative_id, stage)
    with pytest.raises(NotFound):
        balance.whole(session, team.charlie, team.initiative_id)
    with pytest.raises(NotFound):
        balance.suppressed(session, team.charlie, team.initiative_id)
    with pytest.raises((NotFound, Forbidden)):
        balance.whole(session, team.dana, team.initiative_id)
    assert len(balance.suppressed(session, team.dana, team.initiative_id).stages) == 1
    assert balance.suppressed(session, team.dana, team.foreign_id).stages == ()


def test_more_people_and_stages_take_no_more_statements(
    session: Session, team: builders.People, stage: int
) -> None:
    args = (team.alice, team.initiative_id)
    crowd(session, team.initiative_id, stage)
    one = statements.count(session, balance.whole, *args)
    crowd(session, team.initiative_id, builders.stage(session, team.initiative_id))
    crowd(session, team.initiative_id, builders.stage(session, team.initiative_id))
    assert statements.count(session, balance.whole, *args) == one
    assert len(session.exec(select(work.Invitation)).all()) == 36
    assert len(session.exec(select(community.Stakeholder)).all()) == 72
