"""Work from the terminal: a lost password, and what is said when something is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from convening import passwords, settings
from convening.vocabulary import Role
from db import housekeeping, migrate, transaction
from db.__main__ import main
from db.commands import login
from db.engine import Engines, connect, engines_for
from db.tables.accounts import User
from tests import builders

NEW = "seven other roads to violet"


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engines:
    """A migrated database with Alice in it, which the settings name."""
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    url = f"sqlite:///{tmp_path / 'halqa.sqlite3'}"
    monkeypatch.setenv("HALQA_DATABASE_URL", url)
    monkeypatch.setenv("HALQA_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(settings, "current", settings.current.__wrapped__)
    engines = engines_for(url)
    migrate.upgrade(engines.write)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        user = session.get_one(User, builders.user(session, "Alice", Role.ADMINISTRATOR))
        user.password_hash = passwords.hash("the password that was lost")
    return engines


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``typing("a", "b")`` answers the questions for a password in turn."""

    def answer(*words: str) -> None:
        pending = list(words)
        monkeypatch.setattr("getpass.getpass", lambda _prompt: pending.pop(0))

    return answer


def test_a_lost_password_is_set_anew(installation: Engines, typing: Callable[..., None]) -> None:
    typing(NEW, NEW)
    assert main(["reset-password", "alice@example.org"]) == 0
    assert login.authenticate(installation, "alice@example.org", NEW, "10.0.0.1") == 1


@pytest.mark.parametrize(
    ("user", "typed", "said"),
    [
        ("alice@example.org", (NEW, NEW + "x"), "The two passwords are not the same."),
        ("alice@example.org", ("short", "short"), "The password needs at least 12 characters."),
        ("nobody@example.org", (NEW, NEW), "There is no such user"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    installation: Engines,
    typing: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    user: str,
    typed: tuple[str, str],
    said: str,
) -> None:
    typing(*typed)
    assert main(["reset-password", user]) == 1
    assert said in capsys.readouterr().err
    assert login.authenticate(installation, "alice@example.org", NEW, "10.0.0.1") is None


def test_a_wrong_setting_is_said_without_a_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(settings, "current", settings.current.__wrapped__)
    monkeypatch.setenv("HALQA_SECRET_KEY", "changeme")
    assert main(["upgrade"]) == 1
    assert capsys.readouterr().err.startswith("The secret key has 8 characters")


def test_an_upgrade_makes_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    monkeypatch.setenv("HALQA_DATABASE_URL", url)
    monkeypatch.setattr(settings, "current", settings.current.__wrapped__)
    assert main(["upgrade"]) == 0
    engines = connect(url)
    assert migrate.is_current(engines.read)
    engines.dispose()


def test_housekeeping_runs_on_an_empty_database(engines: Engines) -> None:
    housekeeping.tidy(engines)
    with transaction.reading(engines) as session:
        assert session.get(User, 1) is None
