"""Remarks about the product: given by anybody, read and followed up by administrators."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session

from convening.feedback import FeedbackDraft, FollowUpDraft, RemarkFilter
from convening.problems import ConveningError, Forbidden, NotFound
from convening.roles import Actor
from convening.vocabulary import FeedbackState, Language, Role
from db.commands import feedback
from db.queries import feedback as reading
from db.queries.accounts import actor
from db.tables.accounts import User
from tests import builders

DRAFT = FeedbackDraft("door", Language.ARABIC, "The names first")


@pytest.fixture
def max_(session: Session) -> Actor:
    return actor(session, builders.user(session, "Max", Role.MEMBER))


@pytest.fixture
def ada(session: Session) -> Actor:
    return actor(session, builders.user(session, "Ada", Role.ADMINISTRATOR))


def codes(call: Callable[..., Any], *args: Any) -> list[str]:
    with pytest.raises(ConveningError) as caught:
        call(*args)
    return [each.code for each in caught.value.problems]


def test_a_remark_is_kept_with_its_screen_language_and_author(
    session: Session, max_: Actor, ada: Actor
) -> None:
    remark = feedback.give_feedback(session, max_, DRAFT)
    found = reading.page(session, ada)
    assert found.total == 1
    (first,) = found.remarks
    assert (first.id, first.who, first.screen, first.language, first.expected) == (
        remark,
        "Max",
        "door",
        Language.ARABIC,
        "The names first",
    )
    assert (first.state, first.tried, first.version) == (FeedbackState.OPEN, "", 1)


def test_somebody_without_a_role_gives_none_and_a_member_reads_none(
    session: Session, max_: Actor
) -> None:
    with pytest.raises(Forbidden):
        feedback.give_feedback(session, Actor(max_.user_id, frozenset()), DRAFT)
    remark = feedback.give_feedback(session, max_, DRAFT)
    with pytest.raises(Forbidden):
        reading.page(session, max_)
    with pytest.raises(Forbidden):
        reading.everything(session, max_)
    with pytest.raises(Forbidden):
        feedback.follow_up(session, max_, FollowUpDraft(remark, 1, FeedbackState.SET_ASIDE))
    with pytest.raises(Forbidden):
        feedback.delete_remark(session, max_, remark)


def test_what_was_tried_is_noted_and_a_second_editor_noticed(
    session: Session, max_: Actor, ada: Actor
) -> None:
    remark = feedback.give_feedback(session, max_, DRAFT)
    follow_up = feedback.follow_up
    assert codes(follow_up, session, ada, FollowUpDraft(remark, 1, FeedbackState.HELPED)) == [
        "required"
    ]
    follow_up(session, ada, FollowUpDraft(remark, 1, FeedbackState.HELPED, "Names first"))
    stale = FollowUpDraft(remark, 1, FeedbackState.OPEN)
    assert codes(follow_up, session, ada, stale) == ["changed_meanwhile"]
    (found,) = reading.page(session, ada).remarks
    assert (found.state, found.tried, found.version) == (FeedbackState.HELPED, "Names first", 2)


def test_remarks_come_in_pages_the_newest_first_and_narrowed(
    session: Session, max_: Actor, ada: Actor
) -> None:
    ids = [
        feedback.give_feedback(session, max_, FeedbackDraft(screen, Language.ENGLISH, "x"))
        for screen in ("door", "door", "home")
    ]
    feedback.follow_up(session, ada, FollowUpDraft(ids[0], 1, FeedbackState.SET_ASIDE))
    first = reading.page(session, ada, size=2)
    assert ([each.id for each in first.remarks], first.total) == ([ids[2], ids[1]], 3)
    assert [each.id for each in reading.page(session, ada, page=1, size=2).remarks] == [ids[0]]
    door = RemarkFilter("door", FeedbackState.OPEN)
    assert [each.id for each in reading.everything(session, ada, door)] == [ids[1]]
    assert reading.screens(session, ada) == ["door", "home"]
    states = reading.by_state(session, ada)
    assert (states[FeedbackState.OPEN], states[FeedbackState.HELPED]) == (2, 0)


def test_a_remark_outlives_its_author_without_the_name(
    session: Session, max_: Actor, ada: Actor
) -> None:
    feedback.give_feedback(session, max_, DRAFT)
    session.delete(session.get_one(User, max_.user_id))
    session.flush()
    session.expire_all()
    (found,) = reading.page(session, ada).remarks
    assert (found.who, found.expected) == ("", "The names first")


def test_a_deleted_remark_is_gone_for_good(session: Session, max_: Actor, ada: Actor) -> None:
    remark = feedback.give_feedback(session, max_, DRAFT)
    feedback.delete_remark(session, ada, remark, 1)
    assert reading.page(session, ada).total == 0
    with pytest.raises(NotFound):
        feedback.delete_remark(session, ada, remark)
