"""The one place where a transaction begins and ends."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from db import journal
from db.engine import Engines


@contextmanager
def reading(engines: Engines) -> Iterator[Session]:
    """A short session that cannot write: whatever it holds is rolled back."""
    with Session(engines.read, autoflush=False) as session:
        yield session


@contextmanager
def writing(
    engines: Engines, *, actor_id: int | None, command: str = "", journalled: bool = True
) -> Iterator[Session]:
    """One transaction: everything or nothing, with the images of the rows it changed.

    ``command`` names the decision in the journal; ``journalled=False`` is for work that is not
    an edit of a person's (sign-in, migrations of sample data).
    """
    with Session(engines.write, expire_on_commit=False) as session, session.begin():
        if journalled:
            with journal.recording(session, actor_id=actor_id, command=command):
                yield session
        else:
            yield session
