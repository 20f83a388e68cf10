"""Talks before a convening: planned by those who invite, ticked off by those who facilitate."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, select

from convening.problems import ConveningError, Forbidden, NotFound
from convening.visits import VisitDraft
from convening.vocabulary import ConveningState
from db.commands import visits
from db.queries import visits as reading
from db.tables import work
from db.tables.accounts import AuditEvent
from tests import builders


@pytest.fixture
def team(session: Session) -> builders.People:
    return builders.people(session)


@pytest.fixture
def noor(session: Session, team: builders.People) -> int:
    """Noor's invitation to a convening on 2 March."""
    room = builders.convening(session, builders.stage(session, team.initiative_id))
    person = builders.person(session, team.initiative_id, "Noor")
    return builders.invitation(session, room, person)


def codes(call: Callable[..., Any], *args: Any, **kwargs: Any) -> list[tuple[str, str | None]]:
    with pytest.raises(ConveningError) as caught:
        call(*args, **kwargs)
    return [(each.code, each.field) for each in caught.value.problems]


def test_a_talk_is_planned_and_listed_those_held_last(
    session: Session, team: builders.People, noor: int
) -> None:
    undated = visits.plan_visit(session, team.alice, VisitDraft(noor, "Amal"))
    dated = visits.plan_visit(
        session, team.alice, VisitDraft(noor, " Bob ", date(2026, 3, 1), "The rent")
    )
    held = visits.plan_visit(session, team.alice, VisitDraft(noor, "Amal"))
    visits.tick_visit(session, team.bob, held, done=True, note="She fears for the flat", version=1)
    found = reading.listing(session, team.bob, 1)
    assert [each.id for each in found] == [dated, undated, held]
    assert (found[0].name, found[0].visitor, found[0].planned_on) == (
        "Noor",
        "Bob",
        date(2026, 3, 1),
    )
    assert found[2].done_at is not None
    assert found[2].note == "She fears for the flat"


def test_a_plan_without_a_visitor_or_after_the_day_is_refused(
    session: Session, team: builders.People, noor: int
) -> None:
    assert codes(visits.plan_visit, session, team.alice, VisitDraft(noor)) == [
        ("required", "visitor")
    ]
    late = VisitDraft(noor, "Amal", date(2026, 3, 3))
    assert codes(visits.plan_visit, session, team.alice, late) == [
        ("visit_after_convening", "planned_on")
    ]


def test_a_second_editor_is_noticed_and_a_tick_can_be_taken_back(
    session: Session, team: builders.People, noor: int
) -> None:
    visit = visits.plan_visit(session, team.alice, VisitDraft(noor, "Amal"))
    visits.tick_visit(session, team.bob, visit, done=True, version=1)
    stale = VisitDraft(noor, "Bob", id=visit, version=1)
    assert codes(visits.edit_visit, session, team.alice, stale) == [("changed_meanwhile", None)]
    visits.tick_visit(session, team.bob, visit, done=False, version=2)
    (found,) = reading.listing(session, team.alice, 1)
    assert (found.done_at, found.visitor, found.version) == (None, "Amal", 3)


def test_planning_is_for_those_who_invite_and_ticking_for_the_team(
    session: Session, team: builders.People, noor: int
) -> None:
    visit = visits.plan_visit(session, team.alice, VisitDraft(noor, "Amal"))
    draft = VisitDraft(noor, "Bob", id=visit, version=1)
    attempts: list[tuple[Callable[..., int], VisitDraft | int]] = [
        (visits.plan_visit, draft),
        (visits.edit_visit, draft),
        (visits.remove_visit, visit),
    ]
    for call, argument in attempts:
        with pytest.raises(Forbidden):
            call(session, team.bob, argument)
        with pytest.raises(NotFound):
            call(session, team.charlie, argument)
    with pytest.raises(NotFound):
        visits.tick_visit(session, team.dana, visit, done=True)
    with pytest.raises(NotFound):
        reading.listing(session, team.charlie, 1)


def test_a_foreign_talk_answers_as_a_missing_one(
    session: Session, team: builders.People, noor: int
) -> None:
    visit = visits.plan_visit(session, team.alice, VisitDraft(noor, "Amal"))
    told = []
    for wanted in (visit, 999):
        with pytest.raises(NotFound) as caught:
            visits.remove_visit(session, team.charlie, wanted)
        told.append(dict(caught.value.params))
    assert told == [{"what": "visit"}, {"what": "visit"}]


def test_nothing_is_planned_for_a_convening_that_is_over(
    session: Session, team: builders.People, noor: int
) -> None:
    visit = visits.plan_visit(session, team.alice, VisitDraft(noor, "Amal"))
    session.get_one(work.Convening, 1).state = ConveningState.HELD.value
    assert codes(visits.plan_visit, session, team.alice, VisitDraft(noor, "Amal")) == [
        ("convening_is_over", None)
    ]
    visits.tick_visit(session, team.bob, visit, done=True)


def test_a_removed_talk_is_gone_and_the_log_holds_ids_alone(
    session: Session, team: builders.People, noor: int
) -> None:
    visit = visits.plan_visit(session, team.alice, VisitDraft(noor, "Amal"))
    visits.remove_visit(session, team.alice, visit, 1)
    assert session.exec(select(work.PreparationVisit)).all() == []
    events = session.exec(select(AuditEvent)).all()
    assert [(each.action, each.subject_id, each.details) for each in events] == [
        ("plan_visit", visit, {"invitation": noor}),
        ("remove_visit", visit, {"invitation": noor}),
    ]
