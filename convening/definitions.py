"""The shared problem definition: its numbered versions, and the evidence that it rests on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from convening.convening_drafts import is_web_link
from convening.fields import checked
from convening.problems import Problem
from convening.vocabulary import (
    DefinitionField,
    DefinitionKind,
    EvidenceKind,
    Group,
    VersionState,
)

TITLE_LENGTH = 200  # characters
TEXT_LENGTH = 5000
NOTE_LENGTH = 1000
LINK_LENGTH = 2000

_S = VersionState

MOVES: Mapping[VersionState, frozenset[VersionState]] = {
    _S.DRAFT: frozenset({_S.IN_DISCUSSION}),
    _S.IN_DISCUSSION: frozenset({_S.ADOPTED, _S.SUPERSEDED}),
    _S.ADOPTED: frozenset({_S.SUPERSEDED}),
    _S.SUPERSEDED: frozenset(),
}

Text = Mapping[DefinitionField, str]


@dataclass(frozen=True)
class Version:
    """A numbered state of a definition; ``changed`` and ``why`` compare it with the one before."""

    id: int
    number: int
    state: VersionState
    text: Text
    changed: str
    why: str
    author: str
    created_at: datetime
    convening_id: int | None
    convening: str
    opened_at: datetime | None
    adopted_at: datetime | None
    adopted_by: str
    adopted_in: str
    version: int


@dataclass(frozen=True)
class Evidence:
    """A source, and the groups whose knowledge it is."""

    id: int
    title: str
    kind: EvidenceKind
    link: str
    note: str
    groups: frozenset[Group]
    version: int


class Numbered(Protocol):
    """A version as far as its number and its adoption go."""

    @property
    def number(self) -> int: ...

    @property
    def adopted_at(self) -> datetime | None: ...


def adopted_since(versions: Iterable[Numbered], number: int) -> datetime | None:
    """When a version was last adopted, of those from this number on."""
    found = (each.adopted_at for each in versions if each.number >= number)
    return max((each for each in found if each), default=None)


@dataclass(frozen=True)
class Definition:
    """A definition with all its versions, the first one first, and its evidence."""

    id: int
    initiative_id: int
    title: str
    kind: DefinitionKind
    versions: tuple[Version, ...]
    evidence: tuple[Evidence, ...]
    version: int

    @property
    def current(self) -> Version:
        """What the team holds: the adopted version, or the newest that others have seen, or the
        first draft."""
        for state in (_S.ADOPTED, _S.IN_DISCUSSION):
            found = [each for each in self.versions if each.state is state]
            if found:
                return found[-1]
        return self.versions[-1]

    @property
    def draft(self) -> Version | None:
        """The version that is being written, if any; there is one at most."""
        last = self.versions[-1]
        return last if last.state is _S.DRAFT else None


@dataclass(frozen=True)
class DefinitionDraft:
    """A definition as typed; ``id`` and ``version`` are None for a new one."""

    initiative_id: int
    title: str
    kind: DefinitionKind = DefinitionKind.PROBLEM
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True)
class VersionDraft:
    """The words of a version that is still a draft."""

    id: int
    version: int | None
    text: Text
    changed: str = ""
    why: str = ""
    convening_id: int | None = None


@dataclass(frozen=True)
class EvidenceDraft:
    """A source as typed; ``id`` and ``version`` are None for a new one."""

    definition_id: int
    title: str
    kind: EvidenceKind
    link: str = ""
    note: str = ""
    groups: frozenset[Group] = frozenset()
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True)
class Knowledge:
    """Whose knowledge a definition rests on: sources by group, and how many carry nobody's."""

    sources: int
    by_group: Mapping[Group, int] = field(default_factory=dict)
    of_nobody: int = 0

    @property
    def missing(self) -> tuple[Group, ...]:
        return tuple(each for each in Group if not self.by_group.get(each))


def cleaned_version(draft: VersionDraft) -> tuple[VersionDraft, list[Problem]]:
    """The texts cleaned, and which of them are too long (too_long); a draft may be incomplete."""
    problems: list[Problem] = []
    text = {
        each: checked(
            draft.text.get(each, ""), each.value, problems, longest=TEXT_LENGTH, multiline=True
        )
        for each in DefinitionField
    }
    changed, why = (
        checked(value, name, problems, longest=TEXT_LENGTH, multiline=True)
        for name, value in (("changed", draft.changed), ("why", draft.why))
    )
    return replace(draft, text=text, changed=changed, why=why), problems


def cleaned_evidence(draft: EvidenceDraft) -> tuple[EvidenceDraft, list[Problem]]:
    """The texts cleaned, and what is wrong with them: required, too_long, link_not_web."""
    problems: list[Problem] = []
    title = checked(draft.title, "title", problems, longest=TITLE_LENGTH, required=True)
    link = checked(draft.link, "link", problems, longest=LINK_LENGTH)
    note = checked(draft.note, "note", problems, longest=NOTE_LENGTH, multiline=True)
    if link and not is_web_link(link):
        problems.append(Problem("link_not_web", field="link"))
    return replace(draft, title=title, link=link, note=note), problems


def to_open(number: int, text: Text, changed: str, why: str) -> list[Problem]:
    """What a version lacks before others can discuss it: a statement, and after the first one what
    changed and why. Code: required."""
    needed = {DefinitionField.STATEMENT.value: text.get(DefinitionField.STATEMENT, "")}
    if number > 1:
        needed |= {"changed": changed, "why": why}
    return [Problem("required", field=name) for name, value in needed.items() if not value]


def knowledge(evidence: Iterable[Evidence]) -> Knowledge:
    """How many sources carry the knowledge of each group; one can carry that of several."""
    listed: Sequence[Evidence] = list(evidence)
    return Knowledge(
        sources=len(listed),
        by_group={group: sum(group in each.groups for each in listed) for group in Group},
        of_nobody=sum(not each.groups for each in listed),
    )
