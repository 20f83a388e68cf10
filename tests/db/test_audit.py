"""The audit log can be read and not quietly changed."""

import ast
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

import db.commands
from convening.i18n import Translator
from convening.problems import ConveningError, Forbidden
from convening.roles import Actor
from convening.vocabulary import Language, Role
from db import audit, transaction
from db.engine import Engines
from db.queries import accounts
from db.queries import audit as log
from db.queries.audit import Wanted
from db.tables.accounts import AuditEvent
from tests import builders, statements

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    return lambda at: monkeypatch.setattr(audit, "now", lambda: at)


@pytest.fixture
def ada(session: Session) -> Actor:
    return accounts.actor(session, builders.user(session, "Ada", Role.ADMINISTRATOR))


def three(session: Session) -> None:
    audit.record(session, 1, "invite", subject="stakeholder", subject_id=7, initiative_id=3)
    audit.record(session, 2, "sign_in")
    audit.record(session, None, "login_locked", subject="user", subject_id=1, count=5)


def rows(session: Session) -> list[AuditEvent]:
    return list(session.exec(select(AuditEvent).order_by(col(AuditEvent.id))))


def test_each_event_carries_the_hash_before_it(session: Session) -> None:
    three(session)
    first, second, third = rows(session)
    assert (first.previous_hash, second.previous_hash, third.previous_hash) == (
        "0" * 64,
        first.hash,
        second.hash,
    )
    assert len({first.hash, second.hash, third.hash}) == 3
    assert audit.first_broken(session) is None


def test_an_empty_log_is_whole(session: Session) -> None:
    assert audit.first_broken(session) is None


@pytest.mark.parametrize(
    "forged",
    [
        {"action": "sign_out"},
        {"actor_id": 1},
        {"actor_id": None},
        {"created_at": MONDAY},
        {"subject": "user"},
        {"subject_id": 9},
        {"initiative_id": 3},
        {"details": {"count": 1}},
        {"previous_hash": "0" * 64},
        {"hash": "f" * 64},
    ],
    ids=lambda forged: next(iter(forged)),
)
def test_a_changed_event_is_found(session: Session, forged: dict[str, Any]) -> None:
    three(session)
    second = rows(session)[1].id
    session.execute(update(AuditEvent).where(col(AuditEvent.id) == second).values(**forged))
    session.expire_all()
    assert audit.first_broken(session) == second


def test_a_removed_event_shows_at_the_one_after_it(session: Session) -> None:
    three(session)
    _, second, third = (row.id for row in rows(session))
    session.execute(delete(AuditEvent).where(col(AuditEvent.id) == second))
    session.expire_all()
    assert audit.first_broken(session) == third


def test_two_events_that_changed_places_are_found(session: Session) -> None:
    three(session)
    first, second, _ = rows(session)
    one, two = ({**row.model_dump(exclude={"id"})} for row in (first, second))
    one["hash"], two["hash"] = "1" * 64, "2" * 64
    swapped = ((first.key, two), (second.key, one))
    for row_id, values in swapped:
        session.execute(update(AuditEvent).where(col(AuditEvent.id) == row_id).values(**values))
    session.expire_all()
    assert audit.first_broken(session) == first.key


def test_a_forger_who_mends_one_hash_breaks_the_next(session: Session) -> None:
    three(session)
    _, second, third = rows(session)
    second.action = "sign_out"
    second.hash = audit._hash(second)
    session.add(second)
    session.flush()
    session.expire_all()
    assert audit.first_broken(session) == third.id


def test_the_chain_holds_after_it_was_stored(engines: Engines) -> None:
    """Times and details hash alike before and after the database had them."""
    with transaction.writing(engines, actor_id=None) as session:
        audit.record(session, None, "ž العربية", a=1.5, b=None, c=[1, "ث"], d={"x": True})
    with transaction.reading(engines) as session:
        assert audit.first_broken(session) is None


def test_writers_at_the_same_time_make_one_chain(engines: Engines) -> None:
    together = threading.Barrier(4)

    def write() -> None:
        together.wait()
        for _ in range(5):
            with transaction.writing(engines, actor_id=None) as session:
                audit.record(session, None, "sign_in")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transaction.reading(engines) as session:
        assert len(rows(session)) == 20
        assert audit.first_broken(session) is None


def test_a_refused_command_leaves_no_event(engines: Engines) -> None:
    def refused() -> None:
        with transaction.writing(engines, actor_id=None) as session:
            audit.record(session, None, "sign_in")
            raise ConveningError("refused")

    with pytest.raises(ConveningError):
        refused()
    with transaction.reading(engines) as session:
        assert rows(session) == []


