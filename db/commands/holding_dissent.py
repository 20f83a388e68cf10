"""Nobody deletes dissent: what a dissenting view or a room hangs on cannot be deleted."""

from typing import Any

from sqlmodel import Session, col, or_, select

from convening.problems import ConveningError
from db.tables.room import Room
from db.tables.understanding import AnonymousNote, Definition, DefinitionVersion, DissentingView
from db.tables.work import Convening, Initiative


def refuse_initiative(session: Session, row: Initiative) -> None:
    """Raises holds_dissent where a view, a note or an opened room is in it; a sample may go."""
    if row.sample:
        return
    meetings = select(Convening.id).where(Convening.initiative_id == row.key)
    texts = select(Definition.id).where(Definition.initiative_id == row.key)
    versions = select(DefinitionVersion.id).where(col(DefinitionVersion.definition_id).in_(texts))
    _refuse(session, meetings, versions)


def refuse_convening(session: Session, row: Convening) -> None:
    """The same for a convening."""
    if session.get_one(Initiative, row.initiative_id).sample:
        return
    _refuse(session, select(Convening.id).where(Convening.id == row.key))


def _refuse(session: Session, meetings: Any, versions: Any = None) -> None:
    opened = col(Room.opened_at).is_not(None)
    found: list[Any] = [select(Room.id).where(col(Room.convening_id).in_(meetings), opened)]
    for model in (DissentingView, AnonymousNote):
        hangs_on = [col(model.convening_id).in_(meetings)]
        if versions is not None:
            hangs_on.append(col(model.version_id).in_(versions))
        found.append(select(model.id).where(or_(*hangs_on)))
    if any(session.exec(query.limit(1)).first() is not None for query in found):
        raise ConveningError("holds_dissent")
