"""A convening as its list shows it: where it stands, how ready it is, and how many people come."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from convening.balance import groups_of
from convening.convenings import AtStake, Convening
from convening.invitations import COUNTED, REACHED, usual_basis
from convening.readiness import Answer
from convening.vocabulary import (
    ConveningQuestion,
    FunnelStep,
    Group,
    InvitationStatus,
    StageKind,
)

# How many people by the status of their invitation and the mask of their groups
Places = Mapping[tuple[InvitationStatus, int], int]


@dataclass(frozen=True)
class Heads:
    """People of one convening; a later step of the funnel is included in the earlier ones.

    ``groups`` says who the ``counted`` are: those in the room once it is held, those expected
    before. A person in two groups counts in both.
    """

    proposed: int = 0
    invited: int = 0
    accepted: int = 0
    in_the_room: int = 0
    counted: int = 0
    groups: Mapping[Group, int] = field(default_factory=lambda: dict.fromkeys(Group, 0))


@dataclass(frozen=True)
class Overview:
    """``blocks`` and ``minutes`` are those of the agenda."""

    convening: Convening
    stage_kind: StageKind
    stage_name: str
    answers: Mapping[ConveningQuestion, Answer]
    at_stake: tuple[AtStake, ...]
    heads: Heads
    blocks: int
    minutes: int


@dataclass(frozen=True)
class OverviewPage:
    """What is ahead, and some of what is over, out of ``past_total``."""

    ahead: tuple[Overview, ...]
    past: tuple[Overview, ...]
    past_total: int


def heads(convening: Convening, places: Places) -> Heads:
    """Adds up the people of a convening."""
    counted = COUNTED[usual_basis(convening)]
    by_status: Counter[InvitationStatus] = Counter()
    groups = dict.fromkeys(Group, 0)
    for (status, mask), heads in places.items():
        by_status[status] += heads
        for group in groups_of(mask) if status in counted else ():
            groups[group] += heads

    def people(statuses: Collection[InvitationStatus]) -> int:
        return sum(by_status[each] for each in statuses)

    return Heads(
        proposed=by_status[InvitationStatus.PROPOSED],
        invited=people(REACHED[FunnelStep.INVITED]),
        accepted=people(REACHED[FunnelStep.ACCEPTED]),
        in_the_room=people(REACHED[FunnelStep.IN_THE_ROOM]),
        counted=people(counted),
        groups=groups,
    )
