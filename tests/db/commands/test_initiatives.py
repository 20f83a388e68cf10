"""Initiatives and stages: who may change them, what is refused, what comes back."""

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from convening.initiatives import InitiativeDraft, StageDraft
from convening.problems import ConveningError, Forbidden, Invalid, NotFound
from convening.vocabulary import ConveningState, Group, Range, StageKind
from db import base, transaction
from db.commands import initiatives, trash
from db.engine import Engines
from db.queries import accounts
from db.queries import initiatives as reading
from db.queries import trash as deleted
from db.tables import community, work
from db.tables.journal import Change, RowImage
from tests import builders, statements


@pytest.fixture
def people(engines: Engines) -> builders.People:
    with transaction.writing(engines, actor_id=None) as session:
        return builders.people(session)


def test_whoever_creates_an_initiative_manages_its_team(
    engines: Engines, people: builders.People
) -> None:
    draft = InitiativeDraft("  Youth\u202e justice ", stages=(StageKind.DESIGN, StageKind.PILOT))
    with transaction.writing(engines, actor_id=None) as session:
        made = initiatives.create_initiative(session, people.alice, draft)
    with transaction.reading(engines) as session:
        alice = accounts.actor(session, people.alice.user_id)
        found = reading.initiative(session, alice, made)
        stages = [each.kind for each in reading.stages(session, alice, made)]
    assert (found.name, found.manages) == ("Youth justice", True)
    assert stages == [StageKind.DESIGN, StageKind.PILOT]


def test_every_problem_of_a_draft_is_named(engines: Engines, people: builders.People) -> None:
    draft = InitiativeDraft(" ", place="x" * 201)
    with (
        pytest.raises(Invalid) as caught,
        transaction.writing(engines, actor_id=None) as session,
    ):
        initiatives.create_initiative(session, people.alice, draft)
    assert [(each.code, each.field) for each in caught.value.problems] == [
        ("required", "name"),
        ("too_long", "place"),
    ]


def test_a_facilitator_may_not_edit_and_a_stranger_may_not_know(
    engines: Engines, people: builders.People
) -> None:
    draft = InitiativeDraft("Mine now", id=people.initiative_id)
    with transaction.writing(engines, actor_id=None) as session:
        with pytest.raises(Forbidden):
            initiatives.edit_initiative(session, people.bob, draft)
        for stranger in (people.charlie, people.dana):
            with pytest.raises(NotFound):
                initiatives.edit_initiative(session, stranger, draft)
    with transaction.reading(engines) as session:
        assert session.get_one(work.Initiative, people.initiative_id).name == "Renewal"


def test_a_second_editor_is_noticed(engines: Engines, people: builders.People) -> None:
    draft = InitiativeDraft("First", id=people.initiative_id, version=1)
    with transaction.writing(engines, actor_id=None) as session:
        initiatives.edit_initiative(session, people.alice, draft)
    with (
        pytest.raises(ConveningError, match="changed_meanwhile"),
        transaction.writing(engines, actor_id=None) as session,
    ):
        initiatives.edit_initiative(session, people.alice, draft)


def test_a_range_from_zero_needs_its_reason(engines: Engines, people: builders.People) -> None:
    targets = {
        Group.STEWARD: Range(0.0, 0.5),
        Group.GATEWAY: Range(0.2, 0.6),
        Group.INFLUENCER: Range(0.2, 0.6),
    }
    with transaction.writing(engines, actor_id=None) as session:
        stage_id = builders.stage(session, people.initiative_id)
    draft = StageDraft(StageKind.DESIGN, widening="From the night shift", id=stage_id, version=1)
    with (
        pytest.raises(Invalid) as caught,
        transaction.writing(engines, actor_id=None) as session,
    ):
        initiatives.edit_stage(session, people.alice, draft, targets)
    assert len(caught.value.problems) == 1
    reasons = {Group.STEWARD: "They meet among themselves first"}
    with transaction.writing(engines, actor_id=None) as session:
        initiatives.edit_stage(session, people.alice, draft, targets, reasons)
    with transaction.reading(engines) as session:
        (stage,) = reading.stages(session, people.alice, people.initiative_id)
    assert (dict(stage.targets), dict(stage.reasons)) == (targets, reasons)
    assert stage.widening == "From the night shift"


def test_targets_are_taken_away_by_none_at_all(engines: Engines, people: builders.People) -> None:
    with transaction.writing(engines, actor_id=None) as session:
        targets = dict.fromkeys(Group, (0.2, 0.5))
        stage_id = builders.stage(session, people.initiative_id, targets=targets)
        draft = StageDraft(StageKind.DESIGN, id=stage_id)
        initiatives.edit_stage(session, people.alice, draft, {})
    with transaction.reading(engines) as session:
        (stage,) = reading.stages(session, people.alice, people.initiative_id)
    assert stage.targets == {}


