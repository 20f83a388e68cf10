"""Reading convenings."""

from sqlmodel import Session, col, select

from convening.convenings import Convening
from convening.problems import NotFound
from convening.roles import Action, Actor, may, require
from convening.vocabulary import ConveningKind, ConveningState, Openness
from db.tables import work


def listing(session: Session, actor: Actor, initiative_id: int) -> list[Convening]:
    """The convenings of an initiative by date, those without a date last."""
    require(actor, Action.SEE_CONVENINGS, initiative_id)
    rows = session.exec(
        select(work.Convening)
        .where(work.Convening.initiative_id == initiative_id)
        .order_by(
            col(work.Convening.starts_at).is_(None),
            col(work.Convening.starts_at),
            col(work.Convening.id),
        )
    )
    return [record(row) for row in rows]


def convening(session: Session, actor: Actor, convening_id: int) -> Convening:
    """One convening; NotFound when it is missing or another team's."""
    return record(row(session, actor, convening_id))


def row(
    session: Session,
    actor: Actor,
    convening_id: int,
    action: Action = Action.SEE_CONVENINGS,
    *,
    for_update: bool = False,
) -> work.Convening:
    """The row for a command that may do ``action``; a foreign id answers as a missing one."""
    found = session.get(work.Convening, convening_id, with_for_update=for_update or None)
    if found is None or not may(actor, Action.SEE_CONVENINGS, found.initiative_id):
        raise NotFound("convening")
    require(actor, action, found.initiative_id)
    return found


def record(row: work.Convening) -> Convening:
    return Convening(
        id=row.key,
        initiative_id=row.initiative_id,
        stage_id=row.stage_id,
        title=row.title,
        purpose=row.purpose,
        kind=ConveningKind(row.kind),
        state=ConveningState(row.state),
        starts_local=row.starts_local,
        ends_local=row.ends_local,
        zone=row.zone,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        link=row.link,
        capacity=row.capacity,
        openness=Openness(row.openness) if row.openness else None,
        version=row.version,
    )
