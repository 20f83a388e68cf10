"""People are announced, and thirty days later erased, unless the team decides otherwise."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from convening.initiatives import InitiativeDraft
from convening.problems import Invalid
from convening.vocabulary import ConveningState, Group, InvitationStatus
from db import base, housekeeping, transaction
from db.commands import initiatives, retention
from db.engine import Engines
from db.queries import retention as queries
from db.tables.accounts import AuditEvent
from db.tables.community import Stakeholder
from db.tables.work import Initiative, Invitation
from tests import builders
from tests.builders import START, People

DUE = datetime(2026, 5, 2, 12, 0, tzinfo=UTC)  # two months after START, a Monday in March


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    moments = [START]
    for module in (base, retention, queries):
        monkeypatch.setattr(module, "now", lambda: moments[-1])
    return moments


@pytest.fixture
def people(engines: Engines) -> People:
    """Alice's initiative keeps people for two months after its convening, Charlie's for good."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        found = builders.people(session)
        session.get_one(Initiative, found.initiative_id).keep_months = 2
        for own in (found.initiative_id, found.foreign_id):
            stage = builders.stage(session, own)
            meeting = builders.convening(session, stage, state=ConveningState.HELD)
            person = builders.person(session, own, f"Sara {own}", Group.STEWARD)
            builders.person(session, own, f"Omar {own}")
            builders.invitation(
                session,
                meeting,
                person,
                InvitationStatus.ATTENDED,
                groups_when_held=[Group.STEWARD],
            )
        return found


def names(engines: Engines) -> list[str]:
    with Session(engines.read) as session:
        return sorted(session.exec(select(Stakeholder.name)).all())


def test_nobody_is_due_before_the_time_is_over(
    engines: Engines, people: People, clock: list[datetime], tmp_path: Path
) -> None:
    clock.append(DUE - timedelta(days=1))
    assert housekeeping.let_go(engines, tmp_path) == 0
    with Session(engines.read) as session:
        assert queries.due(session, people.alice) == []


def test_notice_comes_first_and_erasure_thirty_days_later(
    engines: Engines, people: People, clock: list[datetime], tmp_path: Path
) -> None:
    clock.append(DUE)
    assert housekeeping.let_go(engines, tmp_path) == 0
    with Session(engines.read) as session:
        (found,) = queries.due(session, people.alice)
        assert queries.due(session, people.charlie) == []
        assert queries.due(session, people.dana) == []
    assert (found.people, found.ended_on, found.due_on) == (2, START.date(), DUE.date())
    assert (found.erased_on, found.may_erase) == ((DUE + timedelta(days=30)).date(), True)
    clock.append(DUE + timedelta(days=29))
    assert housekeeping.let_go(engines, tmp_path) == 0
    assert len(names(engines)) == 4
    clock.append(DUE + timedelta(days=30))
    assert housekeeping.let_go(engines, tmp_path) == 1
    assert names(engines) == [f"Omar {people.foreign_id}", f"Sara {people.foreign_id}"]
    with Session(engines.read) as session:
        events = session.exec(select(AuditEvent).order_by(AuditEvent.id)).all()  # type: ignore[arg-type]
        kept = session.exec(
            select(Invitation.groups_when_held).where(Invitation.stakeholder_id == None)  # noqa: E711
        ).all()
    assert [(each.action, each.actor_id) for each in events] == [
        ("announce_erasure", None),
        ("erase_everybody", None),
    ]
    assert kept == [["steward"]]
    assert housekeeping.let_go(engines, tmp_path) == 0


def test_another_convening_ends_the_notice(
    engines: Engines, people: People, clock: list[datetime], tmp_path: Path
) -> None:
    clock.append(DUE)
    housekeeping.let_go(engines, tmp_path)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        stage = builders.stage(session, people.initiative_id, position=1)
        builders.convening(session, stage, starts_at=DUE + timedelta(days=10))
    clock.append(DUE + timedelta(days=31))
    assert housekeeping.let_go(engines, tmp_path) == 0
    with Session(engines.read) as session:
        row = session.get_one(Initiative, people.initiative_id)
        assert row.erasure_announced_at is None
    assert len(names(engines)) == 4


def test_a_shorter_time_gives_the_whole_notice_too(
    engines: Engines, people: People, clock: list[datetime], tmp_path: Path
) -> None:
    clock.append(DUE + timedelta(days=400))
    with transaction.writing(
        engines, actor_id=people.charlie.user_id, command="edit_initiative"
    ) as session:
        draft = InitiativeDraft("Elsewhere", id=people.foreign_id, version=1, keep_months=1)
        initiatives.edit_initiative(session, people.charlie, draft)
    assert housekeeping.let_go(engines, tmp_path) == 0
    assert len(names(engines)) == 4


def test_a_changed_time_begins_the_notice_anew(
    engines: Engines, people: People, clock: list[datetime], tmp_path: Path
) -> None:
    clock.append(DUE)
    housekeeping.let_go(engines, tmp_path)
    with transaction.writing(
        engines, actor_id=people.alice.user_id, command="edit_initiative"
    ) as session:
        draft = InitiativeDraft("Renewal", id=people.initiative_id, version=1, keep_months=1)
        initiatives.edit_initiative(session, people.alice, draft)
    clock.append(DUE + timedelta(days=30))
    assert housekeeping.let_go(engines, tmp_path) == 0
    clock.append(DUE + timedelta(days=60))
    assert housekeeping.let_go(engines, tmp_path) == 1


def test_a_time_out_of_range_is_refused(session: Session) -> None:
    found = builders.people(session)
    draft = InitiativeDraft("Renewal", id=found.initiative_id, version=1, keep_months=0)
    with pytest.raises(Invalid) as caught:
        initiatives.edit_initiative(session, found.alice, draft)
    assert [each.code for each in caught.value.problems] == ["keep_out_of_range"]
