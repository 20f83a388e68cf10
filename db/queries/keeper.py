"""Reading the notes that wait to be released, and who has broken the glass of an initiative."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from convening.ledger import AlsoSaid, HeldNote, OpenGlass
from convening.roles import Action, Actor, require
from convening.vocabulary import NoteState, Role, Strength
from db.base import now
from db.queries import dissent, team
from db.queries.dissent_rows import Definition, Note, Version
from db.tables.accounts import User
from db.tables.room import BrokenGlass
from db.tables.work import Convening, Initiative


def held(session: Session, actor: Actor, initiative_id: int) -> list[HeldNote]:
    """The notes that wait to be released, for the facilitator and the keeper.

    They stand in the random order of their ids. Those that have just arrived in an open room are
    not among them (``NoteState``).
    """
    if not dissent.breaks_glass(session, actor, initiative_id):
        require(actor, Action.SEE_HELD_NOTES, initiative_id)
    rows = session.exec(
        select(Note, Convening.title, Version.number, Definition.title)
        .join(Convening, col(Convening.id) == Note.convening_id)
        .join(Version, col(Version.id) == col(Note.version_id), isouter=True)
        .join(Definition, col(Definition.id) == col(Version.definition_id), isouter=True)
        .where(Convening.initiative_id == initiative_id, dissent.is_held())
        .order_by(col(Note.id))
    ).all()
    return [
        HeldNote(
            id=note.id,
            convening_id=note.convening_id,
            convening=title,
            text=note.text,
            reason=note.reason,
            resolution=note.resolution,
            strength=Strength(note.strength) if note.strength else None,
            definition=definition or "",
            number=number,
            adds_to=note.adds_to_note_id or note.adds_to_view_id,
        )
        for note, title, number, definition in rows
    ]


def waiting(session: Session, actor: Actor, initiative_id: int) -> int:
    """How many notes wait to be released, for the whole team."""
    dissent.reading(session, actor, initiative_id)
    rows = session.exec(
        select(func.count())
        .select_from(Note)
        .join(Convening, col(Convening.id) == Note.convening_id)
        .where(Convening.initiative_id == initiative_id, dissent.is_held())
    )
    return rows.one()


def also_said(session: Session, actor: Actor, initiative_id: int) -> list[AlsoSaid]:
    """The released notes that dissent from nothing and add to nothing; for whoever reads held notes
    those that are hidden as well, with their words."""
    states = [NoteState.RELEASED.value]
    if dissent.reading(session, actor, initiative_id).held:
        states.append(NoteState.HIDDEN.value)
    rows = session.exec(
        select(Note.id, Convening.title, Note.text, Note.hidden_because)
        .join(Convening, col(Convening.id) == Note.convening_id)
        .where(
            Convening.initiative_id == initiative_id,
            col(Note.state).in_(states),
            dissent.is_plain(),
        )
        .order_by(col(Convening.id).desc(), col(Note.id))
    )
    return [AlsoSaid(*row) for row in rows]


def keepers(session: Session, actor: Actor, initiative_id: int) -> list[str]:
    """The names of those who keep the dissent of an initiative: on its team, with that role."""
    dissent.reading(session, actor, initiative_id)
    members = team.all_members(session, initiative_id)
    return [each.name for each in members if each.active and Role.KEEPER in each.roles]


def glass(session: Session, actor: Actor, initiative_id: int) -> list[OpenGlass]:
    """Who has broken the glass of this initiative, when and why, the last one first."""
    dissent.reading(session, actor, initiative_id)
    rows = session.exec(
        select(BrokenGlass, User.name)
        .join(User, col(User.id) == col(BrokenGlass.user_id), isouter=True)
        .where(BrokenGlass.initiative_id == initiative_id)
        .order_by(col(BrokenGlass.id).desc())
    )
    return [
        OpenGlass(row.key, name or "", row.reason, row.created_at, row.until) for row, name in rows
    ]


def behind_glass(session: Session, actor: Actor) -> list[tuple[int, str, datetime | None]]:
    """Every initiative whose team an administrator is not on, by name, with until when they have
    broken its glass."""
    require(actor, Action.BREAK_GLASS)
    until = {
        row.initiative_id: row.until
        for row in session.exec(
            select(BrokenGlass)
            .where(BrokenGlass.user_id == actor.user_id, BrokenGlass.until > now())
            .order_by(col(BrokenGlass.until))
        )
    }
    rows = session.exec(
        select(Initiative.id, Initiative.name)
        .where(col(Initiative.id).not_in(list(actor.teams)))
        .order_by(col(Initiative.name), col(Initiative.id))
    )
    return [(each or 0, name, until.get(each or 0)) for each, name in rows]
