"""What needs somebody today, over all the initiatives of their teams."""

from collections.abc import Mapping
from dataclasses import dataclass

from convening import balance
from convening.after import DueCommitment
from convening.balance import Shares
from convening.convenings import Convening
from convening.initiatives import Initiative, Stage
from convening.problems import Problem
from convening.vocabulary import Group, Range


@dataclass(frozen=True)
class MapFacts:
    """An initiative with what its map and its convenings still ask for."""

    initiative: Initiative
    people: int
    unplaced: int
    nominations: int
    stages: int
    convenings: int


@dataclass(frozen=True)
class Upcoming:
    """A planned convening: those expected against the targets of its stage.

    ``unanswered`` invitations were sent and wait; ``over`` says that its time has passed and
    nobody noted whether it was held.
    """

    initiative: Initiative
    convening: Convening
    stage: Stage
    shares: Shares
    targets: Mapping[Group, Range]
    from_the_map: bool
    group_names: Mapping[Group, str]
    unanswered: int
    over: bool

    @property
    def gaps(self) -> list[Problem]:
        """Groups outside their target range, those that miss people first."""
        if not self.shares.placed:
            return []
        found = balance.check(self.shares, self.targets, from_the_map=self.from_the_map)
        return sorted(found, key=lambda each: each.code not in balance.BELOW)


@dataclass(frozen=True)
class Draft:
    """A convening that lacks its purpose or its date."""

    initiative: Initiative
    convening: Convening


@dataclass(frozen=True)
class Home:
    """Everything that the first screen shows. ``users`` is None for who does not manage accounts,
    ``led`` are the initiatives whose balance is open to leadership; ``commitments`` are open and
    due soon, or past their day."""

    maps: tuple[MapFacts, ...] = ()
    upcoming: tuple[Upcoming, ...] = ()
    drafts: tuple[Draft, ...] = ()
    users: int | None = None
    led: tuple[Initiative, ...] = ()
    commitments: tuple[DueCommitment, ...] = ()
