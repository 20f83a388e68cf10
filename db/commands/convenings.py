"""Planning convenings, and saying what became of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlmodel import Session, col, select

from convening import outbox, walltime
from convening.convening_drafts import ConveningDraft, StakeDraft, cleaned, missing, state_of
from convening.convenings import too_early_to_hold
from convening.problems import ConveningError, Invalid, NotFound
from convening.readiness import Answer
from convening.roles import Action, Actor, require
from convening.vocabulary import ConveningQuestion, ConveningState, Group, Stake
from db import journal
from db.base import now
from db.commands import holding_dissent, noting, versions
from db.commands import outbox as messages
from db.queries.convenings import draft as stored_draft
from db.queries.convenings import record
from db.queries.convenings import row as convening_row
from db.tables import work
from db.tables.community import GroupMembership, Stakeholder

_LIVING = (ConveningState.DRAFT, ConveningState.PLANNED)


def plan_convening(session: Session, actor: Actor, draft: ConveningDraft) -> int:
    """A new convening: a draft until purpose, stage and date are set, planned from then on."""
    require(actor, Action.PLAN_CONVENING, draft.initiative_id)
    draft = _checked(session, draft)
    row = work.Convening(
        initiative_id=draft.initiative_id, stage_id=draft.stage_id or 0, title=draft.title
    )
    _fill(session, row, draft)
    row.state = state_of(draft)
    return noting.noted_row(session, actor, "plan_convening", row)


def edit_convening(session: Session, actor: Actor, draft: ConveningDraft) -> int:
    """Changes what was planned; a held convening keeps its purpose, stage and date."""
    row = _row(session, actor, draft.id)
    if row.state == ConveningState.CANCELLED:
        raise ConveningError("convening_cancelled")
    draft = _checked(session, replace(draft, initiative_id=row.initiative_id))
    if row.state == ConveningState.HELD and missing(draft):
        raise Invalid(missing(draft))
    versions.check(row, draft.version)
    before = outbox.facts(record(row))
    _fill(session, row, draft)
    if row.state in _LIVING:
        row.state = state_of(draft)
    messages.follow(session, row, before=before)
    return noting.noted_row(session, actor, "edit_convening", row)


def cancel_convening(session: Session, actor: Actor, convening_id: int) -> int:
    """Calls a convening off; its invitations stay as they are, and who was told to come is told."""
    row = _row(session, actor, convening_id)
    _require_state(row, *_LIVING)
    row.state = ConveningState.CANCELLED
    row.version += 1
    messages.follow(session, row)
    return noting.noted_row(session, actor, "cancel_convening", row)


def hold_convening(session: Session, actor: Actor, convening_id: int) -> int:
    """Marks a convening held, and keeps on each invitation the groups that its person has now."""
    row = _row(session, actor, convening_id)
    _require_state(row, ConveningState.PLANNED)
    early = too_early_to_hold(record(row), now())
    if early:
        raise Invalid(early)
    row.state = ConveningState.HELD
    row.version += 1
    _keep_groups(session, row)
    return noting.noted_row(session, actor, "hold_convening", row)


def reopen_convening(session: Session, actor: Actor, convening_id: int) -> int:
    """Takes "held" or "cancelled" back; people's groups are again those of the map.

    What was kept of people who have been erased since stays: it is all that is left of them.
    """
    row = _row(session, actor, convening_id)
    _require_state(row, ConveningState.HELD, ConveningState.CANCELLED)
    for invitation in _invitations(session, row):
        if invitation.stakeholder_id is not None and invitation.groups_when_held is not None:
            invitation.groups_when_held = None
    row.state = state_of(stored_draft(session, actor, row.key))
    row.version += 1
    messages.follow(session, row)
    return noting.noted_row(session, actor, "reopen_convening", row)


def delete_convening(session: Session, actor: Actor, convening_id: int) -> int:
    """Deletes a convening with its agenda and invitations; it can be taken back for 30 days.

    Refused, code ``cancel_first``, while invited people expect it: called off, they are told; and
    with ``holds_dissent`` once its room was opened or somebody's dissent belongs to it.
    """
    row = _row(session, actor, convening_id)
    holding_dissent.refuse_convening(session, row)
    messages.before_deletion(session, row)
    noting.noted_row(session, actor, "delete_convening", row)
    journal.remove(session, row)
    return convening_id


def duplicate_convening(session: Session, actor: Actor, convening_id: int, title: str) -> int:
    """A new draft with the same facts, stakes and agenda, under a title of its own.

    Date, invitations and the six answers are not taken along: who comes, and whether to convene,
    is asked afresh each time.
    """
    source = _row(session, actor, convening_id)
    copy = replace(
        stored_draft(session, actor, convening_id),
        title=title,
        starts_local=None,
        ends_local=None,
        promise_by=None,
        answers=None,
        id=None,
        version=None,
    )
    new_id = plan_convening(session, actor, copy)
    blocks = session.exec(
        select(work.AgendaBlock)
        .where(work.AgendaBlock.convening_id == source.key)
        .order_by(col(work.AgendaBlock.position), col(work.AgendaBlock.id))
    ).all()
    for position, block in enumerate(blocks):
        values = block.model_dump(exclude={"id", "created_at", "version"})
        session.add(work.AgendaBlock(**{**values, "convening_id": new_id, "position": position}))
    session.flush()
    return new_id


def _checked(session: Session, draft: ConveningDraft) -> ConveningDraft:
    draft, problems = cleaned(draft)
    if problems:
        raise Invalid(problems)
    stage = session.get(work.Stage, draft.stage_id)
    if stage is None or stage.initiative_id != draft.initiative_id:
        raise NotFound("stage")
    return draft


def _fill(session: Session, row: work.Convening, draft: ConveningDraft) -> None:
    start, end = draft.starts_local, draft.ends_local
    row.stage_id = draft.stage_id or 0
    row.title, row.purpose, row.kind = draft.title, draft.purpose, draft.kind
    row.zone, row.starts_local, row.ends_local = draft.zone, start, end
    row.starts_at = None if start is None else walltime.utc(start, draft.zone)
    row.ends_at = None if end is None else walltime.utc(end, draft.zone)
    row.place, row.link, row.capacity = draft.place, draft.link, draft.capacity
    row.openness = draft.openness
    row.promise, row.promise_by = draft.promise, draft.promise_by
    row.tensions, row.remind = draft.tensions, draft.remind
    session.add(row)
    session.flush()
    if draft.answers is not None:
        _set_answers(session, row, draft.answers)
    if draft.stakes is not None:
        _set_stakes(session, row, draft.stakes)


def _set_answers(
    session: Session, row: work.Convening, answers: Mapping[ConveningQuestion, Answer]
) -> None:
    known = {
        ConveningQuestion(each.question): each
        for each in session.exec(
            select(work.ConveningAnswer).where(work.ConveningAnswer.convening_id == row.key)
        )
    }
    for question, each in known.items():
        if question not in answers:
            session.delete(each)
    for question, answer in answers.items():
        stored = known.get(question) or work.ConveningAnswer(
            convening_id=row.key, question=question, yes=answer.yes
        )
        stored.yes, stored.note = answer.yes, answer.note
        session.add(stored)


def _set_stakes(session: Session, row: work.Convening, stakes: tuple[StakeDraft, ...]) -> None:
    _require_on_map(session, row, {each.stakeholder_id for each in stakes} - {None})
    stored = session.exec(
        select(work.ConveningStake).where(work.ConveningStake.convening_id == row.key)
    ).all()
    left = list(stakes)
    for each in stored:
        same = StakeDraft(Stake(each.stake), each.who, each.stakeholder_id)
        if same in left:
            left.remove(same)
        else:
            session.delete(each)
    for wanted in left:
        session.add(
            work.ConveningStake(
                convening_id=row.key,
                stake=wanted.stake,
                who=wanted.who,
                stakeholder_id=wanted.stakeholder_id,
            )
        )


def _require_on_map(session: Session, row: work.Convening, ids: Iterable[int | None]) -> None:
    wanted = set(ids)
    found = session.exec(
        select(Stakeholder.id).where(
            col(Stakeholder.id).in_(wanted), Stakeholder.initiative_id == row.initiative_id
        )
    ).all()
    if wanted - set(found):
        raise NotFound("stakeholder")


def _keep_groups(session: Session, row: work.Convening) -> None:
    memberships = session.exec(
        select(GroupMembership.stakeholder_id, GroupMembership.group)
        .join(
            work.Invitation,
            col(work.Invitation.stakeholder_id) == GroupMembership.stakeholder_id,
        )
        .where(work.Invitation.convening_id == row.key)
    )
    theirs: dict[int, set[str]] = defaultdict(set)
    for person, group in memberships:
        theirs[person].add(group)
    for invitation in _invitations(session, row):
        if invitation.stakeholder_id is not None:
            kept = theirs[invitation.stakeholder_id]
            invitation.groups_when_held = [each.value for each in Group if each in kept]


def _invitations(session: Session, row: work.Convening) -> list[work.Invitation]:
    return list(
        session.exec(
            select(work.Invitation)
            .where(work.Invitation.convening_id == row.key)
            .order_by(col(work.Invitation.id))
            .with_for_update()
        )
    )


def _require_state(row: work.Convening, *allowed: ConveningState) -> None:
    state = ConveningState(row.state)
    if state not in allowed:
        raise ConveningError("convening_state", state=state)


def _row(session: Session, actor: Actor, convening_id: int | None) -> work.Convening:
    return convening_row(session, actor, convening_id or 0, Action.PLAN_CONVENING, for_update=True)
