"""A backup holds everything, and a restore gives exactly that back, in either database."""

import hashlib
import io
import json
import os
import stat
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import MetaData, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from convening.problems import ConveningError
from convening.vocabulary import Group, InvitationStatus, Language, Role
from db import archive, audit, backup, migrate, rows, transaction
from db.base import Table
from db.commands import community, samples, trash
from db.engine import Engines, connect
from db.queries import accounts
from db.queries import trash as deleted
from db.tables.accounts import AuditEvent, User
from db.tables.community import Stakeholder
from tests import builders
from tests.db.installations import BOTH, Installed

PEOPLE = 1200  # more than are read or inserted at once


def fill(engines: Engines) -> int:
    """The samples, many people, a deletion and an audit log; returns the user's id."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        user_id = builders.user(session, "Alice", *Role)
        session.get_one(User, user_id).language = Language.ARABIC
        own = builders.initiative(session, "Many", manager=user_id)
        session.add_all(
            Stakeholder(initiative_id=own, name=f"Person {n}", folded=f"person {n}")
            for n in range(PEOPLE)
        )
    with transaction.writing(engines, actor_id=user_id, command="load_samples") as session:
        samples.load(session, accounts.actor(session, user_id))
    with transaction.writing(engines, actor_id=user_id, command="delete_stakeholders") as session:
        actor = accounts.actor(session, user_id)
        last = session.exec(select(Stakeholder.id).where(Stakeholder.name == "Person 1199")).one()
        community.delete_stakeholders(session, actor, own, [last or 0])
    return user_id


def count(engines: Engines, name: str) -> int:
    table = Table.metadata.tables[name]
    with engines.read.connect() as connection:
        return len(connection.execute(table.select()).all())


@pytest.mark.parametrize(("source", "target"), list(product(BOTH, BOTH)))
def test_a_restore_gives_every_row_back(
    installed: Installed, tmp_path: Path, source: str, target: str
) -> None:
    first, second = installed(source), installed(target)
    fill(first)
    before = backup.row_hashes(first)
    made = backup.write(first, tmp_path / "all.halqa.zip")
    assert made.hashes == before
    assert backup.restore(second, tmp_path / "all.halqa.zip") == made
    assert backup.row_hashes(second) == before
    assert set(before) == set(Table.metadata.tables)
    assert count(second, "stakeholder") > PEOPLE
    with Session(second.read) as session:
        assert audit.first_broken(session) is None


def test_a_restore_replaces_what_is_there(installation: Engines, tmp_path: Path) -> None:
    user_id = fill(installation)
    before = backup.row_hashes(installation)
    backup.write(installation, tmp_path / "all.halqa.zip")
    with transaction.writing(installation, actor_id=user_id, command="x") as session:
        builders.initiative(session, "Later", manager=user_id)
        audit.record(session, user_id, "create_initiative")
    assert backup.row_hashes(installation) != before
    backup.restore(installation, tmp_path / "all.halqa.zip")
    assert backup.row_hashes(installation) == before


def test_ids_go_on_where_they_stood(installation: Engines, tmp_path: Path) -> None:
    """The person who came last is deleted: nobody else gets that id."""
    user_id = fill(installation)
    with installation.write.begin() as connection:
        highest = connection.execute(text("SELECT max(id) FROM stakeholder")).scalar_one()
        connection.execute(text("DELETE FROM stakeholder WHERE id = :id"), {"id": highest})
    backup.write(installation, tmp_path / "all.halqa.zip")
    backup.restore(installation, tmp_path / "all.halqa.zip")
    with transaction.writing(installation, actor_id=user_id, command="x") as session:
        own = builders.initiative(session, "Later", manager=user_id)
        next_id = builders.person(session, own, "Next")
    assert next_id > highest


def test_the_audit_log_still_takes_no_change(installation: Engines, tmp_path: Path) -> None:
    fill(installation)
    backup.write(installation, tmp_path / "all.halqa.zip")
    backup.restore(installation, tmp_path / "all.halqa.zip")
    for statement in ("UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event"):
        with (
            installation.write.connect() as connection,
            pytest.raises(DBAPIError, match="append-only"),
        ):
            connection.execute(text(statement))


def test_a_deletion_can_still_be_taken_back(installation: Engines, tmp_path: Path) -> None:
    user_id = fill(installation)
    backup.write(installation, tmp_path / "all.halqa.zip")
    backup.restore(installation, tmp_path / "all.halqa.zip")
    with transaction.writing(installation, actor_id=user_id, command="restore") as session:
        actor = accounts.actor(session, user_id)
        found = deleted.deleted(session, actor)
        assert [each.name for each in found] == ["Person 1199"]
        trash.restore(session, actor, found[0].change_id)
    assert count(installation, "stakeholder") >= PEOPLE


@pytest.fixture
def written(installed: Installed, tmp_path: Path) -> Path:
    """A backup of an installation with data in it."""
    engines = installed("sqlite")
    fill(engines)
    backup.write(engines, tmp_path / "good.halqa.zip")
    return tmp_path / "good.halqa.zip"


def altered(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The same backup with other contents, in a ZIP that is sound by itself."""
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    change(members)
    out = path.with_name("altered.halqa.zip")
    with zipfile.ZipFile(out, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    return out


def manifest(members: dict[str, bytes], **changed: object) -> None:
    content = json.loads(members["manifest.json"])
    members["manifest.json"] = json.dumps({**content, **changed}).encode()


def break_reference(members: dict[str, bytes]) -> None:
    """Sound by its hashes, and with an invitation to a convening that is not there."""
    lines = [json.loads(line) for line in members["invitation.jsonl"].splitlines()]
    lines[0]["convening_id"] = 999_999
    data = b"".join(rows.line(each) for each in lines)
    members["invitation.jsonl"] = data
    content = json.loads(members["manifest.json"])
    content["tables"]["invitation"]["sha256"] = hashlib.sha256(data).hexdigest()
    members["manifest.json"] = json.dumps(content).encode()


def drop_line(members: dict[str, bytes]) -> None:
    members["user.jsonl"] = b""


def change_letter(members: dict[str, bytes]) -> None:
    members["stakeholder.jsonl"] = members["stakeholder.jsonl"].replace(b"Person 7", b"Persom 7")


def drop_table(members: dict[str, bytes]) -> None:
    del members["stakeholder.jsonl"]


def drop_manifest(members: dict[str, bytes]) -> None:
    del members["manifest.json"]


ALTERED: list[tuple[Callable[[dict[str, bytes]], None], str]] = [
    (drop_line, "backup_damaged"),
    (change_letter, "backup_damaged"),
    (drop_table, "backup_damaged"),
    (break_reference, "backup_damaged"),
    (lambda members: manifest(members, schema="9999"), "backup_too_new"),
    (lambda members: manifest(members, format_version=2), "backup_too_new"),
    (lambda members: manifest(members, format="something"), "backup_not_ours"),
    (lambda members: manifest(members, tables={"user": {}}), "backup_damaged"),
    (lambda members: manifest(members, made_at="yesterday"), "backup_damaged"),
    (drop_manifest, "backup_not_ours"),
]


@pytest.mark.parametrize(("change", "code"), ALTERED)
def test_a_file_that_is_not_whole_changes_nothing(
    installation: Engines,
    written: Path,
    change: Callable[[dict[str, bytes]], None],
    code: str,
) -> None:
    with transaction.writing(installation, actor_id=None, journalled=False) as session:
        builders.people(session)
    before = backup.row_hashes(installation)
    with pytest.raises(ConveningError) as caught:
        backup.restore(installation, altered(written, change))
    assert caught.value.code == code
    assert backup.row_hashes(installation) == before
    assert migrate.is_current(installation.read)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_refused(
    installed: Installed, written: Path, share: float
) -> None:
    data = written.read_bytes()
    engines = installed("sqlite")
    before = backup.row_hashes(engines)
    with pytest.raises(ConveningError) as caught:
        backup.restore(engines, io.BytesIO(data[: int(len(data) * share)]))
    assert caught.value.code == "backup_damaged"
    assert backup.row_hashes(engines) == before


def test_a_changed_byte_anywhere_is_noticed_or_harmless(written: Path) -> None:
    """A few bytes of a ZIP say nothing, such as the time of a member: then the rows are whole."""
    data = written.read_bytes()
    whole = backup.inspected(io.BytesIO(data)).hashes
    for position in range(0, len(data), max(1, len(data) // 60)):
        changed = bytearray(data)
        changed[position] ^= 0x55
        with suppress(ConveningError):
            assert backup.inspected(io.BytesIO(bytes(changed))).hashes == whole


@pytest.mark.parametrize("held", [io.BytesIO, Path])
def test_places_and_lengths_that_are_nonsense_are_damage(
    written: Path, held: type[io.BytesIO | Path]
) -> None:
    """The end of a ZIP says where its members are: a byte there sends the reader anywhere."""
    data = written.read_bytes()
    table = data.index(b"PK\x01\x02")  # the first entry of the list of members
    for position in [*range(table, table + 46), *range(len(data) - 22, len(data))]:
        for mask in (0x55, 0x80, 0xFF):
            changed = bytearray(data)
            changed[position] ^= mask
            written.write_bytes(changed)
            with suppress(ConveningError):
                backup.inspected(written if held is Path else io.BytesIO(bytes(changed)))


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7 ..."])
def test_another_file_is_told_from_a_damaged_one(content: bytes) -> None:
    with pytest.raises(ConveningError) as caught:
        backup.inspected(io.BytesIO(content))
    assert caught.value.code == "backup_not_ours"


def test_a_database_that_is_behind_is_not_backed_up(tmp_path: Path) -> None:
    engines = connect(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    with migrate.changing(engines.write) as connection:
        migrate.bring_to(connection, "0002")
    with pytest.raises(ConveningError) as caught:
        backup.write(engines, tmp_path / "x.halqa.zip")
    assert caught.value.code == "backup_needs_upgrade"
    assert not (tmp_path / "x.halqa.zip").exists()
    engines.dispose()


@pytest.mark.parametrize("target", BOTH)
def test_a_backup_of_older_tables_is_brought_up(
    installed: Installed, tmp_path: Path, target: str
) -> None:
    """Written as the first release would have: without the columns and tables that came later."""
    old = _first_release(tmp_path)
    engines = installed(target)
    backup.restore(engines, old)
    assert migrate.is_current(engines.read)
    with Session(engines.read) as session:
        person = session.exec(select(Stakeholder)).one()
        assert (person.name, person.language, person.groups_confirmed_at) == (
            "Old Person",
            "",
            None,
        )
        assert audit.first_broken(session) is None
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        assert builders.person(session, person.initiative_id, "New Person") > person.key


def _first_release(folder: Path) -> Path:
    engines = connect(f"sqlite:///{folder / 'old.sqlite3'}")
    with migrate.changing(engines.write) as connection:
        migrate.bring_to(connection, "0002")
    with engines.write.begin() as connection:
        stamp = "2026-01-01 10:00:00.000000"
        connection.execute(
            text(
                "INSERT INTO initiative (id, created_at, version, name, issue, place, sample)"
                " VALUES (1, :at, 1, 'Old', '', '', 0)"
            ),
            {"at": stamp},
        )
        connection.execute(
            text(
                "INSERT INTO stakeholder (id, created_at, version, initiative_id, name, folded,"
                " place, email, phone, attributes, relationship, money, minor, consent, note)"
                " VALUES (7, :at, 1, 1, 'Old Person', 'old person', '', '', '', '{}', 'none',"
                " 'none', 0, 'unknown', '')"
            ),
            {"at": stamp},
        )
    metadata = MetaData()
    path = folder / "old.halqa.zip"
    with engines.read.connect() as connection:
        metadata.reflect(connection)
        now = Table.metadata.tables
        with archive.created(path, "0002", datetime(2026, 1, 1, tzinfo=UTC)) as file:
            for name, each in metadata.tables.items():
                if name == "alembic_version":
                    continue
                kinds = {c: k for c, k in rows.kinds(now[name]).items() if c in each.columns}
                file.table(name, kinds, 0, rows.lines(connection, each, kinds))
            file.finish()
    engines.dispose()
    return path


def test_the_file_is_for_its_owner_alone_and_whole_or_not_there(
    installed: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines = installed("sqlite")
    fill(engines)
    folder = tmp_path / "kept"
    os.umask(0o022)
    backup.write(engines, folder / "a.halqa.zip")
    assert stat.S_IMODE((folder / "a.halqa.zip").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def fail(*_args: object) -> None:
        raise OSError("no space left")

    first = (folder / "a.halqa.zip").read_bytes()
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="no space"):
        backup.write(engines, folder / "a.halqa.zip")
    assert [each.name for each in folder.iterdir()] == ["a.halqa.zip"]
    assert (folder / "a.halqa.zip").read_bytes() == first


def test_it_shows_one_moment(installation: Engines, tmp_path: Path) -> None:
    """A person with an invitation added while the tables are read is in none of them."""
    with transaction.writing(installation, actor_id=None, journalled=False) as session:
        found = builders.people(session)
        stage = builders.stage(session, found.initiative_id)
        meeting = builders.convening(session, stage)
        builders.person(session, found.initiative_id, "There", Group.STEWARD)
    before = backup.row_hashes(installation)
    added: list[int] = []

    def add(*_args: object) -> None:
        if added:
            return
        added.append(0)
        with transaction.writing(installation, actor_id=None, journalled=False) as session:
            person = builders.person(session, found.initiative_id, "Late", Group.STEWARD)
            builders.invitation(session, meeting, person, InvitationStatus.INVITED)

    progress = lambda done, _all: add() if done == 1 else None  # noqa: E731
    made = backup.write(installation, tmp_path / "a.halqa.zip", progress)
    assert added == [0]
    assert made.hashes == before
    assert backup.row_hashes(installation) != before


def test_what_concludes_a_restore_is_part_of_it(installation: Engines, tmp_path: Path) -> None:
    fill(installation)
    backup.write(installation, tmp_path / "a.halqa.zip")
    with transaction.writing(installation, actor_id=None, journalled=False) as session:
        audit.record(session, None, "later")
    before = backup.row_hashes(installation)

    def refuse(session: Session, end: backup.LogEnd | None) -> None:
        assert end is not None
        audit.record(session, None, "restore_backup", event=end.event)
        raise ConveningError("forbidden", action="x")

    with pytest.raises(ConveningError):
        backup.restore(installation, tmp_path / "a.halqa.zip", conclude=refuse)
    assert backup.row_hashes(installation) == before

    def note(session: Session, end: backup.LogEnd | None) -> None:
        assert end is not None
        audit.record(session, None, "restore_backup", event=end.event)

    backup.restore(installation, tmp_path / "a.halqa.zip", conclude=note)
    with Session(installation.read) as session:
        actions = session.exec(select(AuditEvent.action).order_by(AuditEvent.id)).all()  # type: ignore[arg-type]
        assert audit.first_broken(session) is None
    assert actions[-1] == "restore_backup"
    assert "later" not in actions


def test_memory_does_not_grow_with_the_rows(installed: Installed) -> None:
    """Forty megabytes of rows pass through less than half of that."""
    engines = installed("sqlite")
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        own = builders.initiative(session, "Many", manager=builders.user(session, "Alice"))
        session.add_all(
            Stakeholder(initiative_id=own, name=f"P {n}", folded=f"p {n}", note=f"{n:08000}")
            for n in range(5000)
        )
    table = Table.metadata.tables["stakeholder"]
    tracemalloc.start()
    try:
        with engines.read.connect() as connection:
            size = sum(len(line) for line in rows.lines(connection, table, rows.kinds(table)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size > 40_000_000
    assert peak < size / 2
