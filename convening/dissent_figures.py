"""Whose dissent gets answered: how many views were raised, answered and confirmed, by group."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from statistics import median

import pandas as pd

from convening import disclosure
from convening.ledger import Answer, Entry
from convening.vocabulary import Attribution, DissentState, Group, Outcome

_NEVER_RAISED = frozenset({DissentState.STRUCK})
_STEPS = ("raised", "answered", "confirmed")


@dataclass(frozen=True)
class Row:
    """Views of one group, or of all: how many, how many have an answer, how many owners say that
    it answers them, and the median of the days until the first answer (None before there is one).

    In a row that leaves the team None is a figure that is withheld.
    """

    raised: int | None
    answered: int | None
    confirmed: int | None
    days: float | None

    @property
    def percent(self) -> float | None:
        """What share is answered, 0..100; None below ten views."""
        return disclosure.percent(self.answered, self.raised)


@dataclass(frozen=True)
class Figures:
    """``by_group`` leaves out, for each group, the views without a name where it is too small;
    ``left_out`` is how many views stand in the total and in no group's row, for that reason or
    because they name none."""

    total: Row
    by_group: Mapping[Group, Row]
    left_out: int


@dataclass(frozen=True)
class Suppressed:
    """The same as it may leave the team."""

    total: Row
    by_group: Mapping[Group, Row]


def of(entries: Iterable[Entry], countable: Set[Group]) -> Figures:
    """The figures as the team sees them. A view of two groups counts in both.

    ``countable`` are the groups large enough that their views without a name may be counted.
    """
    raised = _raised(entries)
    by_group = {
        group: [
            each
            for each in raised
            if group in each.groups
            and (group in countable or each.attribution is Attribution.NAMED)
        ]
        for group in Group
    }
    counted = {each.id for found in by_group.values() for each in found}
    left_out = [each for each in raised if each.id not in counted]
    return Figures(
        total=_row(raised),
        by_group={group: _row(found) for group, found in by_group.items()},
        left_out=len(left_out),
    )


def suppressed(entries: Iterable[Entry], countable: Set[Group]) -> Suppressed:
    """The figures as they may leave the team: withheld are counts of 1 to 4, groups that are not
    ``countable``, and what a withheld figure could be computed from."""
    raised = _raised(entries)
    rows = {group: _row([each for each in raised if group in each.groups]) for group in Group}
    total = _row(raised)
    counts = pd.DataFrame(
        [[getattr(row, step) for step in _STEPS] for row in rows.values()],
        index=list(Group),
        columns=list(_STEPS),
    )
    people = pd.Series({step: getattr(total, step) for step in _STEPS})
    shown = disclosure.suppress_funnel(counts, people)
    for group in Group:
        if group not in countable:
            shown.loc[group] = pd.NA
    return Suppressed(
        total=_withheld(total, {step: disclosure.withhold(people[step]) for step in _STEPS}),
        by_group={
            group: _withheld(row, {step: _value(shown.loc[group, step]) for step in _STEPS})
            for group, row in rows.items()
        },
    )


def days_to_answer(entry: Entry) -> int | None:
    """Days from the day on which a view was raised to its first answer; None without one."""
    first = next(iter(_answers(entry)), None)
    if first is None or first.responded_at is None or entry.raised_on is None:
        return None
    return max(0, (first.responded_at.date() - entry.raised_on).days)


def _raised(entries: Iterable[Entry]) -> list[Entry]:
    return [each for each in entries if each.state not in _NEVER_RAISED]


def _answers(entry: Entry) -> list[Answer]:
    return [each for each in entry.answers if each.outcome is not Outcome.WITHDRAWN]


def _row(entries: Sequence[Entry]) -> Row:
    answered = [each for each in entries if _answers(each)]
    days = [found for each in answered if (found := days_to_answer(each)) is not None]
    return Row(
        raised=len(entries),
        answered=len(answered),
        confirmed=sum(each.state is DissentState.CONFIRMED for each in entries),
        days=float(median(days)) if days else None,
    )


def _withheld(row: Row, shown: Mapping[str, int | None]) -> Row:
    """The row with the figures that may be shown; its days only where those answered are many."""
    return Row(
        **{step: shown[step] for step in _STEPS},
        days=row.days if (shown["answered"] or 0) >= disclosure.K else None,
    )


def _value(cell: object) -> int | None:
    return None if cell is pd.NA else int(str(cell))
