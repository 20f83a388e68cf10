"""Hears of changes that other processes commit: LISTEN on PostgreSQL.

SQLite has none; there one process serves everybody. The connection is one of its own beside the
pool. Behind a pooler that hands out connections by transaction (PgBouncer's default) nothing is
heard, and screens of other processes follow by their slow timer alone.
"""

import logging
import threading
from types import TracebackType
from typing import Any, Self

from sqlalchemy import NullPool, create_engine, make_url

from db import events
from db.engine import CONNECT

_LOG = logging.getLogger("halqa")
_STEP_SECONDS = 0.5  # until a stop is noticed
_ASK_EVERY = 20  # steps; a connection that broke in silence is noticed by asking something
_AGAIN_SECONDS = 1.0


class Listener:
    """A thread that passes notifications on to this process, from ``start`` to ``stop``."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stopped = threading.Event()
        self._hearing = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Begins to listen where the database can tell anything."""
        if make_url(self._url).get_backend_name() == "postgresql":
            self._thread = threading.Thread(target=self._run, name="listening", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def wait(self, seconds: float) -> bool:
        """Whether it listens by then."""
        return self._hearing.wait(seconds)

    def _run(self) -> None:
        engine = create_engine(
            self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=CONNECT
        )
        complained = False
        while not self._stopped.is_set():
            try:
                with engine.connect() as connection:
                    connection.exec_driver_sql(f"LISTEN {events.CHANNEL}")
                    self._hearing.set()
                    if complained:
                        _LOG.info("hearing of other processes' changes again")
                        complained = False
                    events.publish(events.EVERY)
                    self._hear(connection)
            except Exception:  # whatever broke it, it is tried again
                self._hearing.clear()
                if not complained:
                    _LOG.exception("changes of other processes are not heard")
                complained = True
                self._stopped.wait(_AGAIN_SECONDS)

    def _hear(self, connection: Any) -> None:
        driver = connection.connection.driver_connection
        step = 0
        while not self._stopped.is_set():
            for notice in driver.notifies(timeout=_STEP_SECONDS):
                _pass_on(notice.payload)
            step += 1
            if step % _ASK_EVERY == 0:
                connection.exec_driver_sql("SELECT 1")


def _pass_on(payload: str) -> None:
    """What this process committed itself, it has heard of already."""
    process, _, convening_id = payload.partition(" ")
    if process != events.PROCESS and convening_id.isdecimal():
        events.publish(int(convening_id))
