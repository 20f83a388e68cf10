"""The login form of streamlit-authenticator over our own accounts, lockout and sessions.

Taken over: the form, and the order of its steps. Replaced: where users are looked up, how a
password is checked (with lockout, in equal time), and the cookie, which a script cannot set safely.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from streamlit_authenticator import Authenticate
from streamlit_authenticator.controllers import AuthenticationController
from streamlit_authenticator.models import AuthenticationModel

from convening.problems import ConveningError, Problem
from db import transaction
from db.commands import login
from db.engine import Engines
from db.queries import accounts
from pages.components import state

_FORM_STATE = ("name", "authentication_status", "username", "email", "roles", "logout")


class NoCookie:
    """Stands where the library keeps a cookie that scripts can read."""

    def get_cookie(self) -> None:
        return None

    def set_cookie(self) -> None:
        return None

    def delete_cookie(self) -> None:
        return None


class Users(Mapping[str, dict[str, Any]]):
    """The credentials that the library reads, from the database, one account at a time."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._found: dict[str, dict[str, Any]] = {}

    def __getitem__(self, email: str) -> dict[str, Any]:
        if email not in self._found:
            with transaction.reading(self._engines) as session:
                found = accounts.credentials(session, email)
            if found is None:
                raise KeyError(email)
            self._found[email] = found
        return self._found[email]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


class Model(AuthenticationModel):  # type: ignore[misc]
    """Checks a password as ``db.commands.login`` does, and keeps what came of it."""

    def __init__(self, engines: Engines, address: str) -> None:
        super().__init__({"usernames": {}}, auto_hash=False)
        self.credentials = {"usernames": Users(engines)}
        self._engines = engines
        self._address = address
        self.user_id: int | None = None
        self.problem: Problem | None = None

    def check_credentials(self, username: str, password: str) -> bool:
        try:
            self.user_id = login.authenticate(self._engines, username, password, self._address)
        except ConveningError as error:
            self.problem = error.problems[0]
            return False
        if self.user_id is None:
            self.problem = Problem("login_wrong")
        return self.user_id is not None


class Controller(AuthenticationController):  # type: ignore[misc]
    def __init__(self, model: Model) -> None:
        super().__init__({"usernames": {}}, auto_hash=False)
        self.authentication_model = model

    def login(  # nosec B107 # the library's signature; an empty one is refused
        self, username: str = "", password: str = "", *args: Any, **kwargs: Any
    ) -> bool:
        model: Model = self.authentication_model
        if not username.strip() or not password.strip():
            model.problem = Problem("login_incomplete")
            return False
        return bool(super().login(username, password, *args, **kwargs))


class Authenticator(Authenticate):  # type: ignore[misc]
    """The form alone; ``user_id`` says whose password was right, ``problem`` why none was."""

    def __init__(self, engines: Engines, address: str) -> None:
        for name in _FORM_STATE:
            state.drop(name)
        self._model = Model(engines, address)
        self.path = None
        self.attrs = {"login_sleep_time": 0}
        self.cookie_controller = NoCookie()
        self.authentication_controller = Controller(self._model)

    @property
    def user_id(self) -> int | None:
        return self._model.user_id

    @property
    def problem(self) -> Problem | None:
        return self._model.problem
