"""A view's way from raised to closed, and what keeps a version from being adopted."""

from datetime import UTC, datetime, timedelta

import pytest

from convening import dissent
from convening.dissent import Response, View, ViewText
from convening.vocabulary import DissentState, Outcome, Strength

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
STANDS, INCORPORATED = Outcome.STANDS, Outcome.INCORPORATED


def no(outcome: Outcome = STANDS) -> Response:
    return Response(outcome, NOW - WEEK, answers=False)


@pytest.mark.parametrize(
    ("view", "wanted"),
    [
        (View(1), DissentState.UNANSWERED),
        (View(1, (Response(STANDS),)), DissentState.NOT_ASKED),
        (View(1, (Response(STANDS, NOW - WEEK + timedelta(seconds=1)),)), DissentState.ASKED),
        (View(1, (Response(STANDS, NOW - WEEK),)), DissentState.NO_REPLY),
        (View(1, (Response(STANDS, NOW, answers=True),)), DissentState.CONFIRMED),
        (View(1, (no(),)), DissentState.REOPENED),
        (View(1, (no(), Response(STANDS))), DissentState.NOT_ASKED),
        (View(1, (no(), no())), DissentState.UNSIGNED),
        (View(1, (no(), no()), signatures=1), DissentState.UNSIGNED),
        (View(1, (no(), no()), signatures=2), DissentState.STILL_NO),
        (View(1, (no(), Response(STANDS, NOW, answers=True))), DissentState.CONFIRMED),
        (View(1, (Response(Outcome.WITHDRAWN),)), DissentState.WITHDRAWN),
        (View(1, struck=True), DissentState.STRUCK),
    ],
)
def test_where_a_view_stands(view: View, wanted: DissentState) -> None:
    assert dissent.state(view, NOW) is wanted


def test_a_version_is_held_up_by_every_view_that_is_not_closed() -> None:
    views = [
        View(1),
        View(2, (Response(STANDS),)),
        View(3, (Response(INCORPORATED, NOW - timedelta(days=2)),)),
        View(4, (no(),)),
        View(5, (no(), no()), signatures=1),
        View(6, (Response(STANDS, NOW, answers=True),)),
        View(7, struck=True),
    ]
    found = dissent.adoption(views, NOW)
    assert [(each.code, each.params) for each in found] == [
        ("dissent_unanswered", {"view": 1}),
        ("dissent_not_asked", {"view": 2}),
        ("dissent_still_asked", {"view": 3, "until": NOW + timedelta(days=5)}),
        ("dissent_reopened", {"view": 4}),
        ("dissent_unsigned", {"view": 5, "count": 1}),
    ]
    assert dissent.adoption(views[5:], NOW) == []
    assert dissent.adoption([], NOW) == []


def test_while_a_room_is_open_it_alone_is_told() -> None:
    found = dissent.adoption([View(1), View(2)], NOW, ["Evening"])
    assert [(each.code, each.params) for each in found] == [
        ("room_holds_adoption", {"convening": "Evening"})
    ]


EARLIER, LATER = NOW - timedelta(days=1), NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("where", "adopted_at", "loose"),
    [
        (DissentState.CONFIRMED, None, True),
        (DissentState.CONFIRMED, EARLIER, True),
        (DissentState.CONFIRMED, NOW, False),
        (DissentState.NO_REPLY, LATER, False),
        (DissentState.REOPENED, EARLIER, True),
        (DissentState.WITHDRAWN, None, False),
        (DissentState.STRUCK, None, False),
    ],
)
def test_something_can_be_said_of_a_view_until_it_is_gone_or_adopted_with(
    where: DissentState, adopted_at: datetime | None, *, loose: bool
) -> None:
    assert dissent.is_loose(where, NOW, adopted_at) is loose


def test_a_view_without_a_response_is_part_of_no_adoption() -> None:
    assert dissent.is_loose(DissentState.UNANSWERED, None, LATER)


def test_what_is_answered_so_or_still_refused_stands() -> None:
    views = [
        View(1, (Response(STANDS, NOW, answers=True),)),
        View(2, (Response(STANDS, NOW - WEEK),)),
        View(3, (no(INCORPORATED), no(INCORPORATED)), signatures=2),
        View(4, (Response(INCORPORATED, NOW, answers=True),)),
        View(5, (Response(Outcome.WITHDRAWN),)),
        View(6, (Response(STANDS, NOW - WEEK),), struck=True),
        View(7, (Response(STANDS, NOW),)),
    ]
    assert [view.id for view in dissent.standing(views, NOW)] == [1, 2, 3]


@pytest.mark.parametrize("strength", [Strength.CONCERN, Strength.DISAGREEMENT])
def test_a_concern_needs_a_sentence_only(strength: Strength) -> None:
    text, problems = dissent.check_text(ViewText(strength, " The rent will rise. "))
    assert (text.statement, problems) == ("The rent will rise.", [])


def test_an_objection_needs_its_reason() -> None:
    _, problems = dissent.check_text(ViewText(Strength.OBJECTION, "No police.", " \n "))
    assert [(each.code, each.field) for each in problems] == [("objection_needs_reason", "reason")]


def test_nothing_said_is_no_view() -> None:
    _, problems = dissent.check_text(ViewText(Strength.CONCERN, ""))
    assert [(each.code, each.field) for each in problems] == [("required", "statement")]
