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
from db import housekeeping, listening, mailer, migrate, transaction
from db.commands import setup
from db.engine import current_engines
from pages.plain import events, logs, routes, scripts
from pages.plain.activity import Activity
from pages.plain.files import Files
from pages.plain.gate import Gate
from pages.plain.headers import SecurityHeaders
from pages.plain.login import HEADER, LoginCookie
from pages.plain.messages import Messages
from pages.plain.origin import ClientAddress, HostAndOrigin

_LOG = logging.getLogger("halqa")
_TIDY_EVERY_SECONDS = 6 * 3600
_LOOK_AFTER_SECONDS = 60  # once started, so that nobody waits for it, and then every hour
_LOOK_EVERY_SECONDS = 3600
_MAIL_EVERY_SECONDS = 3  # one read of an index while nothing waits


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
    scripts.keep_theme()
    config.set_option("server.cookieSecret", current.derive("streamlit cookies"))
    config.set_option("client.allowedOrigins", [current.address])
    if current.development:
        config.set_option("server.fileWatcherType", "auto")
        config.set_option("client.showErrorDetails", "full")


def prepare() -> str | None:
    """Brings the database to the current tables; the code for the first administrator, if any."""
    engines = current_engines()
    migrate.upgrade(engines.write)
    housekeeping.tidy(engines)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return setup.ensure_code(session)


async def tidy_regularly() -> None:
    """Forgets what is past its time for as long as the server runs."""
    engines = current_engines()
    while True:
        await asyncio.sleep(_TIDY_EVERY_SECONDS)
        try:
            await to_thread.run_sync(housekeeping.tidy, engines)
        except Exception:
            _LOG.exception("housekeeping failed")


async def look_after_data() -> None:
    """Makes the backup of the day and lets go of people in their time, while the server runs.

    The backup is a process of its own: its work would hold up the screens.
    """
    current = settings.current()
    engines = current_engines()
    wait = _LOOK_AFTER_SECONDS
    while True:
        await asyncio.sleep(wait)
        wait = _LOOK_EVERY_SECONDS
        try:
            await to_thread.run_sync(housekeeping.let_go, engines, current.backup_dir)
        except Exception:
            _LOG.exception("letting go of people failed")
        if current.backup_keep:
            await _back_up()


async def _back_up() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "db", "scheduled-backup"),
        cwd=Path(__file__).parent,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        if await process.wait():
            _LOG.error("the scheduled backup failed")  # the data screen says why
    finally:
        if process.returncode is None:
            process.terminate()


async def send_mail(worker: mailer.Worker) -> None:
    """Looks after the outbox for as long as the server runs."""
    while True:
        try:
            await to_thread.run_sync(worker.tend)
        except Exception:
            _LOG.exception("sending messages failed")
        await asyncio.sleep(_MAIL_EVERY_SECONDS)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    code = await to_thread.run_sync(prepare)
    print(f"Halqa is at {settings.current().address}", flush=True)
    if code is not None:
        print(f"One-time code for the first administrator: {code}", flush=True)
    if settings.current().smtp is not None and not settings.current().base_url:
        print("HALQA_BASE_URL is not set: links in messages lead to this machine.", flush=True)
    worker = mailer.Worker(current_engines())
    tasks = [
        asyncio.create_task(each)
        for each in (tidy_regularly(), send_mail(worker), look_after_data())
    ]
    listener = listening.Listener(settings.current().database_url)
    listener.start()
    try:
        with events.ending_with_server():
            yield {}
    finally:
        worker.stop()
        await to_thread.run_sync(listener.stop)
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        current_engines().dispose()


app = st.App(
    Path(__file__).parent / "pages" / "frame.py",
    lifespan=lifespan,
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(HostAndOrigin),
        Middleware(ClientAddress),
        Middleware(Files),
        Middleware(LoginCookie),
        Middleware(Gate, routes=routes.ROUTES),
        Middleware(Messages),
        Middleware(Activity),
    ],
    on_script_error=scripts.show_error,
)
configure()
