"""The servers that are measured: ours as ``make run`` starts it, and two to compare it with."""

import os
import secrets
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from sqlmodel import col, select

from convening.i18n import Translator
from convening.vocabulary import ConveningState, Language, Role
from db import migrate, transaction
from db.commands import login, samples
from db.engine import Engines, connect
from db.queries.accounts import actor
from db.samples import large
from db.tables import work
from db.tables.accounts import User
from pages.components import navigation
from tests import builders, processes
from tests.bench.load import Target

ROOT = Path(__file__).parents[2]
FLOOR, REFERENCE, OURS = "tests.bench.apps.floor:app", "tests.bench.apps.reference:app", "app:app"
SCREENS = tuple(page.name for page in navigation.PAGES)
_START_SECONDS = 60
_SECRET = secrets.token_urlsafe(48)


@dataclass(frozen=True)
class Server:
    """A running server and its process."""

    url: str
    process: subprocess.Popen[bytes]

    @property
    def memory(self) -> float:
        """Megabytes that the process holds (resident set)."""
        asked = ["ps", "-o", "rss=", "-p", str(self.process.pid)]
        status = Path(f"/proc/{self.process.pid}/status")
        if not status.exists():
            return int(subprocess.check_output(asked)) / 1024
        line = next(each for each in status.read_text().splitlines() if each.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    @property
    def seconds(self) -> float:
        """Processor time that the process has used so far."""
        status = Path(f"/proc/{self.process.pid}/stat")
        if not status.exists():
            asked = ["ps", "-o", "time=", "-p", str(self.process.pid)]
            parts = subprocess.check_output(asked, text=True).strip().split(":")
            return sum(float(each) * 60**n for n, each in enumerate(reversed(parts)))
        fields = status.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        self.process.kill()
        self.process.wait()


@dataclass(frozen=True)
class Filled:
    """A database with somebody who may see all of it, and what they have in hand."""

    database: str
    cookie: str
    hand: Mapping[str, int]

    def target(self, server: Server, screen: str) -> Target:
        path = "/" if navigation.page(screen).default else f"/{screen}"
        title = Translator(Language.ENGLISH)(f"screen.{screen}")
        return Target(server.url, path, urlencode(self.hand), self.cookie, title)


@contextmanager
def running(
    application: str, folder: Path, *, database: str = "", plain: bool = False
) -> Iterator[Server]:
    """A server from its start to its stop; it answers when the block begins.

    ``plain`` starts it by ``streamlit run`` with nothing set, for what a browser then loads.
    """
    server = begin(application, folder, database=database, plain=plain)
    try:
        answering(server)
        yield server
    finally:
        server.stop()


def begin(application: str, folder: Path, *, database: str = "", plain: bool = False) -> Server:
    """Starts the process and does not wait for it."""
    port = str(processes.free_port())
    environ = {
        **os.environ,
        "HALQA_DATA_DIR": str(folder),
        "HALQA_DATABASE_URL": database or f"sqlite:///{folder / 'halqa.sqlite3'}",
        "HALQA_SECRET_KEY": _SECRET,
        "BENCH_DATABASE": str(folder / "reference.sqlite3"),
        "PYTHONPATH": str(ROOT),
        "HOST": "127.0.0.1",
        "PORT": port,
    }
    command = _plain(application, port) if plain else _served(application, port)
    with (folder / "output").open("ab") as output:
        process = subprocess.Popen(
            command,
            env=environ,
            cwd=folder if plain else ROOT,
            stdout=output,
            stderr=output,
        )
    return Server(f"http://127.0.0.1:{port}", process)


def _served(application: str, port: str) -> list[str]:
    """As ``make run`` does."""
    flags = "--ws websockets-sansio --no-proxy-headers --no-access-log --log-level warning"
    where = ["--host", "127.0.0.1", "--port", port]
    return [sys.executable, "-m", "uvicorn", application, *flags.split(), *where]


def _plain(application: str, port: str) -> list[str]:
    """``streamlit run`` as anybody starts it; the options only keep it from opening a browser."""
    script = ROOT / f"{application.split(':')[0].replace('.', '/')}_screen.py"
    quiet = ["--server.headless=true", "--browser.gatherUsageStats=false"]
    where = ["--server.address=127.0.0.1", f"--server.port={port}"]
    return [sys.executable, "-m", "streamlit", "run", str(script), *quiet, *where]


def answering(server: Server) -> None:
    """Waits until the server says that it is well."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        with (
            suppress(URLError, ConnectionError, TimeoutError),
            urlopen(f"{server.url}/_stcore/health", timeout=2) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(0.01)
    raise RuntimeError(f"a server did not start: {server.process.args!r}")


def fill_reference(folder: Path, people: int = 1000) -> None:
    """The table that the reference reads."""
    rows = [
        (f"Person {n:05}", f"Place {n % 40}", "abc"[n % 3], f"Stage {n % 6}", n % 7)
        for n in range(people)
    ]
    with sqlite3.connect(folder / "reference.sqlite3") as connection:
        connection.execute(
            "CREATE TABLE person (name TEXT, place TEXT, grp TEXT, stage TEXT, n INT)"
        )
        connection.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?)", rows)
    connection.close()


def fill_with_samples(folder: Path) -> Filled:
    """The two sample initiatives, as an organiser has them after pressing one button."""
    database = f"sqlite:///{folder / 'samples.sqlite3'}"
    engines = connect(database)
    migrate.upgrade(engines.write)
    user_id, cookie = _somebody(engines)
    with transaction.writing(engines, actor_id=user_id, command="load") as session:
        samples.load(session, actor(session, user_id))
    filled = Filled(database, cookie, _in_hand(engines))
    engines.dispose()
    return filled


def fill_large(folder: Path, people: int, invitations: int) -> Filled:
    """One initiative of many people, as ``make seed PEOPLE=... INVITATIONS=...`` makes it."""
    database = f"sqlite:///{folder / 'large.sqlite3'}"
    engines = connect(database)
    migrate.upgrade(engines.write)
    user_id, cookie = _somebody(engines)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        large.write(session, user_id, people=people, invitations=invitations)
    filled = Filled(database, cookie, _in_hand(engines))
    engines.dispose()
    return filled


def _somebody(engines: Engines) -> tuple[int, str]:
    """A user with every role, and the cookie of their browser."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        user_id = builders.user(session, "Amal", *Role)
        user = session.get_one(User, user_id)
        token = login.begin_session(session, user, keep=True).token
    return user_id, f"halqa_login={token}"


def _in_hand(engines: Engines) -> dict[str, int]:
    """The next convening of the first initiative, which is not full of what is long over."""
    with transaction.reading(engines) as session:
        ahead = session.exec(
            select(work.Convening)
            .where(work.Convening.state == ConveningState.PLANNED.value)
            .order_by(col(work.Convening.initiative_id), col(work.Convening.starts_at))
            .limit(1)
        ).one()
        return {"initiative": ahead.initiative_id, "convening": ahead.key}
