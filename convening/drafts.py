"""A record taken up for editing: the draft that it is before anything is typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from convening.accounts import Account, AccountDraft, ProfileDraft, SignedIn
from convening.agenda import Block, BlockDraft
from convening.community import GridEdit, ListedPerson, PersonDraft, Stakeholder, SubCircle
from convening.definitions import (
    Definition,
    DefinitionDraft,
    Evidence,
    EvidenceDraft,
    Version,
    VersionDraft,
)
from convening.initiatives import Initiative, InitiativeDraft, Stage, StageDraft
from convening.invitations import Invitation, SupportDraft
from convening.nominations import Nomination, NominationDraft
from convening.vocabulary import Group, Range

D = TypeVar("D")


@dataclass(frozen=True)
class StageEdit(StageDraft):
    """A stage with its targets, which are saved together."""

    targets: Mapping[Group, Range] = field(default_factory=dict)
    reasons: Mapping[Group, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NameDraft:
    """A name alone, of something that has no more."""

    name: str
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True)
class GroupNamesDraft:
    """What a team calls its groups; ``known`` are the names as they were read, in place of a
    version."""

    names: Mapping[Group, str]
    known: Mapping[Group, str]
    version: int | None = None


def taken_up(kind: type[D], record: Any, **values: Any) -> D:
    """A draft with the values that the record has under the same names, and these ones."""
    same = {
        each.name: getattr(record, each.name)
        for each in fields(kind)  # type: ignore[arg-type]
        if hasattr(record, each.name)
    }
    return kind(**{**same, **values})


def person(record: Stakeholder) -> PersonDraft:
    through = record.reached_through
    return taken_up(
        PersonDraft,
        record,
        reached_through_id=through.id if through else None,
        ties={tie.person_id: tie.strength for tie in record.ties},
    )


def line(record: ListedPerson, row: int) -> GridEdit:
    """A person as one line of the grid."""
    groups = {group: placement.question for group, placement in record.groups.items()}
    return taken_up(GridEdit, record, row=row, groups=groups)


def nomination(record: Nomination) -> NominationDraft:
    by, through = record.nominated_by, record.reached_through
    return taken_up(
        NominationDraft,
        record,
        groups=frozenset(record.groups),
        nominated_by_id=by.id if by else None,
        reached_through_id=through.id if through else None,
    )


def sub_circle(record: SubCircle) -> NameDraft:
    return taken_up(NameDraft, record)


def group_names(found: Mapping[Group, str]) -> GroupNamesDraft:
    """With every group, an empty name where the team has none."""
    names = {group: found.get(group, "") for group in Group}
    return GroupNamesDraft(names, names)


def initiative(record: Initiative) -> InitiativeDraft:
    return taken_up(InitiativeDraft, record)


def stage(record: Stage) -> StageEdit:
    return taken_up(StageEdit, record)


def block(record: Block) -> BlockDraft:
    return taken_up(BlockDraft, record)


def support(record: Invitation) -> SupportDraft:
    return taken_up(SupportDraft, record, invitation_id=record.id)


def account(record: Account) -> AccountDraft:
    return taken_up(AccountDraft, record)


def profile(viewer: SignedIn) -> ProfileDraft:
    return taken_up(ProfileDraft, viewer)


def definition(record: Definition) -> DefinitionDraft:
    return taken_up(DefinitionDraft, record)


def definition_version(record: Version) -> VersionDraft:
    return taken_up(VersionDraft, record)


def evidence(record: Evidence, definition_id: int) -> EvidenceDraft:
    return taken_up(EvidenceDraft, record, definition_id=definition_id)
