"""Whoever is erased is nowhere: in no table, no journal, no file; what counted still counts."""

import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from convening.problems import ConveningError, Forbidden, NotFound
from convening.roles import Actor
from convening.vocabulary import Role
from db import audit, backup, backup_folder, compact, erasure, transaction
from db.base import Table
from db.commands import community, trash, undo
from db.commands import erasure as commands
from db.engine import Engines
from db.queries import balance
from db.queries import trash as deleted
from db.tables.accounts import AuditEvent
from db.tables.community import Nomination, Stakeholder
from db.tables.journal import Change, RowImage
from db.tables.work import Convening, Invitation
from tests import builders
from tests.db import erased
from tests.db.erased import NAME, TRACES, Traces
from tests.db.installations import Installed


def everything(engines: Engines) -> str:
    """Every row of every table as text."""
    found = []
    with engines.read.connect() as connection:
        for table in Table.metadata.sorted_tables:
            names = ", ".join(f'CAST("{each.name}" AS TEXT)' for each in table.columns)
            rows = connection.execute(text(f'SELECT {names} FROM "{table.name}"'))
            found += ["\t".join(map(str, row)) for row in rows]
    return "\n".join(found)


def left_in_text(engines: Engines) -> list[str]:
    whole = everything(engines)
    return [trace for trace in TRACES if trace in whole or json.dumps(trace)[1:-1] in whole]


def left_in_files(folder: Path) -> list[tuple[str, str]]:
    """Which traces stand in which file, within the members of backups too."""
    found = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        pieces = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as file:
                pieces += [file.read(name) for name in file.namelist()]
        for trace in TRACES:
            spelt = {trace.encode(), json.dumps(trace)[1:-1].encode()}
            if any(each in piece for piece in pieces for each in spelt):
                found.append((path.name, trace))
    return found


@pytest.fixture
def traces(installation: Engines) -> Traces:
    return erased.leave(installation)


def erase(engines: Engines, traces: Traces, folder: Path) -> erasure.Erased:
    return erasure.person(engines, traces.alice, folder, traces.person_id, in_texts=True)


def test_every_trace_is_there_before(installation: Engines, traces: Traces) -> None:
    assert traces.person_id
    assert left_in_text(installation) == list(TRACES)


def test_no_row_holds_a_trace_afterwards(
    installation: Engines, traces: Traces, tmp_path: Path
) -> None:
    found = erase(installation, traces, tmp_path / "backups")
    assert (found.people, found.backups, found.settled) == (1, 0, True)
    assert left_in_text(installation) == []


def test_no_byte_of_any_file_holds_a_trace(installed: Installed) -> None:
    """The database, its log, and two backups, one of them from before the person was edited."""
    engines = installed("sqlite")
    folder = Path(str(engines.read.url.database)).parent
    traces = erased.leave(engines)
    for _ in range(2):
        backup_folder.add(engines, folder / "backups", keep=9)
    names = {name for name, _ in left_in_files(folder)}
    assert len([name for name in names if name.endswith(".zip")]) == 2
    assert any(name.startswith("halqa.sqlite3") for name in names)
    found = erase(engines, traces, folder / "backups")
    assert (found.backups, found.settled) == (2, True)
    assert left_in_files(folder) == []
    assert not compact.is_due(engines)


def test_rewritten_backups_can_be_restored(
    installation: Engines, traces: Traces, tmp_path: Path
) -> None:
    backup_folder.add(installation, tmp_path, keep=9)
    erase(installation, traces, tmp_path)
    kept = backup_folder.listing(installation, tmp_path)
    assert len(kept) == 1
    backup.restore(installation, tmp_path / kept[0].name)
    assert left_in_text(installation) == []
    with Session(installation.read) as session:
        assert audit.first_broken(session) is None
        assert len(session.exec(select(Stakeholder)).all()) == erased.OTHERS + 1
        assert numbers(session, traces) == EXPECTED
    with transaction.writing(installation, actor_id=traces.alice.user_id, command="x") as session:
        builders.person(session, traces.initiative_id, "New")


EXPECTED = {1: {"invited": 2, "in_the_room": 2}, 2: {"invited": 2, "in_the_room": 0}}


