"""Convenings as their list shows them: all that are ahead, and those that are over in pages."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from convening.convenings import Convening
from convening.overviews import Overview, OverviewPage, heads
from convening.roles import Action, Actor, require
from convening.vocabulary import ConveningState, StageKind
from db.base import columns
from db.queries import convenings, places
from db.tables import work

PAGE_SIZE = 50


def stages_in_use(session: Session, actor: Actor, initiative_id: int) -> dict[int, int]:
    """How many convenings each stage has, by its id; stages without one are left out."""
    require(actor, Action.SEE_CONVENINGS, initiative_id)
    stage = col(work.Convening.stage_id)
    rows = session.exec(
        select(stage, func.count())
        .where(work.Convening.initiative_id == initiative_id)
        .group_by(stage)
    )
    return dict(rows.all())


def page(
    session: Session,
    actor: Actor,
    initiative_id: int,
    *,
    stage_id: int | None = None,
    number: int = 0,
    size: int = PAGE_SIZE,
) -> OverviewPage:
    """All convenings ahead, by date, and a page of those that are over, the last one first.

    ``number`` counts pages from 0; ``stage_id`` narrows both to a stage.
    """
    require(actor, Action.SEE_CONVENINGS, initiative_id)
    meeting = columns(work.Convening)
    over = meeting.state.in_([ConveningState.HELD, ConveningState.CANCELLED])
    own = [meeting.initiative_id == initiative_id]
    own += [meeting.stage_id == stage_id] if stage_id is not None else []
    order = (meeting.starts_at.is_(None), meeting.starts_at, meeting.id)
    back = (meeting.starts_at.is_(None).desc(), meeting.starts_at.desc(), meeting.id.desc())
    whole = select(meeting.id.table)
    ahead = session.execute(whole.where(*own, ~over).order_by(*order)).all()
    total = session.execute(
        select(func.count()).select_from(work.Convening).where(*own, over)
    ).scalar_one()
    past = session.execute(
        whole.where(*own, over).order_by(*back).offset(number * size).limit(size)
    ).all()
    found = list(_overviews(session, initiative_id, [*map(convenings.record, (*ahead, *past))]))
    return OverviewPage(tuple(found[: len(ahead)]), tuple(found[len(ahead) :]), total)


def _overviews(
    session: Session, initiative_id: int, meetings: Sequence[Convening]
) -> Iterator[Overview]:
    stages = {
        stage.key: stage
        for stage in session.exec(
            select(work.Stage).where(work.Stage.initiative_id == initiative_id)
        )
    }
    ids = [each.id for each in meetings]
    answers, at_stake = convenings.answers_of(session, ids), convenings.at_stake_of(session, ids)
    invited = places.of_initiative(session, initiative_id)
    lengths = _lengths(session, ids)
    for each in meetings:
        yield Overview(
            convening=each,
            stage_kind=StageKind(stages[each.stage_id].kind),
            stage_name=stages[each.stage_id].name,
            answers=answers[each.id],
            at_stake=tuple(at_stake[each.id]),
            heads=heads(each, invited.get(each.id, {})),
            blocks=lengths.get(each.id, (0, 0))[0],
            minutes=lengths.get(each.id, (0, 0))[1],
        )


def _lengths(session: Session, ids: Sequence[int]) -> Mapping[int, tuple[int, int]]:
    """How many blocks and minutes each agenda has."""
    rows = session.exec(
        select(
            work.AgendaBlock.convening_id,
            func.count(),
            func.sum(work.AgendaBlock.minutes),
        )
        .where(col(work.AgendaBlock.convening_id).in_(ids))
        .group_by(col(work.AgendaBlock.convening_id))
    )
    return {convening_id: (int(blocks), int(minutes)) for convening_id, blocks, minutes in rows}
