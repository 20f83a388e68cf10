"""Whoever dissents or answers, and whoever adopts, wait for each other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from sqlmodel import Session, col, select

from convening.dissent_drafts import ResponseDraft
from convening.problems import ConveningError, Invalid
from convening.vocabulary import (
    Attribution,
    NoteRelease,
    NoteState,
    Outcome,
    RoomState,
    VersionState,
)
from db import room_codes, transaction
from db.commands import adoption, dissent, keeper, receipts, responses
from db.engine import Engines
from db.queries import definitions as reading
from db.tables.understanding import AnonymousNote, DefinitionVersion, DissentingView
from tests import dissent_world
from tests.dissent_world import World

STANDS = ResponseDraft(Outcome.STANDS, "The rent is not in our hands.")
CODE = "WXYZ98765432"
Work = Callable[[Session, World], Any]


@pytest.fixture
def world(engines: Engines) -> World:
    """With a view that Bob raised and one with a receipt code, both answered to content, and a
    note that is hidden; the room was closed."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        found = dissent_world.world(session)
        bob, alice = found.people.bob, found.people.alice
        dissent_world.room(session, found.convening_id, NoteRelease.LIVE, RoomState.CLOSED)
        drafts = (
            found.draft(own=True, attribution=Attribution.NAMED),
            found.draft(receipt_code=CODE),
        )
        for draft in drafts:
            made = dissent.record_dissent(session, bob, draft)
            responses.respond(session, alice, made, STANDS)
        responses.note_reply(session, bob, own(session), True)
        receipts.reply_by_receipt(session, CODE, True)
        dissent_world.note(session, found, state=NoteState.HIDDEN)
    return found


def own(session: Session) -> int:
    return (
        session.exec(select(DissentingView).where(col(DissentingView.owner_id).is_not(None)))
        .one()
        .key
    )


def say_no(session: Session, world: World) -> None:
    responses.note_reply(session, world.people.bob, own(session), False)


def say_no_by_receipt(session: Session, _world: World) -> None:
    receipts.reply_by_receipt(session, CODE, False)


def withdraw(session: Session, world: World) -> None:
    responses.withdraw(session, world.people.bob, own(session))


def raise_view(session: Session, world: World) -> None:
    dissent.record_dissent(session, world.people.bob, world.draft(statement="Late"))


def leave_note(session: Session, world: World) -> None:
    code = room_codes.new_receipt()
    draft = world.draft(attribution=Attribution.ANONYMOUS, receipt_code=code)
    dissent.record_dissent(session, world.people.bob, draft)


def show_note(session: Session, world: World) -> None:
    note = session.exec(select(AnonymousNote)).one()
    keeper.show_note(session, world.people.bob, note.id)


def adopt(session: Session, world: World) -> None:
    adoption.adopt(session, world.people.alice, world.versions[1], world.convening_id)


def meanwhile(engines: Engines, world: World, first: Work, second: Work) -> BaseException | None:
    """Does the second while the first is not committed; what the second came to."""

    def run() -> None:
        with transaction.writing(engines, actor_id=world.people.alice.user_id) as session:
            second(session, world)

    with ThreadPoolExecutor(1) as pool:
        with transaction.writing(engines, actor_id=world.people.bob.user_id) as session:
            first(session, world)
            session.flush()
            late = pool.submit(run)
            with suppress(TimeoutError):
                late.result(timeout=0.3)
            assert not late.done()
        return late.exception(timeout=20)


def state(engines: Engines, world: World) -> VersionState:
    with transaction.reading(engines) as session:
        return VersionState(session.get_one(DefinitionVersion, world.versions[1]).state)


@pytest.mark.parametrize("said", [say_no, say_no_by_receipt, raise_view, leave_note, show_note])
def test_nothing_is_adopted_over_what_is_being_said(
    engines: Engines, world: World, said: Work
) -> None:
    assert isinstance(meanwhile(engines, world, said, adopt), Invalid)
    assert state(engines, world) is VersionState.IN_DISCUSSION


@pytest.mark.parametrize("said", [say_no, say_no_by_receipt, withdraw])
def test_what_was_adopted_is_not_unsaid(engines: Engines, world: World, said: Work) -> None:
    error = meanwhile(engines, world, adopt, said)
    assert isinstance(error, ConveningError)
    assert error.code in ("cannot_reply", "cannot_withdraw")
    assert state(engines, world) is VersionState.ADOPTED
    with transaction.reading(engines) as session:
        assert reading.open_views(session, world.people.alice, world.definition_id, 2) == []


def test_a_view_that_comes_while_a_version_is_adopted_is_later_than_that(
    engines: Engines, world: World
) -> None:
    assert meanwhile(engines, world, adopt, raise_view) is None
    with transaction.reading(engines) as session:
        adopted_at = session.get_one(DefinitionVersion, world.versions[1]).adopted_at
        late = session.exec(select(DissentingView).where(DissentingView.statement == "Late")).one()
        assert adopted_at is not None
        assert late.created_at >= adopted_at
