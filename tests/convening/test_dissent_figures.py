"""Whose dissent gets answered, and how long it takes."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from convening import dissent_figures
from convening.ledger import Answer, Entry
from convening.vocabulary import Attribution, DissentState, Group, Outcome, Strength

STEWARD = frozenset({Group.STEWARD})
DAY = date(2026, 3, 2)


def entry(
    identity: int,
    *,
    groups: frozenset[Group] = STEWARD,
    days: int | None = None,
    attribution: Attribution = Attribution.NAMED,
    state: DissentState = DissentState.UNANSWERED,
    outcome: Outcome = Outcome.STANDS,
) -> Entry:
    """A view raised on the second of March and answered so many days later."""
    answers: tuple[Answer, ...] = ()
    if days is not None:
        at = datetime(2026, 3, 2 + days, 12, tzinfo=UTC)
        answers = (Answer(identity, 1, outcome, "", "Alice", responded_at=at),)
    return Entry(
        id=identity,
        definition_id=1,
        version_id=1,
        number=1,
        strength=Strength.CONCERN,
        statement="No",
        attribution=attribution,
        groups=groups,
        state=state,
        raised_on=DAY,
        answers=answers,
    )


def figures(entries: Sequence[Entry], *countable: Group) -> dissent_figures.Figures:
    return dissent_figures.of(entries, frozenset(countable))


def test_days_are_the_median_until_the_first_answer() -> None:
    found = figures([entry(1, days=1), entry(2, days=4), entry(3, days=9), entry(4)])
    assert (found.total.raised, found.total.answered, found.total.days) == (4, 3, 4.0)


def test_without_an_answer_there_are_no_days() -> None:
    assert figures([entry(1)]).total.days is None


def test_a_withdrawal_is_no_answer() -> None:
    gone = entry(1, days=1, state=DissentState.WITHDRAWN, outcome=Outcome.WITHDRAWN)
    found = figures([gone])
    assert (found.total.raised, found.total.answered, found.total.days) == (1, 0, None)


def test_what_was_struck_was_never_raised() -> None:
    assert figures([entry(1, state=DissentState.STRUCK)]).total.raised == 0


def test_a_view_of_two_groups_counts_in_both() -> None:
    both = frozenset({Group.STEWARD, Group.GATEWAY})
    found = figures([entry(1, groups=both, days=0, state=DissentState.CONFIRMED)])
    rows = [found.by_group[group] for group in both]
    assert [(row.raised, row.answered, row.confirmed) for row in rows] == [(1, 1, 1)] * 2
    assert found.by_group[Group.INFLUENCER].raised == 0


def test_views_without_a_name_count_only_for_large_groups() -> None:
    entries = [entry(1, attribution=Attribution.GROUP_ONLY), entry(2)]
    small, large = figures(entries), figures(entries, Group.STEWARD)
    assert (small.by_group[Group.STEWARD].raised, small.left_out) == (1, 1)
    assert (large.by_group[Group.STEWARD].raised, large.left_out) == (2, 0)


def test_a_view_of_no_group_is_told_among_those_that_no_row_holds() -> None:
    found = figures([entry(1), entry(2, groups=frozenset())], Group.STEWARD)
    row = found.by_group[Group.STEWARD]
    assert (found.total.raised, row.raised, found.left_out) == (2, 1, 1)


def test_percentages_come_from_ten_views_on() -> None:
    nine = [entry(number, days=0) for number in range(9)]
    assert figures(nine).total.percent is None
    assert figures([*nine, entry(10)]).total.percent == 90.0


def test_what_leaves_the_team_withholds_small_counts_and_small_groups() -> None:
    stewards = [entry(number, days=2) for number in range(12)]
    gateways = [entry(20 + number, groups=frozenset({Group.GATEWAY})) for number in range(6)]
    found = dissent_figures.suppressed([*stewards, *gateways], frozenset({Group.STEWARD}))
    assert (found.total.raised, found.total.answered, found.total.days) == (18, 12, 2.0)
    assert found.by_group[Group.STEWARD].raised == 12
    row = found.by_group[Group.GATEWAY]
    assert (row.raised, row.answered, row.confirmed, row.days) == (None, None, None, None)


def test_a_total_of_four_does_not_leave_the_team() -> None:
    found = dissent_figures.suppressed([entry(number) for number in range(4)], frozenset(Group))
    assert found.total.raised is None
    assert {row.raised for row in found.by_group.values()} <= {None, 0}


def test_no_dissent_at_all_can_be_told() -> None:
    found = dissent_figures.suppressed([], frozenset())
    assert (found.total.raised, found.total.answered) == (0, 0)
