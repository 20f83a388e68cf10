"""The site as tests of account screens look at it: by user ids, in a browser of their own."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from sqlmodel import Session, col, select
from streamlit.testing.v1 import AppTest

from convening import passwords
from convening.vocabulary import Role
from db.commands import login
from db.tables.accounts import LoginSession, User
from pages.components import identity
from tests import builders
from tests.pages.site import Site

T = TypeVar("T")
PASSWORD = "olive terrace at noon"
NEW = "seven boats leave early"


class Screens(Site):
    """The site, looked at by whoever has this login session."""

    login_session_id: int | None = None

    def build(self, work: Callable[..., T], *args: Any) -> T:
        with self.writing() as session:
            return work(session, *args)

    def read(self, work: Callable[..., T], *args: Any) -> T:
        with self.reading() as session:
            return work(session, *args)

    def enter(self, user_id: int) -> int:
        """From now on the screens are this user's, in a browser that has just signed in."""
        self.login_session_id = self.build(_begin, user_id)
        return self.login_session_id

    def open(self, screen: str) -> AppTest:
        return self.run(screen)


@pytest.fixture
def screens(site: Site, monkeypatch: pytest.MonkeyPatch) -> Screens:
    """The site seen by nobody yet, with hashes that take no time."""
    assert site
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    found = Screens(monkeypatch)
    monkeypatch.setattr(identity, "login_session_id", lambda: found.login_session_id)
    return found


@pytest.fixture
def ada(screens: Screens) -> int:
    """An administrator who organises, and who looks at the screens from now on."""
    user_id = screens.build(able, "Ada", Role.ADMINISTRATOR, Role.ORGANISER)
    screens.enter(user_id)
    return user_id


def able(session: Session, name: str, *roles: Role) -> int:
    """A user who can sign in."""
    user_id = builders.user(session, name, *roles)
    session.get_one(User, user_id).password_hash = passwords.hash(PASSWORD)
    return user_id


def ran(app: AppTest) -> AppTest:
    """The same screen, once it is sure that no exception is shown on it."""
    assert [each.value for each in app.exception] == []
    return app


def component(source: Callable[[], None]) -> AppTest:
    """A part of a screen by itself, as the body of ``source`` shows it."""
    return ran(AppTest.from_function(source, default_timeout=30).run())


def texts(app: AppTest) -> list[str]:
    return [each.value for each in app.text]


def errors(app: AppTest) -> list[str]:
    return [each.value for each in app.error]


def _begin(session: Session, user_id: int) -> int:
    login.begin_session(session, session.get_one(User, user_id))
    newest = select(LoginSession.id).order_by(col(LoginSession.id).desc())
    return session.exec(newest).first() or 0
