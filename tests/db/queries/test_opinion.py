"""Reading conversations: nothing of what is still voted on, and no groups in what leaves."""

import pytest

from convening import statements
from convening.exports import polis
from convening.imports import polis_files
from convening.problems import ConveningError
from convening.tallies import Counts, Tally
from convening.vocabulary import Choice, EntryKind, Group, StatementState
from db import transaction
from db.engine import Engines
from db.queries import opinion
from db.tables.room import RoomEntry
from tests import builders
from tests.statements import count

W, O, C, H = StatementState  # noqa: E741
S, G, I = Group.STEWARD, Group.GATEWAY, Group.INFLUENCER  # noqa: E741


@pytest.fixture
def people(engines: Engines) -> builders.People:
    with transaction.writing(engines, actor_id=None) as session:
        return builders.people(session)


@pytest.fixture
def room(engines: Engines, people: builders.People) -> int:
    """A conversation: closed, open, hidden; eight stewards against eight gateways, and hands."""
    with transaction.writing(engines, actor_id=None) as session:
        meeting = builders.convening(session, builders.stage(session, people.initiative_id))
        made, ids = builders.conversation(session, people.initiative_id, C, O, H)
        for statement in ids:
            builders.votes(session, statement, Choice.DISAGREE, [f"s{n}" for n in range(8)], S)
            builders.votes(session, statement, Choice.AGREE, [f"g{n}" for n in range(7)], G)
            builders.votes(session, statement, Choice.PASS, ["both"], S, G)
        builders.votes(session, ids[0], Choice.AGREE, ["x"])
        builders.hands(session, meeting, ids[0], Choice.AGREE, 3, I)
        builders.hands(session, meeting, ids[0], Choice.AGREE, 1, I, kind=EntryKind.CARDS)
        struck = builders.hands(session, meeting, ids[0], Choice.DISAGREE, 9, I)
        session.get_one(RoomEntry, struck).struck_at = builders.START
    return made


def test_votes_and_hands_are_counted_once_voting_is_over(
    engines: Engines, people: builders.People, room: int
) -> None:
    with transaction.reading(engines) as session:
        found = opinion.results(session, people.bob, room)
    closed, still_open, hidden = found.statements
    assert closed.counts == Counts(
        {
            frozenset({S}): Tally(disagree=8),
            frozenset({G}): Tally(agree=7),
            frozenset({S, G}): Tally(pass_=1),
            frozenset(): Tally(agree=1),
        },
        {frozenset({I}): Tally(agree=4)},
    )
    assert (closed.people, still_open.people, hidden.people) == (21, 16, 16)
    assert (still_open.counts, hidden.counts) == (Counts(), Counts())
    assert found.voters == {
        frozenset({S}): 8,
        frozenset({G}): 7,
        frozenset({S, G}): 1,
        frozenset(): 1,
    }
    assert (found.conversation.voters, found.conversation.statements) == (17, 3)


def test_the_stewards_stand_alone_in_what_the_team_reads(
    engines: Engines, people: builders.People, room: int
) -> None:
    with transaction.reading(engines) as session:
        found = statements.read(opinion.results(session, people.bob, room))
    [(statement, split)] = found.splits.items()
    assert split == {S: Tally(0, 8, 1), G: Tally(7, 0, 1), I: Tally(4, 0, 0)}
    assert found.alone == ((statement, S, True),)


def test_a_person_who_declared_more_later_is_one_voter(
    engines: Engines, people: builders.People
) -> None:
    with transaction.writing(engines, actor_id=None) as session:
        made, ids = builders.conversation(session, people.initiative_id, C, C)
        builders.votes(session, ids[0], Choice.AGREE, ["a"])
        builders.votes(session, ids[1], Choice.AGREE, ["a"], S)
    with transaction.reading(engines) as session:
        assert opinion.voters(session, made) == {frozenset({S}): 1}


def test_what_leaves_in_the_polis_layout_names_nobody_and_no_group(
    engines: Engines, people: builders.People, room: int
) -> None:
    with transaction.reading(engines) as session:
        found = opinion.exported(session, people.bob, room)
    assert [each.number for each in found.comments] == [1]
    assert found.groups == {}
    assert {each.participant for each in found.votes} == {str(n) for n in range(1, 18)}
    assert sorted(each.vote for each in found.votes) == [-1] * 8 + [0] + [1] * 8
    again = polis_files.read(list(polis.files(found).values()))
    assert (again.problems, again.records) == ((), (found,))
    written = b"".join(polis.files(found).values())
    assert not any(word in written for word in (b"steward", b"gateway", b"both", b"s0"))


def test_fewer_than_five_voters_are_not_exported(engines: Engines, people: builders.People) -> None:
    with transaction.writing(engines, actor_id=None) as session:
        made, ids = builders.conversation(session, people.initiative_id, C, O)
        builders.votes(session, ids[0], Choice.AGREE, "abcd")
        builders.votes(session, ids[1], Choice.AGREE, "abcdefgh")
    with (
        transaction.reading(engines) as session,
        pytest.raises(ConveningError, match="too_few_voters"),
    ):
        opinion.exported(session, people.bob, made)


def test_ten_conversations_take_as_many_statements_as_one(
    engines: Engines, people: builders.People
) -> None:
    taken = []
    for number in (1, 9):
        with transaction.writing(engines, actor_id=None) as session:
            for _ in range(number):
                made, ids = builders.conversation(session, people.initiative_id, *[C] * number)
                for each in ids:
                    builders.votes(session, each, Choice.AGREE, "abcdef", S)
        with transaction.reading(engines) as session:
            listing = count(session, opinion.listing, people.bob, people.initiative_id)
            taken.append((listing, count(session, opinion.results, people.bob, made)))
    assert taken[0] == taken[1]
