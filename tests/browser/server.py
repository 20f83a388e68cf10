"""A real server in a process of its own, with a database of its own; it has served nobody yet."""

import os
import re
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from db.engine import Engines, connect
from tests import processes

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


@dataclass
class Server:
    """``url`` is where it listens; ``engines`` open the database that it uses."""

    url: str
    folder: Path
    engines: Engines
    process: BaseProcess
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def output(self) -> str:
        """What it has printed and logged so far."""
        return (self.folder / "output").read_text(encoding="utf-8")

    @property
    def setup_code(self) -> str:
        """The one-time code for the first administrator."""
        found = re.search(r"One-time code for the first administrator: (\S+)", self.output)
        assert found is not None, self.output
        return found[1]

    def stop(self) -> None:
        self.engines.dispose()
        processes.stop(self.process)


def start(folder: Path, application: str = "app:app", **environ: str) -> Server:
    """A server over an empty database in ``folder``, answering when this returns."""
    port = processes.free_port()
    url = f"http://127.0.0.1:{port}"
    database = f"sqlite:///{folder / 'halqa.sqlite3'}"
    settings = {
        "HALQA_DATA_DIR": str(folder),
        "HALQA_DATABASE_URL": database,
        "HALQA_SECRET_KEY": os.environ["HALQA_SECRET_KEY"],
        "HOST": "127.0.0.1",
        "PORT": str(port),
        **environ,
    }
    (folder / "output").touch()
    process = processes.start(_serve, application, settings, port, str(folder))
    server = Server(url, folder, connect(settings["HALQA_DATABASE_URL"]), process, settings)
    _wait(server)
    return server


def _serve(application: str, settings: dict[str, str], port: int, folder: str) -> None:
    """Runs in the new process: uvicorn as ``make run`` starts it."""
    output = os.open(f"{folder}/output", os.O_WRONLY | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ.update(settings)
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    import uvicorn

    uvicorn.run(
        application,
        host="127.0.0.1",
        port=port,
        ws="websockets-sansio",
        access_log=False,
        log_level="warning",
        proxy_headers=False,
    )


def _wait(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if not server.process.is_alive():
            raise RuntimeError(f"the server did not start:\n{server.output}")
        with (
            suppress(URLError, ConnectionError, TimeoutError),
            urlopen(f"{server.url}/healthz", timeout=2) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(0.05)
    server.stop()
    raise RuntimeError(f"the server did not answer:\n{server.output}")
