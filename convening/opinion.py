"""Votes on statements, counted by the groups that people declared.

A vote is 1 (agree), 0 (pass) or -1 (disagree). Votes are a DataFrame with the columns
``participant``, ``statement``, ``vote`` and ``group``; a person in two groups has a row in each.
Counts are a DataFrame with the index (statement, group) and the integer columns ``agree``,
``disagree`` and ``pass_``; raised hands, counted by group, have the same shape.
"""

from dataclasses import dataclass

import pandas as pd

from convening.anonymity import DECLARED_FROM

AGREE, PASS, DISAGREE = 1, 0, -1
COLUMNS = {AGREE: "agree", DISAGREE: "disagree", PASS: "pass_"}
INDEX = ["statement", "group"]
# Three in five of a group's votes: past a coin's toss, short of unanimity
LEANS_FROM = 0.6
# With fewer votes of a group, one person decides where it leans
FEWEST_VOTES = 3
# From so many votes on, a group says enough to hold against another, or to count as "all agree": as
# many as it takes to be shown by itself. A group that stands alone is heard from fewer on.
COMPARED_FROM = DECLARED_FROM


@dataclass(frozen=True)
class StandsAlone:
    """One group against all others; ``others_agree`` says which side the others are on."""

    statement: object
    group: object
    others_agree: bool


def by_group(votes: pd.DataFrame) -> pd.DataFrame:
    """How often each group agreed, disagreed and passed, for each statement that it voted on.

    Rows without a group are left out. ValueError when a participant has two rows for one statement
    and group, or when a vote is none of 1, 0 and -1.
    """
    placed = votes[votes["group"].notna()]
    if not placed["vote"].isin(list(COLUMNS)).all():
        raise ValueError("a vote is 1, 0 or -1")
    if placed.duplicated(["participant", *INDEX]).any():
        raise ValueError("a participant has two votes on one statement in one group")
    keys = [placed["statement"], placed["group"]]
    counted = {
        name: (placed["vote"] == value).groupby(keys).sum().astype("int64")
        for value, name in COLUMNS.items()
    }
    return pd.DataFrame(counted).rename_axis(index=INDEX)


def group_informed_consensus(votes: pd.DataFrame) -> pd.Series:
    """How far all groups agree with a statement, 0 to 1, per statement.

    The product over all groups that occur in the votes of (agrees + 1) / (votes + 2): the estimate
    that somebody of the group agrees, by Laplace's rule of succession, so that one group's
    disagreement cannot be outvoted by the size of another. Passes count as votes; a group that did
    not vote on a statement counts as one half. C. Small and others, "Polis: Scaling Deliberation by
    Mapping High Dimensional Opinion Spaces" (2021).
    """
    return consensus_from_counts(by_group(votes))


def consensus_from_counts(counts: pd.DataFrame) -> pd.Series:
    """The same from counts by group; ValueError when a count is negative."""
    if (counts[list(COLUMNS.values())] < 0).any(axis=None):
        raise ValueError("a count is negative")
    voted = _voted(counts)
    chance = (counts["agree"] + 1) / (voted + 2)
    by_statement = chance.unstack("group").fillna(0.5)
    return by_statement.prod(axis=1).rename("consensus")


def leanings(counts: pd.DataFrame) -> pd.DataFrame:
    """Where each group leans: statement × group of 1 (agrees), -1 (disagrees) and 0 (neither).

    A group leans to a side with ``LEANS_FROM`` of its votes, passes included, on that side. A group
    with fewer than ``FEWEST_VOTES`` on a statement does not lean.
    """
    voted = _voted(counts)
    enough = voted >= FEWEST_VOTES
    side = (counts["agree"] >= LEANS_FROM * voted).astype("int64")
    side -= (counts["disagree"] >= LEANS_FROM * voted).astype("int64")
    return side.where(enough, 0).unstack("group").fillna(0).astype("int64")


def common_ground(counts: pd.DataFrame) -> list[object]:
    """The statements with which every group agrees, the furthest consensus first.

    At least two groups have to cast ``COMPARED_FROM`` votes on it, and every group that cast as
    many on any statement has to lean to it. Smaller groups are too few to agree, and not too few to
    object: where one of them leans the other way, not all agree.
    """
    found = leanings(counts)
    enough = _enough(counts)
    counting = enough.columns[enough.any()]
    compared = enough.sum(axis=1) > 1
    whole = compared & (found == AGREE)[counting].all(axis=1) & (found != DISAGREE).all(axis=1)
    agreed = found.index[whole]
    return _ordered(consensus_from_counts(counts).loc[agreed], ascending=False)


def common_refusal(counts: pd.DataFrame) -> list[object]:
    """The statements that every group is against, the furthest first; groups as above."""
    turned = {"agree": "disagree", "disagree": "agree"}
    return common_ground(counts.rename(columns=turned))


def standing_alone(counts: pd.DataFrame) -> list[StandsAlone]:
    """The statements on which one group leans against all others, the most divided first.

    At least two others have to lean the other way, all of them: with two groups in the room neither
    stands alone.
    """
    found = leanings(counts)
    alone = {}
    for statement, sides in found.iterrows():
        total = sides.sum()
        if len(sides) > 2 and abs(total) == len(sides) - 2 and (sides != 0).all():
            against = sides.index[sides == (DISAGREE if total > 0 else AGREE)]
            alone[statement] = StandsAlone(statement, against[0], bool(total > 0))
    return [
        alone[statement]
        for statement in _ordered(_spread(counts), ascending=False)
        if statement in alone
    ]


def most_divided(counts: pd.DataFrame) -> list[object]:
    """The statements by how far apart the groups are, furthest first.

    That is the largest difference between two groups' (agrees - disagrees) / votes; a group with
    fewer than ``FEWEST_VOTES`` is left out. A statement on which fewer than two groups cast
    ``COMPARED_FROM`` votes is not compared, and not among them.
    """
    compared = _enough(counts).sum(axis=1) > 1
    return _ordered(_spread(counts)[compared], ascending=False)


def _voted(counts: pd.DataFrame) -> pd.Series:
    return counts["agree"] + counts["disagree"] + counts["pass_"]


def _enough(counts: pd.DataFrame) -> pd.DataFrame:
    """Statement × group: whether the group cast enough votes to be compared."""
    return _voted(counts).unstack("group").fillna(0) >= COMPARED_FROM


def _spread(counts: pd.DataFrame) -> pd.Series:
    """How far apart the groups with ``FEWEST_VOTES`` are on each statement, 0 to 2."""
    voted = _voted(counts)
    enough = voted.where(voted >= FEWEST_VOTES)
    lean = ((counts["agree"] - counts["disagree"]) / enough).unstack("group")
    return (lean.max(axis=1) - lean.min(axis=1)).fillna(0)


def _ordered(values: pd.Series, *, ascending: bool) -> list[object]:
    """The index by its values; what is equal keeps its order."""
    return list(values.sort_values(ascending=ascending, kind="stable").index)
