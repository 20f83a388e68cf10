"""The one place where a transaction begins and ends.

A database that is busy, full or away is told as a ConveningError (see ``db.faults``).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from db import events, faults, journal, kept
from db.engine import Engines

# A server that restarts is back within a second or two: nobody has to hear of it.
PATIENCE_SECONDS = 4.0
_AGAIN_SECONDS = 0.2


@contextmanager
def reading(engines: Engines) -> Iterator[Session]:
    """A short session that cannot write: whatever it holds is rolled back."""
    with faults.told(), Session(engines.read, autoflush=False) as session:
        events.began(session)
        _begin(session)
        yield session


@contextmanager
def writing(
    engines: Engines, *, actor_id: int | None, command: str = "", journalled: bool = True
) -> Iterator[Session]:
    """One transaction: everything or nothing, with the images of the rows it changed.

    ``command`` names the decision in the journal; ``journalled=False`` is for work that is not
    an edit of a person's (sign-in, migrations of sample data).
    """
    with faults.told(), Session(engines.write, expire_on_commit=False) as session:
        _begin(session)
        with kept.watching(session):
            if journalled:
                with journal.recording(session, actor_id=actor_id, command=command):
                    yield session
            else:
                yield session
        with faults.told(uncertain=True):
            session.commit()
        events.committed(session)


def _begin(session: Session) -> None:
    """Begins the transaction; waits for a database that is away for a moment.

    Nothing has been asked of it yet, so that asking again cannot do anything twice.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            session.connection()
        except SQLAlchemyError as error:
            session.rollback()
            if faults.code_of(error) != faults.UNREACHABLE or time.monotonic() > until:
                raise
            time.sleep(_AGAIN_SECONDS)
        else:
            return