class TestReading:
    def test_newest_first_in_pages(self, session: Session, ada: Actor) -> None:
        for number in range(5):
            audit.record(session, ada.user_id, f"step_{number}")
        first = log.events(session, ada, Wanted(), limit=2)
        third = log.events(session, ada, Wanted(), offset=4, limit=2)
        assert [each.action for each in first] == ["step_4", "step_3"]
        assert [each.action for each in third] == ["step_0"]
        assert log.count(session, ada, Wanted()) == 5

    def test_filters_by_action_actor_and_time(
        self, session: Session, ada: Actor, clock: Callable[[datetime], None]
    ) -> None:
        bob = builders.user(session, "Bob", Role.MEMBER)
        for hours, (actor_id, action) in enumerate(
            [(ada.user_id, "sign_in"), (bob, "sign_in"), (bob, "sign_out"), (None, "samples")]
        ):
            clock(MONDAY + timedelta(hours=hours))
            audit.record(session, actor_id, action)

        def found(wanted: Wanted) -> list[tuple[str, str]]:
            listed = [(each.actor, each.action) for each in log.events(session, ada, wanted)]
            assert log.count(session, ada, wanted) == len(listed)
            return listed

        assert found(Wanted(action="sign_in")) == [("Bob", "sign_in"), ("Ada", "sign_in")]
        assert found(Wanted(actor_id=bob)) == [("Bob", "sign_out"), ("Bob", "sign_in")]
        hour = timedelta(hours=1)
        assert found(Wanted(since=MONDAY + hour, until=MONDAY + 2 * hour)) == [("Bob", "sign_in")]
        assert found(Wanted(since=MONDAY + 3 * hour)) == [("", "samples")]
        assert log.actions(session, ada) == ["samples", "sign_in", "sign_out"]
        assert log.actors(session, ada) == [(ada.user_id, "Ada"), (bob, "Bob")]

    def test_names_are_those_of_now_and_stand_in_no_row(self, session: Session, ada: Actor) -> None:
        people = builders.people(session)
        audit.record(
            session, ada.user_id, "edit_user", subject="user", subject_id=people.bob.user_id
        )
        entry = log.events(session, ada, Wanted())[0]
        assert (entry.actor, entry.subject_name) == ("Ada", "Bob")
        assert "Bob" not in str(rows(session)[0].model_dump())

    def test_an_initiative_is_named_to_its_team_alone(self, session: Session, ada: Actor) -> None:
        people = builders.people(session, name="Qantara")
        for initiative_id in (people.initiative_id, people.foreign_id):
            audit.record(
                session,
                people.alice.user_id,
                "edit_initiative",
                subject="initiative",
                subject_id=initiative_id,
                initiative_id=initiative_id,
            )
        on_team = Actor(ada.user_id, ada.roles, {people.initiative_id: False})
        for viewer, names in ((ada, ["", ""]), (on_team, ["", "Qantara"])):
            listed = log.events(session, viewer, Wanted())
            assert [each.initiative for each in listed] == names
            assert [each.subject_name for each in listed] == names

    def test_the_same_number_of_statements_for_many_as_for_few(
        self, session: Session, ada: Actor
    ) -> None:
        audit.record(session, ada.user_id, "sign_in")
        few = statements.count(session, log.events, ada, Wanted())
        for number in range(30):
            user_id = builders.user(session, f"User {number}", Role.MEMBER)
            audit.record(session, user_id, "sign_in", subject="user", subject_id=user_id)
        assert statements.count(session, log.events, ada, Wanted()) == few

    def test_the_chain_is_told_with_its_seal(self, session: Session, ada: Actor) -> None:
        empty = log.chain(session, ada)
        assert (empty.events, empty.first_broken, empty.seal) == (0, None, "")
        three(session)
        first, _, third = rows(session)
        whole = log.chain(session, ada)
        assert (whole.events, whole.first_broken, whole.seal) == (3, None, third.hash)
        session.execute(
            update(AuditEvent).where(col(AuditEvent.id) == first.id).values(action="forged")
        )
        session.expire_all()
        assert log.chain(session, ada).first_broken == first.id
        assert log.last_id(session, ada) == third.id

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
    def test_nobody_else_reads_it(self, session: Session, role: Role) -> None:
        three(session)
        other = accounts.actor(session, builders.user(session, "Other", role))
        calls: list[Callable[[], Any]] = [
            lambda: log.events(session, other, Wanted()),
            lambda: log.count(session, other, Wanted()),
            lambda: log.actions(session, other),
            lambda: log.actors(session, other),
            lambda: log.last_id(session, other),
            lambda: log.chain(session, other),
        ]
        for call in calls:
            with pytest.raises(Forbidden):
                call()


RECORDING = {"record", "_record", "noted", "_noted", "_in_bulk", "_move"}
NO_ACTIONS = {"initiative", "stage", "convening", "stakeholder", "user", "login_session"}


@pytest.mark.parametrize("language", list(Language))
def test_every_action_that_commands_record_has_its_words(language: Language) -> None:
    t = Translator(language)
    recorded = {
        argument.value
        for path in sorted(Path(db.commands.__path__[0]).glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in RECORDING
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    } - NO_ACTIONS
    assert {"sign_in", "invite_user", "place_people", "move_block"} <= recorded
    assert [code for code in sorted(recorded) if not t.has(f"audit_action.{code}")] == []
