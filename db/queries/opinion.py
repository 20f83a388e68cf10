"""Reading conversations: statements, what people voted, and single votes for their team."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func
from sqlalchemy import select as plain_select
from sqlmodel import Session, col, select

from convening.imports.polis import Vote as CastVote
from convening.imports.polis_files import Comment, PolisConversation
from convening.problems import ConveningError, NotFound
from convening.roles import Action, Actor, may, require
from convening.statements import (
    FEWEST_VOTERS,
    Contested,
    Conversation,
    Result,
    Results,
    Statement,
    points,
)
from convening.tallies import Counts, Groups, Tally
from convening.vocabulary import (
    Choice,
    DefinitionField,
    EntryKind,
    Group,
    StatementState,
    VersionState,
)
from db.queries import definitions
from db.tables import room, understanding, work

VALUES = {Choice.AGREE: 1, Choice.PASS: 0, Choice.DISAGREE: -1}

_Ballots = dict[Groups, Tally]


def listing(session: Session, actor: Actor, initiative_id: int) -> list[Conversation]:
    """Every conversation of an initiative, the newest first."""
    require(actor, Action.SEE_OPINION, initiative_id)
    return _conversations(session, understanding.Conversation.initiative_id == initiative_id)


def row(
    session: Session,
    actor: Actor,
    conversation_id: int | None,
    action: Action = Action.SEE_OPINION,
    *,
    for_update: bool = False,
) -> understanding.Conversation:
    """The row of a conversation that the actor may see; NotFound for a foreign one as for none."""
    found = session.get(
        understanding.Conversation, conversation_id or 0, with_for_update=for_update
    )
    if found is None or not may(actor, Action.SEE_OPINION, found.initiative_id):
        raise NotFound("conversation")
    require(actor, action, found.initiative_id)
    return found


def results(session: Session, actor: Actor, conversation_id: int) -> Results:
    """A conversation with its statements, for its team; counts of those whose voting is over."""
    found = row(session, actor, conversation_id)
    [conversation] = _conversations(session, understanding.Conversation.id == found.key)
    listed = _statements(session, found.key)
    counted = counts(session, [each.id for each in listed])
    return Results(
        conversation,
        tuple(_result(each, counted.get(each.id, Counts())) for each in listed),
        voters(session, found.key),
        _voters_over(session, found.key),
    )


def statements(session: Session, actor: Actor, conversation_id: int) -> list[Statement]:
    """The statements of a conversation in their order, without what was voted."""
    return _statements(session, row(session, actor, conversation_id).key)


def counts(session: Session, statement_ids: Sequence[int]) -> dict[int, Counts]:
    """Votes and raised hands by statement, whole: for whoever shows no more than they may."""
    cast, raised = votes(session, statement_ids), _hands(session, statement_ids)
    return {each: Counts(cast.get(each, {}), raised.get(each, {})) for each in {*cast, *raised}}


def voters(session: Session, conversation_id: int) -> dict[Groups, int]:
    """Everybody who voted, each once, by the groups that they declared with any of their votes."""
    vote, statement = understanding.Vote, understanding.Statement
    declared: dict[str, set[Group]] = defaultdict(set)
    for voter, groups in session.execute(
        plain_select(col(vote.voter), _as_text(vote.groups))
        .join(statement, col(statement.id) == col(vote.statement_id))
        .where(col(statement.conversation_id) == conversation_id)
        .distinct()
    ):
        declared[voter] |= _groups(groups)
    found: dict[Groups, int] = defaultdict(int)
    for each in declared.values():
        found[frozenset(each)] += 1
    return dict(found)


def exported(session: Session, actor: Actor, conversation_id: int) -> PolisConversation:
    """The votes of single people on the statements whose voting is over, without their groups, for
    the conversation's team alone.

    Code ``too_few_voters`` below five people. People are numbered in the order of what stands for
    them, which is random where it was made here.
    """
    found = row(session, actor, conversation_id)
    listed = [
        each for each in _statements(session, found.key) if each.state is StatementState.CLOSED
    ]
    cast_votes = _cast(session, listed)
    people = sorted({voter for voter, _, _ in cast_votes}, key=_in_order)
    if len(people) < FEWEST_VOTERS:
        raise ConveningError("too_few_voters", fewest=FEWEST_VOTERS)
    names = {
        voter: voter if found.brought_in else str(number) for number, voter in enumerate(people, 1)
    }
    place = {voter: at for at, voter in enumerate(people)}
    cast_votes.sort(key=lambda each: (each[1], place[each[0]]))
    return PolisConversation(
        tuple(Comment(each.number, each.text) for each in listed),
        tuple(
            CastVote(names[who], str(number), VALUES[choice]) for who, number, choice in cast_votes
        ),
    )


def contested(session: Session, actor: Actor, initiative_id: int) -> list[Contested]:
    """What is contested in the initiative's definitions, in the version that is in discussion, or
    else in the one that the team holds."""
    require(actor, Action.SEE_OPINION, initiative_id)
    found = []
    for each in definitions.listing(session, actor, initiative_id):
        discussed = (v for v in each.versions if v.state is VersionState.IN_DISCUSSION)
        version = next(discussed, each.current)
        listed = tuple(points(version.text[DefinitionField.CONTESTED]))
        if listed:
            found.append(Contested(version.id, each.title, version.number, listed))
    return found


def has_votes(session: Session, statement_ids: Sequence[int]) -> bool:
    """Whether anybody voted on these statements or raised a hand."""
    vote, entry = understanding.Vote, room.RoomEntry
    return any(
        session.exec(select(column).where(where).limit(1)).first() is not None
        for column, where in (
            (col(vote.id), col(vote.statement_id).in_(statement_ids)),
            (col(entry.statement_id), col(entry.statement_id).in_(statement_ids)),
        )
    )


def _result(statement: Statement, found: Counts) -> Result:
    people = sum(
        tally.votes for ballots in (found.votes, found.hands) for tally in ballots.values()
    )
    over = statement.state is StatementState.CLOSED
    return Result(statement, people, found if over else Counts())


def _conversations(session: Session, where: ColumnElement[bool] | bool) -> list[Conversation]:
    conversation, statement, vote = (
        understanding.Conversation,
        understanding.Statement,
        understanding.Vote,
    )
    rows = session.execute(
        plain_select(conversation, col(work.Convening.title))
        .join(work.Convening, col(work.Convening.id) == conversation.convening_id, isouter=True)
        .where(where)  # type: ignore[arg-type]
        .order_by(col(conversation.id).desc())
    ).all()
    ids = [each.key for each, _ in rows]
    listed: dict[tuple[int, bool], int] = defaultdict(int)
    for conversation_id, state, number in session.execute(
        plain_select(col(statement.conversation_id), col(statement.state), func.count())
        .where(col(statement.conversation_id).in_(ids))
        .group_by(col(statement.conversation_id), col(statement.state))
    ):
        listed[conversation_id, state == StatementState.WAITING] += number
    people: dict[int, int] = defaultdict(int)
    for conversation_id, number in session.execute(
        plain_select(col(statement.conversation_id), func.count(func.distinct(col(vote.voter))))
        .join(vote, col(vote.statement_id) == col(statement.id))
        .where(col(statement.conversation_id).in_(ids))
        .group_by(col(statement.conversation_id))
    ):
        people[conversation_id] = number
    return [
        Conversation(
            id=each.key,
            initiative_id=each.initiative_id,
            title=each.title,
            convening_id=each.convening_id,
            convening=title or "",
            brought_in=each.brought_in,
            statements=listed[each.key, True] + listed[each.key, False],
            waiting=listed[each.key, True],
            voters=people[each.key],
            version=each.version,
        )
        for each, title in rows
    ]


def _statements(session: Session, conversation_id: int) -> list[Statement]:
    statement, version = understanding.Statement, understanding.DefinitionVersion
    definition = understanding.Definition
    return [
        Statement(
            id=each.key,
            number=each.number,
            text=each.text,
            state=StatementState(each.state),
            revealed=each.revealed,
            version=each.version,
            definition=title or "",
            from_version=number,
        )
        for each, title, number in session.execute(
            plain_select(statement, col(definition.title), col(version.number))
            .join(version, col(version.id) == col(statement.version_id), isouter=True)
            .join(definition, col(definition.id) == col(version.definition_id), isouter=True)
            .where(col(statement.conversation_id) == conversation_id)
            .order_by(col(statement.number))
        )
    ]


def votes(session: Session, statement_ids: Sequence[int]) -> dict[int, _Ballots]:
    """Votes by statement and by the groups that were declared; the database counts, whatever the
    number."""
    vote = understanding.Vote
    groups = _as_text(vote.groups)
    found: dict[int, _Ballots] = defaultdict(dict)
    for statement_id, choice, declared, people in session.execute(
        plain_select(col(vote.statement_id), col(vote.choice), groups, func.count())
        .where(col(vote.statement_id).in_(statement_ids))
        .group_by(col(vote.statement_id), col(vote.choice), groups)
    ):
        _add(found[statement_id], _groups(declared), choice, people)
    return found


def _hands(session: Session, statement_ids: Sequence[int]) -> dict[int, _Ballots]:
    """Raised hands and cards that were not struck through, by the groups that they count for."""
    entry = room.RoomEntry
    found: dict[int, _Ballots] = defaultdict(dict)
    for each in session.exec(
        select(entry).where(
            col(entry.statement_id).in_(statement_ids),
            col(entry.kind).in_([EntryKind.HANDS.value, EntryKind.CARDS.value]),
            entry.choice != "",
            col(entry.struck_at).is_(None),
        )
    ):
        _add(found[each.statement_id or 0], map(Group, each.groups), each.choice, each.people)
    return found


def _add(ballots: _Ballots, groups: Iterable[Group], choice: str, people: int) -> None:
    declared = frozenset(groups)
    ballots[declared] = ballots.get(declared, Tally()).plus(Choice(choice), people)


def _voters_over(session: Session, conversation_id: int) -> int:
    """How many people voted on statements whose voting is over."""
    vote, statement = understanding.Vote, understanding.Statement
    return session.exec(
        select(func.count(func.distinct(col(vote.voter))))
        .join(statement, col(statement.id) == col(vote.statement_id))
        .where(
            statement.conversation_id == conversation_id,
            statement.state == StatementState.CLOSED.value,
        )
    ).one()


def _cast(session: Session, listed: Sequence[Statement]) -> list[tuple[str, int, Choice]]:
    """Who voted what on the statement of which number."""
    vote, numbers = understanding.Vote, {each.id: each.number for each in listed}
    return [
        (voter, numbers[statement_id], Choice(choice))
        for voter, statement_id, choice in session.execute(
            plain_select(col(vote.voter), col(vote.statement_id), col(vote.choice)).where(
                col(vote.statement_id).in_(list(numbers))
            )
        )
    ]


def _as_text(column: Any) -> ColumnElement[str]:
    """A column of JSON as a database can compare it."""
    return cast(col(column), Text)


def _groups(text: str) -> set[Group]:
    return set(map(Group, json.loads(text)))


def _in_order(name: str) -> tuple[int, str]:
    """Numbers in their order, before names."""
    return (int(name), "") if name.isdecimal() and len(name) < 10 else (10**10, name)
