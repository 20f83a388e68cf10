"""Opinion by group as it may leave the team: no small number, and none left by subtraction."""

from collections.abc import Sequence

from convening import tallies
from convening.charts.figures import or_withheld
from convening.disclosure import K
from convening.exports.tables import Cell, write_csv
from convening.i18n import Translator
from convening.statements import Result
from convening.tallies import Figures, Tally
from convening.vocabulary import Group

_COLUMNS = ("number", "statement", "group", "agree", "disagree", "pass")


def write(results: Sequence[Result], t: Translator, k: int = K) -> bytes:
    """A CSV file with a row for all votes on each statement and one for each group that voted.

    Votes and raised hands together, of statements whose voting is over. A count of 1 to ``k`` - 1
    is withheld, in the row for all votes too, with the others of its row that would give it away;
    of a group that would point at fewer than ``k`` people, all are. One mark stands for each.
    """
    rows: list[Sequence[Cell]] = [[t(f"opinion.column_{name}") for name in _COLUMNS]]
    for each in results:
        ballots = each.counts.together
        shown = tallies.for_everybody(ballots, k)
        found: list[tuple[str, Figures]] = [
            (t("opinion.everyone"), tallies.total_for_everybody(ballots, k)),
            *((t.word(group), _whole(shown.get(group))) for group in Group if _voted(each, group)),
        ]
        rows += [
            [
                *(each.statement.number, each.statement.text, name),
                *(or_withheld(figure, t) for figure in figures),
            ]
            for name, figures in found
        ]
    return write_csv(rows)


def _voted(result: Result, group: Group) -> bool:
    return any(group in groups for groups in result.counts.together)


def _whole(tally: Tally | None) -> Figures:
    return (tally.agree, tally.disagree, tally.pass_) if tally else (None, None, None)
