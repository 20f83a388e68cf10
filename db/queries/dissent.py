"""Reading the ledger of dissenting views, the notes that wait, and broken glass."""

from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlmodel import Session, col, select

from convening import dissent, dissent_figures
from convening.dissent_figures import Figures, Suppressed
from convening.ledger import DissentId, Entry, LedgerFilter, Waiting
from convening.problems import NotFound
from convening.roles import Action, Actor, may, require, visible
from convening.vocabulary import NoteState, Outcome
from db.base import now
from db.queries import note_counts
from db.queries.dissent_rows import (
    Definition,
    Note,
    Reader,
    Version,
    View,
    latest_first,
    of_notes,
    of_views,
    shown_groups,
)
from db.tables.room import BrokenGlass
from db.tables.understanding import DissentResponse, DissentSignature
from db.tables.work import Convening, Initiative


def ledger(
    session: Session,
    actor: Actor,
    initiative_id: int,
    wanted: LedgerFilter = LedgerFilter(),  # noqa: B008, the record is frozen
) -> list[Entry]:
    """Every dissenting view of an initiative that is asked for, the newest first.

    Anonymous notes are among them once they are released, and hidden ones without their words.
    """
    reader = reading(session, actor, initiative_id)
    entries = _entries(session, reader, initiative_id, Definition.initiative_id == initiative_id)
    return [each for each in latest_first(entries) if wanted.matches(each)]


def of_definition(
    session: Session, actor: Actor, definition_id: int, up_to: int | None = None
) -> list[Entry]:
    """The views on a definition's versions, on those up to the number ``up_to`` where it is given;
    of the same kind and order as in ``ledger``."""
    row = session.get(Definition, definition_id)
    if row is None:
        raise NotFound("definition")
    try:
        reader = reading(session, actor, row.initiative_id)
    except NotFound:
        raise NotFound("definition") from None
    where = and_(
        col(Version.definition_id) == definition_id,
        *([] if up_to is None else [col(Version.number) <= up_to]),
    )
    return latest_first(_entries(session, reader, row.initiative_id, where))


def entry(session: Session, actor: Actor, dissent_id: DissentId) -> Entry:
    """One view, for the team and for whoever raised it with an account; NotFound for others, and
    for a note that waits to be released."""
    initiative_id = initiative_of(session, dissent_id)
    row = session.get(View, dissent_id) if isinstance(dissent_id, int) else None
    if row is not None and row.owner_id == actor.user_id:
        reader = Reader(actor.user_id)
    else:
        try:
            reader = reading(session, actor, initiative_id)
        except NotFound:
            raise NotFound("dissent") from None
    if isinstance(dissent_id, int):
        found = of_views(session, reader, col(View.id) == dissent_id)
    else:
        notes = of_notes(session, reader, col(Note.id) == dissent_id, is_shown())
        found = shown_groups(notes, note_counts.countable(session, initiative_id))
    if not found:
        raise NotFound("dissent")
    return found[0]


def of_convening(session: Session, convening_id: int) -> list[Entry]:
    """What was raised in a convening or after it, as everybody who was there may read it.

    It asks for no actor: the page that shows it has checked its link.
    """
    meeting = session.get_one(Convening, convening_id)
    entries = of_views(session, Reader(), col(View.convening_id) == convening_id)
    notes = of_notes(session, Reader(), col(Note.convening_id) == convening_id, is_shown())
    counted = note_counts.countable(session, meeting.initiative_id)
    return latest_first(entries + shown_groups(notes, counted))


def record(session: Session, dissent_id: DissentId) -> Entry:
    """One view whatever its state, with all its words, for whoever has shown its receipt code."""
    reader = Reader(held=True)
    found = (
        of_views(session, reader, View.id == dissent_id)
        if isinstance(dissent_id, int)
        else of_notes(session, reader, col(Note.id) == dissent_id)
    )
    if not found:
        raise NotFound("dissent")
    return found[0]


def waiting(session: Session, actor: Actor) -> list[Waiting]:
    """What waits in each of the actor's initiatives, those in which nothing does left out."""
    rows = session.exec(
        select(Initiative.id, Initiative.name)
        .where(
            col(Initiative.id).in_(visible(actor, Action.SEE_DISSENT) or ()),
            col(Initiative.archived_at).is_(None),
        )
        .order_by(Initiative.name, col(Initiative.id))
    ).all()
    names = {each or 0: name for each, name in rows}
    to_answer, to_ask = _to_answer(session, names), _to_ask(session, names)
    held = Counter[int]()
    for each, count in session.exec(
        select(Convening.initiative_id, func.count())
        .join(Note, col(Note.convening_id) == col(Convening.id))
        .where(col(Convening.initiative_id).in_(names), is_held())
        .group_by(col(Convening.initiative_id))
    ):
        held[each] += count
    return [
        Waiting(each, name, to_answer[each], held[each], to_ask[each])
        for each, name in names.items()
        if to_answer[each] or held[each] or to_ask[each]
    ]


def _to_answer(session: Session, initiative_ids: Collection[int]) -> Counter[int]:
    """How many views of each initiative are in one of the states ``TO_ANSWER``: they have no
    response, or one alone that their owner said no to."""
    no = case((col(DissentResponse.answers).is_(False), 0), else_=1)

    def waits(model: Any, answered_id: Any, _signed_id: Any) -> ColumnElement[bool]:
        answered = (
            select(answered_id)
            .where(col(answered_id).is_not(None))
            .group_by(col(answered_id))
            .having(or_(func.count() >= dissent.ROUNDS, func.sum(no) > 0))
        )
        return col(model.id).not_in(answered)

    return _counted(session, initiative_ids, waits)


