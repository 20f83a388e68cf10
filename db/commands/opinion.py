"""Writing conversations: statements from waiting to closed, and whole ones from elsewhere."""

import secrets
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, func, select

from convening.imports.polis_files import PolisConversation
from convening.problems import ConveningError, Invalid, NotFound, Problem
from convening.roles import Action, Actor, require
from convening.statements import (
    MOST_STATEMENTS,
    MOVES,
    ConversationDraft,
    StatementDraft,
    cleaned_conversation,
    cleaned_texts,
)
from convening.vocabulary import Group, StatementState
from db import events, journal
from db.commands import versions
from db.commands.noting import noted
from db.queries import convenings, definitions
from db.queries import opinion as reading
from db.tables.room import Room
from db.tables.understanding import Conversation, DefinitionVersion, Statement, Vote

CHOICES = {value: choice for choice, value in reading.VALUES.items()}


def create_conversation(session: Session, actor: Actor, draft: ConversationDraft) -> int:
    """A new conversation without statements, of a convening or of the initiative alone."""
    require(actor, Action.EDIT_OPINION, draft.initiative_id)
    draft = _checked(draft)
    row = Conversation(
        initiative_id=draft.initiative_id,
        title=draft.title,
        convening_id=convenings.key_within(session, actor, draft.initiative_id, draft.convening_id),
    )
    session.add(row)
    return _noted(session, actor, "create_conversation", row)


def edit_conversation(session: Session, actor: Actor, draft: ConversationDraft) -> int:
    """Changes the title, and the convening that it belongs to."""
    row = reading.row(session, actor, draft.id, Action.EDIT_OPINION, for_update=True)
    draft = _checked(draft)
    versions.check(row, draft.version)
    _tell(session, row)
    row.title = draft.title
    row.convening_id = convenings.key_within(session, actor, row.initiative_id, draft.convening_id)
    return _noted(session, actor, "edit_conversation", row)


def delete_conversation(session: Session, actor: Actor, conversation_id: int) -> int:
    """Deletes a conversation in which nobody has voted, or one that was brought in.

    Code ``conversation_has_votes``. The votes of one that was brought in cannot be put back: the
    files from which it came can be imported again.
    """
    row = reading.row(session, actor, conversation_id, Action.EDIT_OPINION, for_update=True)
    voted = reading.has_votes(session, [each.key for each in _all(session, row)])
    if voted and not row.brought_in:
        raise ConveningError("conversation_has_votes")
    _noted(session, actor, "delete_conversation", row)
    if voted:
        journal.leave_no_image(session)
    journal.remove(session, row)
    return conversation_id


def add_statement(session: Session, actor: Actor, draft: StatementDraft) -> int:
    """Writes a statement, which waits until it is opened."""
    row = reading.row(session, actor, draft.conversation_id, Action.EDIT_OPINION, for_update=True)
    [made] = _append(session, row, [draft.text])
    _noted(session, actor, "add_statement", row, number=made.number)
    return made.key


def seed_statements(
    session: Session, actor: Actor, conversation_id: int, version_id: int, texts: Sequence[str]
) -> int:
    """Writes statements taken from what a version of a definition says is contested; how many."""
    row = reading.row(session, actor, conversation_id, Action.EDIT_OPINION, for_update=True)
    version = session.get(DefinitionVersion, version_id)
    try:
        source = definitions.row(session, actor, version.definition_id if version else None)
    except NotFound:
        raise NotFound("version") from None
    if source.initiative_id != row.initiative_id:
        raise NotFound("version")
    made = _append(session, row, texts, version_id)
    _noted(session, actor, "seed_statements", row, count=len(made))
    return len(made)


def edit_statement(session: Session, actor: Actor, draft: StatementDraft) -> int:
    """Changes the words of a statement that waits; what people voted on keeps its words.

    Codes ``statement_was_open``, ``statement_has_votes``.
    """
    found = session.get(Statement, draft.id or 0)
    if found is None:
        raise NotFound("statement")
    row, [statement] = _statements(session, actor, [found.key])
    if statement.state != StatementState.WAITING:
        raise ConveningError("statement_was_open", number=statement.number)
    if reading.has_votes(session, [statement.key]):
        raise ConveningError("statement_has_votes", number=statement.number)
    [text] = _cleaned([draft.text])
    versions.check(statement, draft.version)
    statement.text = text
    _noted(session, actor, "edit_statement", row, number=statement.number)
    return statement.key


def move_statements(
    session: Session, actor: Actor, statement_ids: Collection[int], to: StatementState
) -> int:
    """Opens, closes, hides or takes back statements of one conversation; how many.

    Code ``statement_cannot_move`` for the first one that cannot go there. A statement that opens
    again, or is hidden, leaves the wall.
    """
    row, found = _statements(session, actor, statement_ids)
    for each in found:
        state = StatementState(each.state)
        if to not in MOVES[state]:
            raise ConveningError(
                "statement_cannot_move", number=each.number, state=state, wanted=to
            )
        each.state, each.revealed = to.value, False
        versions.check(each, None)
    _noted(session, actor, "move_statements", row, count=len(found), to=to.value)
    return len(found)


