"""An installation of its own for each test of the plain HTTP side."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from convening import settings
from convening.vocabulary import Role
from db import transaction
from db.commands import login
from db.engine import Engines, engines_for
from db.tables.accounts import User
from pages.plain import limits, routes
from pages.plain.gate import Gate
from pages.plain.headers import SecurityHeaders
from pages.plain.login import HEADER, LoginCookie
from pages.plain.origin import ADDRESS_HEADER, ClientAddress, HostAndOrigin
from tests import builders

HERE = "http://127.0.0.1:8501"
FAILS = "/_stcore/bidi-components/fails"


@pytest.fixture(autouse=True)
def nobody_has_guessed() -> Iterator[None]:
    limits.MISSES.clear()
    yield
    limits.MISSES.clear()


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """``configured(HALQA_BASE_URL=...)`` sets the environment and has it read again."""

    def configure(**environ: str) -> None:
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        settings.current.cache_clear()

    yield configure
    settings.current.cache_clear()


@pytest.fixture
def engines(
    tmp_path: Path, sqlite_template: Path, configured: Callable[..., None]
) -> Iterator[Engines]:
    """An empty SQLite database that the settings of this test name."""
    path = tmp_path / "halqa.sqlite3"
    shutil.copy(sqlite_template, path)
    configured(HALQA_DATA_DIR=str(tmp_path), HALQA_DATABASE_URL=f"sqlite:///{path}")
    engines = engines_for(settings.current().database_url)
    yield engines
    engines.dispose()


@pytest.fixture
def alice(engines: Engines) -> int:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return builders.user(session, "Alice", Role.ORGANISER)


@pytest.fixture
def token(engines: Engines, alice: int) -> str:
    """The cookie of a browser in which Alice is signed in."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return login.begin_session(session, session.get_one(User, alice)).token


@pytest.fixture
def client(engines: Engines) -> Iterator[TestClient]:
    """Our middleware and routes, with an application behind them that says what it was sent."""
    assert engines.read

    async def echo(request: Request) -> Response:
        if request.url.path == FAILS:
            raise RuntimeError("this route fails")
        sent = {name: request.headers.getlist(name) for name in (HEADER, ADDRESS_HEADER)}
        return JSONResponse({"path": request.url.path, **sent})

    app = Starlette(
        routes=[*routes.ROUTES, Route("/{path:path}", echo, methods=["GET", "POST", "PUT"])],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(HostAndOrigin),
            Middleware(ClientAddress),
            Middleware(LoginCookie),
            Middleware(Gate, routes=routes.ROUTES),
        ],
    )
    with TestClient(
        app, base_url=HERE, follow_redirects=False, raise_server_exceptions=False
    ) as client:
        yield client
