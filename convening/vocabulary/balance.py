"""Counting people: shares, target ranges, and how far people came."""

from enum import StrEnum
from typing import NamedTuple


class Range(NamedTuple):
    """A closed interval; comparisons against it allow 1e-9."""

    min: float
    max: float


class Standing(StrEnum):
    """How a share stands against its target range."""

    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


class Basis(StrEnum):
    """Who counts when the balance of a room is drawn."""

    EXPECTED = "expected"
    ACCEPTED = "accepted"
    ATTENDED = "attended"


class FunnelStep(StrEnum):
    """How far people of the map came in a stage, counted as distinct people."""

    ON_THE_MAP = "on_the_map"
    INVITED = "invited"
    ACCEPTED = "accepted"
    IN_THE_ROOM = "in_the_room"