def reveal(
    session: Session, actor: Actor, statement_ids: Collection[int], shown: bool = True
) -> int:
    """Shows the split of statements on the wall, or takes it off; how many.

    What is revealed is closed by that: while people still vote, the wall would tell what the last
    one voted. Code ``statement_not_open`` for one on which nobody could vote yet.
    """
    row, found = _statements(session, actor, statement_ids)
    for each in found:
        if each.state not in (StatementState.OPEN, StatementState.CLOSED):
            raise ConveningError("statement_not_open", number=each.number)
        each.revealed = shown
        if shown:
            each.state = StatementState.CLOSED.value
        versions.check(each, None)
    _noted(session, actor, "reveal", row, count=len(found), shown=int(shown))
    return len(found)


def import_conversation(
    session: Session, actor: Actor, draft: ConversationDraft, brought: PolisConversation
) -> int:
    """Brings in a conversation that was held elsewhere, with every vote; its voting is over."""
    require(actor, Action.EDIT_OPINION, draft.initiative_id)
    draft = _checked(draft)
    texts = _cleaned([each.text for each in brought.comments])
    row = Conversation(
        initiative_id=draft.initiative_id,
        title=draft.title,
        convening_id=convenings.key_within(session, actor, draft.initiative_id, draft.convening_id),
        brought_in=True,
    )
    session.add(row)
    session.flush()
    made = [
        Statement(
            conversation_id=row.key,
            number=each.number,
            text=text,
            state=(StatementState.CLOSED if each.shown else StatementState.HIDDEN).value,
        )
        for each, text in zip(brought.comments, texts, strict=True)
    ]
    session.add_all(made)
    session.flush()
    _bring_votes(session, {str(each.number): each.key for each in made}, brought)
    return _noted(session, actor, "import_conversation", row, count=len(made))


def _bring_votes(session: Session, statements: dict[str, int], brought: PolisConversation) -> None:
    nobody: frozenset[Group] = frozenset()
    votes = [
        {
            "id": secrets.token_hex(16),
            "statement_id": statements[each.statement],
            "voter": each.participant,
            "choice": CHOICES[each.vote].value,
            "groups": sorted(brought.groups.get(each.participant, nobody)),
        }
        for each in brought.votes
    ]
    if votes:
        session.execute(insert(Vote), votes)


def _append(
    session: Session, row: Conversation, texts: Sequence[str], version_id: int | None = None
) -> list[Statement]:
    """New statements after the last one of a conversation."""
    cleaned = _cleaned(texts)
    last, count = session.exec(
        select(func.max(Statement.number), func.count()).where(Statement.conversation_id == row.key)
    ).one()
    if count + len(cleaned) > MOST_STATEMENTS:
        raise ConveningError("too_many_statements", limit=MOST_STATEMENTS)
    first = 1 if last is None else last + 1
    made = [
        Statement(conversation_id=row.key, number=number, text=text, version_id=version_id)
        for number, text in enumerate(cleaned, first)
    ]
    session.add_all(made)
    session.flush()
    return made


def _statements(
    session: Session, actor: Actor, statement_ids: Collection[int]
) -> tuple[Conversation, list[Statement]]:
    """Statements of one conversation, with its row, which is locked first."""
    found = list(
        session.exec(
            select(Statement)
            .where(col(Statement.id).in_(statement_ids))
            .order_by(col(Statement.number))
        )
    )
    owners = sorted({each.conversation_id for each in found})
    if len(found) != len(set(statement_ids)) or len(owners) != 1:
        raise NotFound("statement")
    try:
        row = reading.row(session, actor, owners[0], Action.EDIT_OPINION, for_update=True)
    except NotFound:
        raise NotFound("statement") from None
    for each in found:
        session.refresh(each, with_for_update=True)
    return row, found


def _all(session: Session, row: Conversation) -> Sequence[Statement]:
    return session.exec(select(Statement).where(Statement.conversation_id == row.key)).all()


def _checked(draft: ConversationDraft) -> ConversationDraft:
    draft, problems = cleaned_conversation(draft)
    if problems:
        raise Invalid(problems)
    return draft


def _cleaned(texts: Sequence[str]) -> list[str]:
    found, problems = cleaned_texts(texts)
    if not texts:
        problems = [Problem("required", field="statement")]
    if problems:
        raise Invalid(problems)
    return found


def _tell(session: Session, row: Conversation) -> None:
    """Whoever watches a room in which the conversation is in hand sees the change."""
    in_hand = session.exec(select(Room.convening_id).where(Room.conversation_id == row.key))
    for convening_id in {*in_hand, row.convening_id} - {None}:
        events.announce(session, convening_id)


def _noted(session: Session, actor: Actor, command: str, row: Conversation, **details: Any) -> int:
    session.flush()
    _tell(session, row)
    noted(
        session,
        actor,
        command,
        row.initiative_id,
        subject="conversation",
        subject_id=row.key,
        **details,
    )
    return row.key
