"""Screens run on a database of their own, by a viewer who is signed in."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session
from streamlit.testing.v1 import AppTest

from convening import settings
from convening.roles import Actor
from convening.vocabulary import Language
from db import transaction
from db.base import now
from db.engine import engines_for
from db.tables.accounts import LoginSession
from pages.components import clock, identity, language

PAGES = Path(__file__).parents[2] / "pages"


class Site:
    """One installation: its database, who is signed in, in which language, at what time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch
        self.engines = engines_for(settings.current().database_url)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction in which a test puts its rows."""
        with transaction.writing(self.engines, actor_id=None, journalled=False) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with transaction.reading(self.engines) as session:
            yield session

    def sign_in(self, who: Actor) -> None:
        """From here on every screen runs as this user."""
        with self.writing() as session:
            row = LoginSession(
                token_hash=f"test-{who.user_id}-{now().timestamp()}",
                user_id=who.user_id,
                last_active_at=now(),
                expires_at=now() + timedelta(hours=1),
            )
            session.add(row)
            session.flush()
            login = row.key
        self._patch.setattr(identity, "login_session_id", lambda: login)

    def speak(self, wanted: Language) -> None:
        self._patch.setattr(language, "current", lambda: wanted)

    def at(self, moment: datetime) -> None:
        """The time that screens read from the viewer's clock, whose zone is UTC."""
        self._patch.setattr(clock, "here", lambda at=None: (at or moment).astimezone(UTC))

    def run(self, page: str, *, url: dict[str, str] | None = None, **remembered: Any) -> AppTest:
        """A first run of a screen; ``remembered`` is what the tab keeps, by its name in state."""
        test = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=30)
        for name, value in remembered.items():
            test.session_state[name] = value
        for name, value in (url or {}).items():
            test.query_params[name] = value
        test.run()
        assert not test.exception, test.exception
        return test


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """An installation with empty tables, in English."""
    path = tmp_path / "halqa.sqlite3"
    shutil.copy(sqlite_template, path)
    monkeypatch.setenv("HALQA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("HALQA_DATABASE_URL", f"sqlite:///{path}")
    settings.current.cache_clear()
    found = Site(monkeypatch)
    found.speak(Language.ENGLISH)
    yield found
    found.engines.dispose()
    settings.current.cache_clear()
