"""Closing a room, and clearing away what the database still holds of how it went."""

import logging

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from convening.roles import Actor
from db import compact, transaction
from db.commands import room as commands
from db.engine import Engines

_LOG = logging.getLogger("halqa")


def close(engines: Engines, actor: Actor, convening_id: int) -> int:
    """Closes the room as ``db.commands.room.close_room`` does, and then takes the old rows out of
    the file: on SQLite by writing it anew, on PostgreSQL by a vacuum."""
    with transaction.writing(
        engines, actor_id=actor.user_id, command=commands.close_room.__name__
    ) as session:
        found = commands.close_room(session, actor, convening_id)
    _clear(engines)
    return found


def _clear(engines: Engines) -> None:
    """What cannot be done now, because others use the file, is done by the housekeeping or by the
    database itself; the room is closed all the same."""
    try:
        if engines.write.dialect.name == "postgresql":
            again = engines.write.connect().execution_options(isolation_level="AUTOCOMMIT")
            with again as connection:
                connection.execute(text("VACUUM anonymous_note, vote, room_declaration, room"))
        if not compact.compact(engines):
            compact.cut_log(engines)
    except SQLAlchemyError:
        _LOG.warning("the rows of a closed room were not cleared away yet")
