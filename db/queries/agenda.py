"""Reading the agenda of a convening."""

from sqlmodel import Session, col, select

from convening.agenda import Block
from convening.roles import Action, Actor
from convening.vocabulary import BlockFormat
from db.queries import convenings
from db.tables import work


def blocks(session: Session, actor: Actor, convening_id: int) -> list[Block]:
    """The blocks of a convening in their order; positions count from 0 without gaps."""
    convenings.row(session, actor, convening_id, Action.SEE_CONVENINGS)
    rows = session.exec(
        select(work.AgendaBlock)
        .where(work.AgendaBlock.convening_id == convening_id)
        .order_by(col(work.AgendaBlock.position), col(work.AgendaBlock.id))
    )
    return [record(row) for row in rows]


def record(row: work.AgendaBlock) -> Block:
    return Block(
        id=row.key,
        convening_id=row.convening_id,
        position=row.position,
        minutes=row.minutes,
        title=row.title,
        format=BlockFormat(row.format),
        goal=row.goal,
        lead=row.lead,
        materials=row.materials,
        version=row.version,
    )
