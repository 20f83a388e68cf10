"""Changing the agenda of a convening; its positions stay dense, from 0 without gaps."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from convening.agenda import MOST_BLOCKS, BlockDraft, cleaned
from convening.problems import ConveningError, Invalid, NotFound, Problem
from convening.retiming import Retiming, retimed
from convening.roles import Action, Actor, may
from convening.vocabulary import ConveningState
from db.commands import noting, versions
from db.queries import convenings
from db.queries.agenda import record
from db.tables import work


def add_block(session: Session, actor: Actor, draft: BlockDraft) -> int:
    """A new block at the end."""
    meeting = _meeting(session, actor, draft.convening_id)
    rows = _rows(session, meeting)
    _require_room(len(rows) + 1)
    row = new_row(_checked(draft), len(rows))
    session.add(row)
    _noted(session, actor, "add_block", meeting, row)
    return row.key


def edit_block(session: Session, actor: Actor, draft: BlockDraft) -> int:
    """Changes what a block says; its place stays."""
    meeting, row = _block(session, actor, draft.id)
    draft = _checked(draft)
    versions.check(row, draft.version)
    row.title, row.minutes, row.format = draft.title, draft.minutes, draft.format
    row.goal, row.lead, row.materials = draft.goal, draft.lead, draft.materials
    _noted(session, actor, "edit_block", meeting, row)
    return row.key


def move_block(session: Session, actor: Actor, block_id: int, by: int) -> int:
    """Moves a block up (negative) or down; past the first or the last place it stays there."""
    meeting, row = _block(session, actor, block_id)
    order = _rows(session, meeting)
    at = order.index(row)
    order.insert(max(0, at + by), order.pop(at))
    _number(order)
    _noted(session, actor, "move_block", meeting, row)
    return row.key


def duplicate_block(session: Session, actor: Actor, block_id: int) -> int:
    """The same block once more, right after it."""
    meeting, row = _block(session, actor, block_id)
    order = _rows(session, meeting)
    _require_room(len(order) + 1)
    copy = work.AgendaBlock(**row.model_dump(exclude={"id", "created_at", "version"}))
    session.add(copy)
    order.insert(order.index(row) + 1, copy)
    _number(order)
    _noted(session, actor, "duplicate_block", meeting, copy)
    return copy.key


def delete_block(session: Session, actor: Actor, block_id: int) -> int:
    """Deletes a block; those after it move up."""
    meeting, row = _block(session, actor, block_id)
    order = _rows(session, meeting)
    order.remove(row)
    session.delete(row)
    _number(order)
    _noted(session, actor, "delete_block", meeting, row)
    return block_id


def apply_template(
    session: Session,
    actor: Actor,
    convening_id: int,
    drafts: Sequence[BlockDraft],
    *,
    replace: bool = False,
) -> int:
    """Adds the blocks at the end, or puts them in place of the agenda; returns how many."""
    meeting = _meeting(session, actor, convening_id)
    kept = _rows(session, meeting)
    if replace:
        for row in kept:
            session.delete(row)
        kept = []
    _require_room(len(kept) + len(drafts))
    for position, draft in enumerate(drafts, start=len(kept)):
        session.add(new_row(_checked(draft), position, convening_id))
    _noted(session, actor, "apply_template", meeting, count=len(drafts))
    return len(drafts)


def retime(session: Session, actor: Actor, wanted: Retiming) -> int:
    """Lets the agenda begin later, or a block come later; returns how many blocks it changed."""
    meeting = _meeting(session, actor, wanted.convening_id)
    rows = {row.key: row for row in _rows(session, meeting)}
    blocks, problems = retimed([record(row) for row in rows.values()], wanted)
    if problems:
        raise Invalid(problems)
    _require_room(len(blocks))
    changed = 0
    for block in blocks:
        row = rows.get(block.id)
        if row is None:
            waiting = BlockDraft(meeting.key, block.title, block.minutes, block.format)
            session.add(new_row(_checked(waiting), block.position))
        elif row.minutes != block.minutes:
            row.minutes = block.minutes
            versions.check(row, None)
        elif row.position == block.position:
            continue
        changed += 1
        if row is not None:
            row.position = block.position
    _noted(session, actor, "retime", meeting, count=changed)
    return changed


def _meeting(session: Session, actor: Actor, convening_id: int) -> work.Convening:
    """The convening, locked: two editors at once must not number the same blocks."""
    meeting = convenings.row(session, actor, convening_id, Action.EDIT_AGENDA, for_update=True)
    if meeting.state == ConveningState.CANCELLED:
        raise ConveningError("convening_cancelled")
    return meeting


def _block(
    session: Session, actor: Actor, block_id: int | None
) -> tuple[work.Convening, work.AgendaBlock]:
    found = session.exec(
        select(work.AgendaBlock.convening_id, work.Convening.initiative_id)
        .join(work.Convening, col(work.Convening.id) == work.AgendaBlock.convening_id)
        .where(work.AgendaBlock.id == block_id)
    ).first()
    if found is None or not may(actor, Action.SEE_CONVENINGS, found[1]):
        raise NotFound("block")
    meeting = _meeting(session, actor, found[0])
    row = session.get(work.AgendaBlock, block_id, with_for_update=True)
    if row is None:
        raise NotFound("block")
    return meeting, row


def _rows(session: Session, meeting: work.Convening) -> list[work.AgendaBlock]:
    return list(
        session.exec(
            select(work.AgendaBlock)
            .where(work.AgendaBlock.convening_id == meeting.key)
            .order_by(col(work.AgendaBlock.position), col(work.AgendaBlock.id))
        )
    )


def _number(order: Sequence[work.AgendaBlock]) -> None:
    for position, row in enumerate(order):
        row.position = position


def new_row(draft: BlockDraft, position: int, convening_id: int | None = None) -> work.AgendaBlock:
    """The row of a block that is not in the database yet, at its place in the agenda."""
    return work.AgendaBlock(
        convening_id=draft.convening_id if convening_id is None else convening_id,
        position=position,
        minutes=draft.minutes,
        title=draft.title,
        format=draft.format,
        goal=draft.goal,
        lead=draft.lead,
        materials=draft.materials,
    )


def _checked(draft: BlockDraft) -> BlockDraft:
    draft, problems = cleaned(draft)
    if problems:
        raise Invalid(problems)
    return draft


def _require_room(blocks: int) -> None:
    if blocks > MOST_BLOCKS:
        raise Invalid([Problem("too_many_blocks", {"most": MOST_BLOCKS})])


def _noted(
    session: Session,
    actor: Actor,
    command: str,
    meeting: work.Convening,
    row: work.AgendaBlock | None = None,
    **worded: int,
) -> None:
    session.flush()
    noting.noted(
        session,
        actor,
        command,
        meeting.initiative_id,
        subject="agenda_block" if row else "convening",
        subject_id=row.key if row else meeting.key,
        worded=worded,
        convening_id=meeting.key,
    )
