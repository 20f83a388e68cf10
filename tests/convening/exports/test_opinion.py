"""Opinion by group as it leaves the team."""

import csv
import io
import itertools

from convening.exports import opinion
from convening.i18n import Translator
from convening.statements import Result, Statement
from convening.tallies import Counts, Groups, Tally
from convening.vocabulary import Group, Language, StatementState

S, G, I = (frozenset({each}) for each in Group)  # noqa: E741


def result(number: int, votes: dict[Groups, Tally], hands: dict[Groups, Tally]) -> Result:
    statement = Statement(number, number, f"=Text {number}", StatementState.CLOSED, False, 1)
    return Result(statement, 1, Counts(votes, hands))


RESULTS = [
    result(1, {S: Tally(6, 5, 0), G: Tally(9, 5, 0)}, {}),
    result(2, {S: Tally(2, 9, 0), G: Tally(9, 8, 0)}, {I: Tally(5, 0, 0)}),
    result(3, {S: Tally(12, 1, 2), G: Tally(4, 2, 0)}, {}),
    result(4, {S: Tally(2, 0, 1)}, {}),
]


def test_a_count_below_five_is_withheld_with_what_would_tell_it() -> None:
    written = opinion.write(RESULTS, Translator(Language.ENGLISH)).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(written)))[1:] == [
        ["1", "'=Text 1", "All votes", "15", "10", "0"],
        ["1", "'=Text 1", "stewards", "6", "5", "0"],
        ["1", "'=Text 1", "gateways", "9", "5", "0"],
        ["2", "'=Text 2", "All votes", "16", "17", "0"],
        ["2", "'=Text 2", "stewards", "withheld", "withheld", "withheld"],
        ["2", "'=Text 2", "gateways", "9", "8", "0"],
        ["2", "'=Text 2", "influencers", "withheld", "withheld", "withheld"],
        ["3", "'=Text 3", "All votes", "16", "withheld", "withheld"],
        ["3", "'=Text 3", "stewards", "withheld", "withheld", "withheld"],
        ["3", "'=Text 3", "gateways", "withheld", "withheld", "withheld"],
        ["4", "'=Text 4", "All votes", "withheld", "withheld", "withheld"],
        ["4", "'=Text 4", "stewards", "withheld", "withheld", "withheld"],
    ]


def test_no_row_of_the_file_holds_a_count_of_one_to_four() -> None:
    every = [
        result(number, {S: Tally(*told)}, {})
        for number, told in enumerate(itertools.product(range(8), repeat=3))
    ]
    written = opinion.write(every, Translator(Language.ENGLISH)).decode("utf-8-sig")
    cells = {cell for row in list(csv.reader(io.StringIO(written)))[1:] for cell in row[3:]}
    assert cells == {"0", "5", "6", "7", "withheld"}


def test_the_file_speaks_arabic() -> None:
    written = opinion.write(RESULTS[1:], Translator(Language.ARABIC)).decode("utf-8-sig")
    assert "محجوب" in written
    assert "withheld" not in written
