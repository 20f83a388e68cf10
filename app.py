"""The application: Streamlit's screens behind our middleware, beside our plain routes.

``uvicorn app:app --ws websockets-sansio`` and ``streamlit run app.py`` both start it.
"""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import streamlit as st
from anyio import to_thread
from starlette.middleware import Middleware
from streamlit import config

from convening import settings
from db import housekeeping, migrate, transaction
from db.commands import setup
from db.engine import engines_for
from pages.plain import logs, routes, scripts
from pages.plain.activity import Activity
from pages.plain.files import Files
from pages.plain.gate import Gate
from pages.plain.headers import SecurityHeaders
from pages.plain.login import HEADER, LoginCookie
from pages.plain.origin import ClientAddress, HostAndOrigin

_LOG = logging.getLogger("halqa")
_TIDY_EVERY_SECONDS = 6 * 3600


def configure() -> None:
    """Sets Streamlit's options that depend on ours; stops the start where one is wrong."""
    try:
        current = settings.current()
    except settings.SettingsError as error:
        sys.exit(f"Halqa does not start. {error}")
    if HEADER not in {name.lower() for name in config.get_option("server.trustedUserHeaders")}:
        sys.exit(
            "Halqa does not start. Start it from the folder that holds .streamlit/config.toml."
        )
    os.umask(0o077)  # what the server writes is for its own account alone
    logs.configure(development=current.development)
    config.set_option("server.cookieSecret", current.derive("streamlit cookies"))
    config.set_option("client.allowedOrigins", [current.address])
    if current.development:
        config.set_option("server.fileWatcherType", "auto")
        config.set_option("client.showErrorDetails", "full")


def prepare() -> str | None:
    """Brings the database to the current tables; the code for the first administrator, if any."""
    engines = engines_for(settings.current().database_url)
    migrate.upgrade(engines.write)
    housekeeping.tidy(engines)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return setup.ensure_code(session)


async def tidy_regularly() -> None:
    """Forgets what is past its time for as long as the server runs."""
    engines = engines_for(settings.current().database_url)
    while True:
        await asyncio.sleep(_TIDY_EVERY_SECONDS)
        try:
            await to_thread.run_sync(housekeeping.tidy, engines)
        except Exception:
            _LOG.exception("housekeeping failed")


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    code = await to_thread.run_sync(prepare)
    print(f"Halqa is at {settings.current().address}", flush=True)
    if code is not None:
        print(f"One-time code for the first administrator: {code}", flush=True)
    task = asyncio.create_task(tidy_regularly())
    try:
        yield {}
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        engines_for(settings.current().database_url).dispose()


app = st.App(
    Path(__file__).parent / "pages" / "frame.py",
    lifespan=lifespan,
    routes=routes.ROUTES,
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(HostAndOrigin),
        Middleware(ClientAddress),
        Middleware(Files),
        Middleware(LoginCookie),
        Middleware(Gate, routes=routes.ROUTES),
        Middleware(Activity),
    ],
    on_script_error=scripts.show_error,
)
configure()