def _to_ask(session: Session, initiative_ids: Collection[int]) -> Counter[int]:
    """How many are in one of the states ``TO_ASK``: their owner was not asked yet, or said no a
    second time and signatures are missing."""
    response = DissentResponse
    silent = col(response.asked_at).is_(None) & col(response.answers).is_(None)

    def waits(model: Any, answered_id: Any, signed_id: Any) -> ColumnElement[bool]:
        signatures = (
            select(func.count())
            .where(signed_id == answered_id)
            .correlate(response)
            .scalar_subquery()
        )
        still_no = (col(response.round) >= dissent.ROUNDS) & col(response.answers).is_(False)
        waiting = select(answered_id).where(
            col(answered_id).is_not(None),
            response.outcome != Outcome.WITHDRAWN.value,
            silent | (still_no & (signatures < dissent.SIGNATURES)),
        )
        return col(model.id).in_(waiting)

    return _counted(session, initiative_ids, waits)


def _counted(
    session: Session,
    initiative_ids: Collection[int],
    waits: Callable[[Any, Any, Any], ColumnElement[bool]],
) -> Counter[int]:
    """Views and released notes of each initiative for which ``waits`` holds, a condition made of
    their table and of the columns by which responses and signatures hang on it."""
    found = Counter[int]()
    struck, released = col(View.struck_at).is_(None), col(Note.state) == NoteState.RELEASED.value
    kinds: tuple[tuple[Any, Any, Any, ColumnElement[bool]], ...] = (
        (View, DissentResponse.view_id, DissentSignature.view_id, struck),
        (Note, DissentResponse.note_id, DissentSignature.note_id, released),
    )
    for model, answered_id, signed_id, alive in kinds:
        for initiative_id, count in session.exec(
            select(Definition.initiative_id, func.count())
            .join(Version, col(Version.definition_id) == col(Definition.id))
            .join(model, col(model.version_id) == col(Version.id))
            .where(
                col(Definition.initiative_id).in_(initiative_ids),
                model.strength != "",
                alive,
                waits(model, answered_id, signed_id),
            )
            .group_by(col(Definition.initiative_id))
        ):
            found[initiative_id] += count
    return found


def overview(session: Session, actor: Actor, initiative_id: int) -> tuple[list[Entry], Figures]:
    """The whole ledger, and how many views were raised and answered by group, for the team."""
    entries = ledger(session, actor, initiative_id)
    return entries, dissent_figures.of(
        entries, frozenset(note_counts.countable(session, initiative_id))
    )


def suppressed(session: Session, actor: Actor, initiative_id: int) -> Suppressed:
    """The same as it may leave the team, for leadership: counts alone, small ones withheld."""
    require(actor, Action.SEE_SUPPRESSED_DISSENT, initiative_id)
    if session.get(Initiative, initiative_id) is None:
        raise NotFound("initiative")
    entries = _entries(session, Reader(), initiative_id, Definition.initiative_id == initiative_id)
    allowed = frozenset(note_counts.countable(session, initiative_id, every=True))
    return dissent_figures.suppressed(entries, allowed)


def reading(session: Session, actor: Actor, initiative_id: int) -> Reader:
    """What the actor may see of an initiative's dissent: as one of its team, or through broken
    glass. Raises Forbidden or NotFound."""
    if breaks_glass(session, actor, initiative_id):
        return Reader(actor.user_id, held=True)
    require(actor, Action.SEE_DISSENT, initiative_id)
    return Reader(actor.user_id, held=may(actor, Action.SEE_HELD_NOTES, initiative_id))


def initiative_of(session: Session, dissent_id: DissentId) -> int:
    """The initiative of a view or of a note, whether it dissents or not."""
    if isinstance(dissent_id, int):
        query = (
            select(Definition.initiative_id)
            .join(Version, col(Version.definition_id) == col(Definition.id))
            .join(View, col(View.version_id) == col(Version.id))
            .where(View.id == dissent_id)
        )
    else:
        query = (
            select(Convening.initiative_id)
            .join(Note, col(Note.convening_id) == col(Convening.id))
            .where(col(Note.id) == dissent_id)
        )
    found = session.exec(query).first()
    if found is None:
        raise NotFound("dissent")
    return found


def _entries(
    session: Session, reader: Reader, initiative_id: int, where: ColumnElement[bool] | bool
) -> list[Entry]:
    """Views and the notes that are no longer held, of versions that ``where`` names."""
    views = of_views(session, reader, where)
    notes = of_notes(session, reader, where, is_shown())
    counted = note_counts.countable(session, initiative_id) if notes else {}
    return views + shown_groups(notes, counted)


def is_held() -> ColumnElement[bool]:
    return col(Note.state) == NoteState.HELD.value


def is_shown() -> ColumnElement[bool]:
    """Released, or hidden with the reason in its place."""
    return col(Note.state).in_([NoteState.RELEASED.value, NoteState.HIDDEN.value])


def is_plain() -> ColumnElement[bool]:
    """It dissents from nothing and adds to nothing."""
    adds_to = (col(Note.adds_to_note_id), col(Note.adds_to_view_id))
    return and_(col(Note.strength) == "", *(each.is_(None) for each in adds_to))


def breaks_glass(session: Session, actor: Actor, initiative_id: int) -> bool:
    if initiative_id in actor.teams or not may(actor, Action.BREAK_GLASS, initiative_id):
        return False
    found = session.exec(
        select(BrokenGlass.id).where(
            BrokenGlass.initiative_id == initiative_id,
            BrokenGlass.user_id == actor.user_id,
            BrokenGlass.until > now(),
        )
    ).first()
    return found is not None
