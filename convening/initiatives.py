"""Initiatives and their stages, as records and drafts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from convening.problems import Problem
from convening.vocabulary import Group, Range, StageKind


@dataclass(frozen=True)
class Initiative:
    """A line of work on one issue. ``manages`` says whether the viewer manages its team."""

    id: int
    name: str
    issue: str
    place: str
    archived: bool
    sample: bool
    version: int
    on_team: bool = True
    manages: bool = False
    keep_months: int | None = None


@dataclass(frozen=True)
class Stage:
    """A step of an initiative. ``targets`` is empty until the team sets them; shares in 0..1."""

    id: int
    initiative_id: int
    kind: StageKind
    name: str
    position: int
    starts_on: date | None
    ends_on: date | None
    widening: str
    version: int
    targets: Mapping[Group, Range] = field(default_factory=dict)
    reasons: Mapping[Group, str] = field(default_factory=dict)


PRESET_STAGES: tuple[StageKind, ...] = tuple(kind for kind in StageKind if kind != StageKind.CUSTOM)
NAME_LENGTH = 200
TEXT_LENGTH = 5000


@dataclass(frozen=True)
class InitiativeDraft:
    """What an organiser typed; ``id`` and ``version`` are None for a new one.

    People are kept for ``keep_months`` after the last convening, for good where it is None.
    """

    name: str
    issue: str = ""
    place: str = ""
    stages: tuple[StageKind, ...] = PRESET_STAGES
    id: int | None = None
    version: int | None = None
    keep_months: int | None = None


@dataclass(frozen=True)
class StageDraft:
    """A stage as typed; a CUSTOM one needs a name, the dates may be left open."""

    kind: StageKind
    name: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    widening: str = ""
    id: int | None = None
    version: int | None = None


def check_stage(draft: StageDraft) -> list[Problem]:
    """What keeps a stage from being saved: a custom one without name, an end before the start."""
    problems = []
    if draft.kind is StageKind.CUSTOM and not draft.name.strip():
        problems.append(Problem("required", field="name"))
    if draft.starts_on and draft.ends_on and draft.ends_on < draft.starts_on:
        problems.append(
            Problem(
                "ends_before_start", {"start": draft.starts_on, "end": draft.ends_on}, "ends_on"
            )
        )
    return problems


@dataclass(frozen=True)
class StageOverview:
    """A stage with its number of convenings, held and still ahead."""

    stage: Stage
    held: int
    ahead: int


@dataclass(frozen=True)
class InitiativeOverview:
    """Where an initiative stands; ``people`` are those on its map."""

    initiative: Initiative
    people: int
    stages: tuple[StageOverview, ...]

    @property
    def reached(self) -> StageOverview | None:
        """The furthest stage in which a convening was held."""
        held = [each for each in self.stages if each.held]
        return held[-1] if held else None