def numbers(session: Session, traces: Traces) -> dict[int, dict[str, int]]:
    """Distinct people by stage and step."""
    found = balance.funnel_masks(session, traces.initiative_id)
    out: dict[int, dict[str, int]] = {1: {"invited": 0, "in_the_room": 0}}
    out[2] = {"invited": 0, "in_the_room": 0}
    for (stage, step), people in found.items():
        if step.value in out[1]:
            out[1 if stage == traces.stage_id else 2][step.value] += sum(people.values())
    return out


def test_history_counts_as_before(installation: Engines, traces: Traces, tmp_path: Path) -> None:
    """The funnel, the rooms and the map keep their numbers for everything that was held."""
    with Session(installation.read) as session:
        before = numbers(session, traces)
        rooms = balance.room_masks(session, traces.initiative_id)
        whole = balance.whole(session, traces.alice, traces.initiative_id)
    assert before == EXPECTED
    erase(installation, traces, tmp_path)
    with Session(installation.read) as session:
        assert numbers(session, traces) == EXPECTED
        after = balance.room_masks(session, traces.initiative_id)
        assert {each: after.get(each) for each in traces.held_ids} == {
            each: rooms.get(each) for each in traces.held_ids
        }
        assert sum(after[traces.open_id].values()) == sum(rooms[traces.open_id].values()) - 1
        assert balance.whole(session, traces.alice, traces.initiative_id).steps == whole.steps


def test_an_invitation_that_was_held_says_nothing_of_the_person(
    installation: Engines, traces: Traces, tmp_path: Path
) -> None:
    erase(installation, traces, tmp_path)
    with Session(installation.read) as session:
        gone = session.exec(
            select(Invitation).where(Invitation.stakeholder_id == None)  # noqa: E711
        ).all()
    assert [each.groups_when_held for each in gone] == [["steward"], ["steward"]]
    assert {(e.barriers, tuple(e.support), e.needs_note, e.declined_because) for e in gone} == {
        ("", (), "", "")
    }
    assert [each.status for each in gone] == ["attended", "declined"]
    assert len({each.counted_as for each in gone}) == 1


def test_what_others_wrote_is_shown_first(installation: Engines, traces: Traces) -> None:
    with Session(installation.read) as session:
        found = commands.mentions(session, traces.alice, traces.person_id)
    assert [(each.table, each.field, each.title) for each in found] == [
        ("convening", "purpose", "Ahead"),
        ("convening", "promise", "Ahead"),
        ("stakeholder", "note", "Friend"),
        ("convening_stake", "who", NAME),
        ("nomination", "reason", "Somebody Else"),
    ]
    assert found[2].excerpt == f"Came with {NAME}, twice."


def test_texts_of_others_can_be_left_as_they_are(
    installation: Engines, traces: Traces, tmp_path: Path
) -> None:
    erasure.person(installation, traces.alice, tmp_path, traces.person_id, in_texts=False)
    with Session(installation.read) as session:
        friend = session.get_one(Stakeholder, traces.friend_id)
        assert friend.note == f"Came with {NAME}, twice."
        assert friend.reached_through_id is None


def test_a_gap_stands_for_the_name_in_the_texts_of_others(
    installation: Engines, traces: Traces, tmp_path: Path
) -> None:
    erase(installation, traces, tmp_path)
    with Session(installation.read) as session:
        assert session.get_one(Stakeholder, traces.friend_id).note == "Came with […], twice."
        meeting = session.get_one(Convening, traces.open_id)
        assert (meeting.purpose, meeting.promise) == ("Listen to […] and all", "[…] gets an answer")
        left = session.exec(select(Nomination.name, Nomination.nominated_by_id)).all()
    assert [tuple(each) for each in left] == [("Somebody Else", None)]


def test_the_journal_takes_back_what_was_not_about_the_person(
    installation: Engines, traces: Traces, tmp_path: Path
) -> None:
    erase(installation, traces, tmp_path)
    with transaction.writing(
        installation, actor_id=traces.alice.user_id, command="undo"
    ) as session:
        last = session.exec(select(Change.id).order_by(Change.id.desc())).first()  # type: ignore[union-attr]
        undo.undo(session, traces.alice, last or 0)
        assert session.get_one(Stakeholder, traces.friend_id).note == "Came with […]."
    with Session(installation.read) as session:
        about = session.exec(
            select(RowImage.id).where(
                RowImage.table_name == "stakeholder", RowImage.row_id == traces.twin_id
            )
        ).all()
        assert len(about) <= 1  # that the row was inserted, which holds nothing


