"""A convening as its list shows it: where it stands, how ready it is, and how many people come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

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

Invited = tuple[InvitationStatus, frozenset[Group]]


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


def heads(convening: Convening, invitations: Iterable[Invited]) -> Heads:
    """Counts the people of a convening from the status and the groups of each."""
    rows = list(invitations)
    counted = COUNTED[usual_basis(convening)]
    return Heads(
        proposed=sum(status is InvitationStatus.PROPOSED for status, _ in rows),
        invited=sum(status in REACHED[FunnelStep.INVITED] for status, _ in rows),
        accepted=sum(status in REACHED[FunnelStep.ACCEPTED] for status, _ in rows),
        in_the_room=sum(status in REACHED[FunnelStep.IN_THE_ROOM] for status, _ in rows),
        counted=sum(status in counted for status, _ in rows),
        groups={
            group: sum(status in counted and group in groups for status, groups in rows)
            for group in Group
        },
    )
