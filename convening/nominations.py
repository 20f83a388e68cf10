"""Nominations: "whom should we have asked?", people named by others who are not on the map yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from convening.community import NAME_LENGTH, NOTE_LENGTH, PersonName
from convening.fields import checked
from convening.problems import ConveningError, Problem
from convening.vocabulary import Group, NominationState

MOVES: Mapping[NominationState, frozenset[NominationState]] = {
    NominationState.OPEN: frozenset({NominationState.ON_THE_MAP, NominationState.SET_ASIDE}),
    NominationState.SET_ASIDE: frozenset({NominationState.OPEN}),
    NominationState.ON_THE_MAP: frozenset({NominationState.OPEN}),
}


@dataclass(frozen=True)
class Nomination:
    """Somebody named by others; ``stakeholder_id`` is who they became on the map."""

    id: int
    initiative_id: int
    name: str
    organisation: str
    reason: str
    groups: tuple[Group, ...]
    nominated_by: PersonName | None
    reached_through: PersonName | None
    state: NominationState
    stakeholder_id: int | None
    created_at: datetime
    version: int


@dataclass(frozen=True)
class NominationDraft:
    """A nomination as typed; ``groups`` are suggestions, no placement yet."""

    name: str
    organisation: str = ""
    reason: str = ""
    groups: frozenset[Group] = field(default_factory=frozenset)
    nominated_by_id: int | None = None
    reached_through_id: int | None = None
    id: int | None = None
    version: int | None = None


def clean_nomination(draft: NominationDraft) -> tuple[NominationDraft, list[Problem]]:
    """The draft with its texts cleaned, and its problems: required, too_long."""
    problems: list[Problem] = []
    cleaned = replace(
        draft,
        name=checked(draft.name, "name", problems, required=True, longest=NAME_LENGTH),
        organisation=checked(draft.organisation, "organisation", problems, longest=NAME_LENGTH),
        reason=checked(draft.reason, "reason", problems, longest=NOTE_LENGTH, multiline=True),
    )
    return cleaned, problems


def check_move(now: NominationState, to: NominationState) -> None:
    """Raises ``nomination_move`` (params ``now``, ``to``) for a move that MOVES does not hold."""
    if to not in MOVES[now]:
        raise ConveningError("nomination_move", now=now, to=to)