def test_a_deletion_of_several_gives_back_the_others(
    installation: Engines, traces: Traces, tmp_path: Path
) -> None:
    """What was deleted before an erasure can still be put back after it."""
    alice = traces.alice
    with transaction.writing(
        installation, actor_id=alice.user_id, command="delete_stakeholders"
    ) as session:
        ids = session.exec(select(Stakeholder.id).where(Stakeholder.name.like("Other %"))).all()  # type: ignore[attr-defined]
        first = [each or 0 for each in ids[:3]]
        community.delete_stakeholders(session, alice, traces.initiative_id, first)
    erase(installation, traces, tmp_path)
    with transaction.writing(installation, actor_id=alice.user_id, command="restore") as session:
        found = deleted.deleted(session, alice)
        assert len(found) == 1
        trash.restore(session, alice, found[0].change_id)
        again = session.exec(select(Stakeholder.id).where(Stakeholder.name.like("Other %"))).all()  # type: ignore[attr-defined]
    assert len(again) == erased.OTHERS


def test_the_log_holds_the_number_alone(
    installation: Engines, traces: Traces, tmp_path: Path
) -> None:
    erase(installation, traces, tmp_path)
    with Session(installation.read) as session:
        event = session.exec(select(AuditEvent).where(AuditEvent.action == "erase_person")).one()
        assert audit.first_broken(session) is None
    assert (event.subject, event.subject_id, event.details) == (
        "stakeholder",
        traces.person_id,
        {},
    )


def test_a_colleague_who_does_not_manage_and_a_stranger_are_refused(
    installation: Engines, traces: Traces, tmp_path: Path
) -> None:
    own = traces.initiative_id
    colleague = Actor(99, frozenset({Role.ORGANISER}), {own: False})
    stranger = Actor(98, frozenset({Role.ORGANISER}), {own + 1: True})
    for actor, refusal in ((colleague, Forbidden), (stranger, NotFound)):
        with pytest.raises(refusal):
            erasure.person(installation, actor, tmp_path, traces.person_id, in_texts=True)
    assert left_in_text(installation) == list(TRACES)


def test_a_backup_that_cannot_be_read_stops_the_erasure(
    installation: Engines, traces: Traces, tmp_path: Path
) -> None:
    made = backup_folder.add(installation, tmp_path, keep=9)
    whole = (tmp_path / made.name).read_bytes()
    (tmp_path / made.name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ConveningError) as caught:
        erase(installation, traces, tmp_path)
    assert (caught.value.code, caught.value.params) == ("backup_not_rewritten", {"name": made.name})
    assert left_in_text(installation) == list(TRACES)


def test_a_backup_of_another_database_is_left_alone(
    installation: Engines, installed: Installed, traces: Traces, tmp_path: Path
) -> None:
    """Its initiative has the same number, and was made at another moment."""
    other = installed("sqlite")
    erased.leave(other)
    made = backup_folder.add(other, tmp_path, keep=9)
    before = (tmp_path / made.name).read_bytes()
    erase(installation, traces, tmp_path)
    assert (tmp_path / made.name).read_bytes() == before


def test_everybody_of_an_initiative_goes_at_once(
    installation: Engines, traces: Traces, tmp_path: Path
) -> None:
    with transaction.writing(installation, actor_id=None, journalled=False) as session:
        elsewhere = builders.initiative(session, "Elsewhere", manager=traces.alice.user_id)
        builders.person(session, elsewhere, "Stays")
    backup_folder.add(installation, tmp_path, keep=9)
    found = erasure.whole_map(installation, traces.alice, tmp_path, traces.initiative_id)
    assert (found.people, found.backups) == (erased.OTHERS + 2, 1)
    assert left_in_text(installation) == []
    assert "Other 7" not in everything(installation)
    with Session(installation.read) as session:
        assert [each.name for each in session.exec(select(Stakeholder))] == ["Stays"]
        assert numbers(session, traces) == EXPECTED
