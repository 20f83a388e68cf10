"""Whatever somebody searches for, or brings along as a token: an answer, the same on both."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session

import db.queries
from convening.community import PersonFilter
from convening.invitations import ChoiceFilter
from convening.outbox import Wanted
from convening.problems import NotFound
from db import transaction
from db.engine import Engines
from db.queries import (
    accounts,
    after,
    calendar_feeds,
    community,
    door,
    invitations,
    outbox,
    participation,
    people,
    personal_links,
    receipts,
    users,
)
from tests.db.text_entries import World
from tests.db.text_worlds import ENDLESS, HOSTILE, engines, taken_by, world

assert engines
assert world  # fixtures

SEARCHES: dict[str, Callable[[Session, World, str], Any]] = {
    "PersonFilter.search": lambda session, world, text: (
        community.people(session, world.alice, world.initiative_id, PersonFilter(search=text)).total
    ),
    "ChoiceFilter.search": lambda session, world, text: (
        invitations.choices(
            session, world.alice, world.convening_id, ChoiceFilter(search=text)
        ).total
    ),
    "find.text": lambda session, world, text: len(
        people.find(session, world.alice, world.initiative_id, text)
    ),
    "Wanted.search": lambda session, world, text: (
        outbox.mailbox(session, world.alice, Wanted(world.initiative_id, search=text)).total
    ),
    "credentials.email": lambda session, _world, text: accounts.credentials(session, text),
    "login_session_of.token": lambda session, _world, text: accounts.login_session_of(
        session, text
    ),
    "open_link.token": lambda session, _world, text: (
        users.open_link(session, text) or personal_links.open_link(session, text)
    ),
    "feed.token": lambda session, _world, text: calendar_feeds.feed(session, text),
    "became.token": lambda session, _world, text: receipts.became(session, text),
    "open_pulse.token": lambda session, _world, text: after.open_pulse(session, text),
    "by_code.code": lambda session, _world, text: receipts.by_code(session, text),
    "by_link.token": lambda session, _world, text: participation.by_link(session, text),
    "as_code.typed": lambda _session, _world, text: participation.as_code(text),
    "token_of.code": lambda session, _world, text: participation.token_of(session, text),
    "is_a_code.token": lambda session, _world, text: door.is_a_code(session, text),
    "arriving.token": lambda session, world, text: _missing(
        lambda: door.arriving(session, world.alice, text)
    ),
}
# Records that a query takes as another query gave them.
STORED = (
    *("Convening.", "Block.", "Logged.", "Note.", "Participant.", "Room.", "RoomSnapshot."),
    *("RoomStatement.", "VersionInHand."),
)
# Parameters of queries that no person fills in.
NOT_TYPED = {
    "last.subject": "a word of ours",
    "message.base": "the address of the server",
    "title.values": "what stood in the database",
    "RemarkFilter.screen": "chosen from those that there are",
    "entry.dissent_id": "the id of one that was shown",
    "record.dissent_id": "found by its receipt code",
}


def _missing(read: Callable[[], object]) -> None:
    with pytest.raises(NotFound):
        read()


def test_every_text_that_a_query_takes_is_tried_here() -> None:
    taken = {each for each in taken_by(db.queries) if not each.startswith(STORED)}
    assert taken - set(NOT_TYPED) - set(SEARCHES) == set()


@pytest.mark.parametrize("search", sorted(SEARCHES))
def test_a_hostile_text_finds_nothing_that_was_not_asked_for(
    engines: Engines, world: World, search: str
) -> None:
    everybody = SEARCHES[search]
    for text in (*(f"no{each}body" for each in HOSTILE), *ENDLESS, "%", "_", "\\", "'; --"):
        with transaction.reading(engines) as session:
            assert not everybody(session, world, text), text[:20]
