"""Votes on statements, counted by the groups that people declared.

A vote is 1 (agree), 0 (pass) or -1 (disagree). Votes are a DataFrame with the columns
``participant``, ``statement``, ``vote`` and ``group``; a person in two groups has a row in each.
Counts are a DataFrame with the index (statement, group) and the integer columns ``agree``,
``disagree`` and ``pass_``; raised hands, counted by group, have the same shape.
"""

import pandas as pd

AGREE, PASS, DISAGREE = 1, 0, -1
COLUMNS = {AGREE: "agree", DISAGREE: "disagree", PASS: "pass_"}
INDEX = ["statement", "group"]


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
    voted = counts["agree"] + counts["disagree"] + counts["pass_"]
    chance = (counts["agree"] + 1) / (voted + 2)
    by_statement = chance.unstack("group").fillna(0.5)
    return by_statement.prod(axis=1).rename("consensus")
