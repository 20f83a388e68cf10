"""Votes and raised hands on one statement: counted by group, and as far as each reader may see.

Who votes by phone does so without a name. So a split by group is made only of groups that are large
enough: five voters for the team, as many present as a note's group needs for everybody in the room,
and for what leaves the team no count of 1 to 4 at all, neither shown nor left by subtraction. Hands
are raised before everybody's eyes, so for the team and the room they are counted as they are.
"""

import itertools
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import pandas as pd

from convening.anonymity import DECLARED_FROM, GROUP_NOTES, GROUP_PRESENT
from convening.disclosure import K
from convening.vocabulary import Choice, Group

Groups = frozenset[Group]
# How many agree, disagree and pass, as far as it may be told
Figures = tuple[int | None, int | None, int | None]


@dataclass(frozen=True)
class Tally:
    """Votes on a statement, or hands raised to it."""

    agree: int = 0
    disagree: int = 0
    pass_: int = 0

    @property
    def votes(self) -> int:
        return self.agree + self.disagree + self.pass_

    def plus(self, choice: Choice, people: int) -> "Tally":
        """The same with so many more who chose this."""
        return Tally(
            self.agree + people * (choice is Choice.AGREE),
            self.disagree + people * (choice is Choice.DISAGREE),
            self.pass_ + people * (choice is Choice.PASS),
        )

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.agree + other.agree, self.disagree + other.disagree, self.pass_ + other.pass_
        )


# By exactly the groups that people declared; those who declared none have the empty set
Ballots = Mapping[Groups, Tally]


@dataclass(frozen=True)
class Counts:
    """The votes and the raised hands on one statement."""

    votes: Ballots = field(default_factory=dict)
    hands: Ballots = field(default_factory=dict)

    @property
    def together(self) -> dict[Groups, Tally]:
        """Votes and hands: whoever has no phone counts as those who have one."""
        return {
            groups: self.votes.get(groups, Tally()) + self.hands.get(groups, Tally())
            for groups in dict.fromkeys([*self.votes, *self.hands])
        }


def total(ballots: Ballots) -> Tally:
    return sum(ballots.values(), Tally())


def by_group(ballots: Ballots) -> dict[Group, Tally]:
    """The tally of each group that occurs; a person in two groups counts in both."""
    return {
        group: sum((tally for groups, tally in ballots.items() if group in groups), Tally())
        for group in Group
        if any(group in groups for groups in ballots)
    }


def large_enough(voters: Mapping[Groups, int]) -> Groups:
    """The groups whose votes the team sees split: at least five people of it voted on something.

    ``voters`` are the people who voted, each once, by exactly the groups that they declared.
    """
    return _with_at_least(DECLARED_FROM, voters)


def for_team(counts: Counts, voters: Mapping[Groups, int]) -> dict[Group, Tally]:
    """The split of one statement as its team sees it, by the groups that can be shown."""
    return _split(counts, large_enough(voters))


def for_room(counts: Counts, voters: Mapping[Groups, int]) -> dict[Group, Tally]:
    """The split as everybody in the room sees it: of a group with eight voters, five of whom voted
    on this statement; the same numbers from which notes are counted by group."""
    return _split(counts, told_in_room(counts, voters))


def told_in_room(counts: Counts, voters: Mapping[Groups, int]) -> Groups:
    """The groups whose votes everybody in the room sees; of others their raised hands alone."""
    voted = by_group(counts.votes)
    return frozenset(
        group
        for group in _with_at_least(GROUP_PRESENT, voters)
        if group in voted and voted[group].votes >= GROUP_NOTES
    )


def for_everybody(ballots: Ballots, k: int = K) -> dict[Group, Tally]:
    """The split of one statement as it may leave the team, of as many groups as possible.

    Taken as public is the total of each choice. Sort the voters by which of the published groups
    they are in: every number that a reader can compute about people adds up counts of these
    classes. So groups are published together only where each class has for each choice nobody or
    at least ``k`` people; of such sets the largest, and of those the one with most votes.
    """
    alone = by_group(ballots)
    found = [
        chosen
        for size in range(len(alone) + 1)
        for chosen in itertools.combinations(alone, size)
        if all(_none_or_at_least(k, each) for each in _classes(ballots, set(chosen)))
    ]
    largest = max(
        found,
        key=lambda chosen: (len(chosen), sum(alone[each].votes for each in chosen)),
        default=(),
    )
    return {group: alone[group] for group in largest}


def total_for_everybody(ballots: Ballots, k: int = K) -> Figures:
    """All votes on one statement as they may leave the team.

    How many people voted is known to everybody who was there. So a count of 1 to ``k`` - 1 is
    withheld together with the fewest others, and of those with the smallest, after which whatever
    is withheld adds up to enough for ``k`` different counts; with all three where nothing does.
    """
    tally = total(ballots)
    told = (tally.agree, tally.disagree, tally.pass_)
    small = {place for place, count in enumerate(told) if 0 < count < k}
    covers = [
        set(chosen)
        for size in range(2, len(told))
        for chosen in itertools.combinations(range(len(told)), size)
        if small <= set(chosen) and sum(told[place] for place in chosen) >= k - 1
    ]
    hidden = min(covers, key=lambda each: sum(told[at] for at in each), default={0, 1, 2})
    agree, disagree, passed = (
        None if small and place in hidden else count for place, count in enumerate(told)
    )
    return agree, disagree, passed


def as_counts(splits: Mapping[int, Mapping[Group, Tally]]) -> pd.DataFrame:
    """Splits by statement in the shape that ``convening.opinion`` counts with; groups without a
    vote are left out."""
    rows = {
        (statement, group.value): (tally.agree, tally.disagree, tally.pass_)
        for statement, split in splits.items()
        for group, tally in split.items()
        if tally.votes
    }
    index = pd.MultiIndex.from_tuples(list(rows), names=["statement", "group"])
    columns = ["agree", "disagree", "pass_"]
    return pd.DataFrame(list(rows.values()), index, columns=columns, dtype="int64")


def _with_at_least(people: int, voters: Mapping[Groups, int]) -> Groups:
    return frozenset(
        group
        for group in Group
        if sum(count for groups, count in voters.items() if group in groups) >= people
    )


def _split(counts: Counts, shown: AbstractSet[Group]) -> dict[Group, Tally]:
    voted, raised = by_group(counts.votes), by_group(counts.hands)
    return {
        group: (voted.get(group, Tally()) if group in shown else Tally())
        + raised.get(group, Tally())
        for group in Group
        if (group in shown and group in voted) or group in raised
    }


def _classes(ballots: Ballots, published: AbstractSet[Group]) -> Iterable[Tally]:
    """The tallies by which of the published groups the voters are in; none where nothing is
    published, because the totals alone are public anyway."""
    classes: dict[Groups, Tally] = {}
    for groups, tally in ballots.items():
        kept = frozenset(groups & published)
        classes[kept] = classes.get(kept, Tally()) + tally
    return classes.values() if published else ()


def _none_or_at_least(k: int, tally: Tally) -> bool:
    return all(not 0 < each < k for each in (tally.agree, tally.disagree, tally.pass_))