def test_a_stage_ends_after_it_starts(engines: Engines, people: builders.People) -> None:
    draft = StageDraft(
        StageKind.CUSTOM, "Winter", starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 1)
    )
    with (
        pytest.raises(Invalid) as caught,
        transaction.writing(engines, actor_id=None) as session,
    ):
        initiatives.add_stage(session, people.alice, people.initiative_id, draft)
    assert [(each.code, each.field) for each in caught.value.problems] == [
        ("ends_before_start", "ends_on")
    ]


def test_stages_move_one_place_and_stop_at_the_ends(
    engines: Engines, people: builders.People
) -> None:
    with transaction.writing(engines, actor_id=None) as session:
        ids = [builders.stage(session, people.initiative_id, position=n) for n in range(3)]
        initiatives.move_stage(session, people.alice, ids[2], -1)
        initiatives.move_stage(session, people.alice, ids[0], -1)
    with transaction.reading(engines) as session:
        order = [each.id for each in reading.stages(session, people.alice, people.initiative_id)]
    assert order == [ids[0], ids[2], ids[1]]


def test_a_stage_with_a_convening_stays(engines: Engines, people: builders.People) -> None:
    with transaction.writing(engines, actor_id=None) as session:
        stage_id = builders.stage(session, people.initiative_id)
        builders.convening(session, stage_id)
        with pytest.raises(ConveningError, match="stage_in_use"):
            initiatives.delete_stage(session, people.alice, stage_id)


def test_where_an_initiative_stands_is_told_with_as_many_statements_for_three_as_for_one(
    engines: Engines, people: builders.People
) -> None:
    counts = []
    for more in (0, 2):
        with transaction.writing(engines, actor_id=None) as session:
            for number in range(more):
                builders.initiative(session, f"More {number}", manager=people.alice.user_id)
            stage_id = builders.stage(session, people.initiative_id)
            builders.convening(session, stage_id, state=ConveningState.HELD)
        with transaction.reading(engines) as session:
            alice = accounts.actor(session, people.alice.user_id)
            with statements.seen(engines.read) as counted:
                found = reading.overview(session, alice)
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert [len(each.stages) for each in found] == [0, 0, 2]
    assert [each.held for each in found[2].stages] == [1, 1]


def test_a_deleted_initiative_comes_back_whole(engines: Engines, people: builders.People) -> None:
    with transaction.writing(engines, actor_id=None) as session:
        stage_id = builders.stage(session, people.initiative_id)
        convening_id = builders.convening(session, stage_id)
        first = builders.person(session, people.initiative_id, "Hanan", Group.STEWARD)
        builders.invitation(session, convening_id, first)
    alice = people.alice
    with transaction.writing(
        engines, actor_id=alice.user_id, command="delete_initiative"
    ) as session:
        initiatives.delete_initiative(session, alice, people.initiative_id)
    with transaction.reading(engines) as session:
        assert session.exec(select(community.Stakeholder)).all() == []
        alice = accounts.actor(session, alice.user_id)
        (one,) = deleted.deleted(session, alice)
        assert (one.subject, one.name, one.by) == ("initiative", "Renewal", "Alice")
        charlie = accounts.actor(session, people.charlie.user_id)
        assert deleted.deleted(session, charlie) == []
    with transaction.writing(engines, actor_id=alice.user_id, command="restore") as session:
        with pytest.raises(NotFound):
            trash.restore(session, charlie, one.change_id)
        trash.restore(session, alice, one.change_id)
    with transaction.reading(engines) as session:
        alice = accounts.actor(session, alice.user_id)
        assert alice.teams == {people.initiative_id: True}
        names = session.exec(select(col(community.Stakeholder.name))).all()
        invited = session.exec(select(col(work.Invitation.stakeholder_id))).all()
        assert (names, invited) == (["Hanan"], [first])
        assert deleted.deleted(session, alice) == []


def test_a_deletion_is_forgotten_after_thirty_days(
    engines: Engines, people: builders.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = people.alice
    with transaction.writing(
        engines, actor_id=alice.user_id, command="delete_initiative"
    ) as session:
        initiatives.delete_initiative(session, alice, people.initiative_id)
    later = base.now() + timedelta(days=31)
    for module in (trash, deleted):
        monkeypatch.setattr(module, "now", lambda: later)
    with transaction.reading(engines) as session:
        assert deleted.deleted(session, alice) == []
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        trash.forget_old(session)
    with transaction.reading(engines) as session:
        assert (session.exec(select(Change)).all(), session.exec(select(RowImage)).all()) == (
            [],
            [],
        )
