"""Backup and restore from a terminal."""

import io
import stat
from pathlib import Path

import pytest
from sqlmodel import Session, select

from convening import settings
from convening.vocabulary import Role
from db import backup, migrate, transaction
from db.__main__ import main
from db.engine import Engines, engines_for
from db.tables.accounts import AuditEvent, User
from tests import builders


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engines:
    """A migrated database with Alice in it, which the settings name."""
    url = f"sqlite:///{tmp_path / 'halqa.sqlite3'}"
    monkeypatch.setenv("HALQA_DATABASE_URL", url)
    monkeypatch.setenv("HALQA_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(settings, "current", settings.current.__wrapped__)
    engines = engines_for(url)
    migrate.upgrade(engines.write)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        builders.user(session, "Alice", Role.ADMINISTRATOR)
    return engines


def add(engines: Engines, name: str) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        builders.user(session, name, Role.MEMBER)


def names(engines: Engines) -> list[str]:
    with Session(engines.read) as session:
        return list(session.exec(select(User.name).order_by(User.name)).all())


def actions(engines: Engines) -> list[str]:
    with Session(engines.read) as session:
        return list(session.exec(select(AuditEvent.action).order_by(AuditEvent.id)).all())  # type: ignore[arg-type]


def test_there_and_back(
    installation: Engines, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "out" / "all.halqa.zip"
    assert main(["backup", str(file)]) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "personal data" in capsys.readouterr().out
    before = backup.row_hashes(installation)
    add(installation, "Later")
    assert main(["restore", str(file), "--yes"]) == 0
    assert "row by row" in capsys.readouterr().out
    assert names(installation) == ["Alice"]
    after = backup.row_hashes(installation)
    assert {name for name in before if before[name] != after[name]} == {"audit_event"}
    assert actions(installation) == ["back_up", "restore_backup"]


@pytest.mark.parametrize(("typed", "done"), [("RESTORE", True), ("yes", False), ("", False)])
def test_the_word_has_to_be_typed(
    installation: Engines,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    done: bool,
) -> None:
    main(["backup", str(tmp_path / "a.zip")])
    add(installation, "Later")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _prompt: typed)
    assert main(["restore", str(tmp_path / "a.zip")]) == (0 if done else 1)
    assert names(installation) == (["Alice"] if done else ["Alice", "Later"])


def test_without_a_terminal_nothing_is_restored_unasked(
    installation: Engines,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["backup", str(tmp_path / "a.zip")])
    add(installation, "Later")
    monkeypatch.setattr("sys.stdin", io.StringIO("RESTORE\n"))
    assert main(["restore", str(tmp_path / "a.zip")]) == 1
    assert "--yes" in capsys.readouterr().err
    assert names(installation) == ["Alice", "Later"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "There is no file"),
        (b"hello", "not a backup of this application"),
        (b"PK\x03\x04 and then nothing", "damaged or cut off"),
    ],
)
def test_what_is_wrong_is_said(
    installation: Engines,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes | None,
    said: str,
) -> None:
    if content is not None:
        (tmp_path / "a.zip").write_bytes(content)
    assert main(["restore", str(tmp_path / "a.zip"), "--yes"]) == 1
    assert said in capsys.readouterr().err
    assert names(installation) == ["Alice"]


def test_a_place_that_cannot_be_written_to_is_said(
    installation: Engines, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert installation
    (tmp_path / "file").write_text("in the way")
    assert main(["backup", str(tmp_path / "file" / "a.zip")]) == 1
    assert "could not be written" in capsys.readouterr().err


def test_the_backup_of_the_day_can_be_made_by_cron(
    installation: Engines, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert installation
    assert main(["scheduled-backup"]) == 0
    assert main(["scheduled-backup"]) == 0
    assert len(list((tmp_path / "backups").glob("*.halqa.zip"))) == 1
    assert "already" in capsys.readouterr().out
