"""An initiative's community map: people, the circles they are in, ties and sub-circles.

Records are what queries return, drafts what a person typed. A draft carries the ``version`` that
its record was read at; ``id`` and ``version`` are None for something new.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from convening.fields import checked
from convening.problems import Problem
from convening.text import clean, fold
from convening.vocabulary import (
    QUESTION_GROUP,
    Capital,
    Consent,
    Group,
    GuidingQuestion,
    Language,
    Money,
    PersonSort,
    Relationship,
)

NAME_LENGTH = 200
CONTACT_LENGTH = 254  # the longest address that e-mail can carry (RFC 5321)
WORDS_LENGTH = 500
NOTE_LENGTH = 5000
ATTRIBUTES = 60
STRENGTHS = range(1, 6)
USUAL_STRENGTH = 3
SEARCH_WORDS = 50
SEARCH_LENGTH = 600  # in characters; PostgreSQL indexes at most 2,704 bytes

_EMAIL = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\".]+(\.[^\s@,;<>\".]+)+")


@dataclass(frozen=True)
class Placement:
    """Why a person is in a group: the guiding question, None where nobody recorded one."""

    question: GuidingQuestion | None = None
    sub_circle_id: int | None = None


@dataclass(frozen=True)
class ListedPerson:
    """A person as one line of the map's list."""

    id: int
    name: str
    organisation: str
    place: str
    groups: Mapping[Group, Placement]
    relationship: Relationship
    money: Money
    consent: Consent
    minor: bool
    version: int


@dataclass(frozen=True)
class PersonName:
    """As much of a person as it takes to pick them from others."""

    id: int
    name: str
    organisation: str


@dataclass(frozen=True)
class Tie:
    """Somebody whom a person knows; ``strength`` from 1 (have met) to 5 (trust each other)."""

    person_id: int
    name: str
    strength: int
    convening_id: int | None = None


@dataclass(frozen=True)
class Stakeholder:
    """A person on the map with everything that is known of them; messages to them are in
    ``language``, in all languages where it is None."""

    id: int
    initiative_id: int
    name: str
    organisation: str
    place: str
    email: str
    phone: str
    attributes: Mapping[str, str]
    relationship: Relationship
    money: Money
    reached_through: PersonName | None
    minor: bool
    consent: Consent
    consent_on: date | None
    note: str
    groups: Mapping[Group, Placement]
    capitals: Mapping[Capital, str]
    ties: tuple[Tie, ...]
    version: int
    language: Language | None = None


@dataclass(frozen=True)
class PersonDraft:
    """A person as typed. ``organisation`` is a name, known or new. ``ties`` maps the ids of others
    to a strength; None leaves the ties as they are."""

    name: str
    organisation: str = ""
    place: str = ""
    email: str = ""
    phone: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    relationship: Relationship = Relationship.NONE
    money: Money = Money.NONE
    reached_through_id: int | None = None
    minor: bool = False
    consent: Consent = Consent.UNKNOWN
    consent_on: date | None = None
    note: str = ""
    groups: Mapping[Group, Placement] = field(default_factory=dict)
    capitals: Mapping[Capital, str] = field(default_factory=dict)
    ties: Mapping[int, int] | None = None
    language: Language | None = None
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True)
class GridEdit:
    """One line of the grid as it stands after the edit; ``row`` is its number there, from 1."""

    row: int
    id: int
    version: int
    name: str
    organisation: str
    place: str
    relationship: Relationship
    money: Money
    groups: Mapping[Group, GuidingQuestion | None]


@dataclass(frozen=True)
class PersonFilter:
    """What the list is narrowed to; an empty filter is the whole map."""

    search: str = ""
    group: Group | None = None
    unplaced: bool = False
    sub_circle_id: int | None = None
    relationship: Relationship | None = None
    money: Money | None = None
    consent: Consent | None = None
    organisation_id: int | None = None
    sort: PersonSort = PersonSort.NAME


@dataclass(frozen=True)
class PeoplePage:
    """One page of the list, and how many people the filter finds in all."""

    rows: tuple[ListedPerson, ...]
    total: int


@dataclass(frozen=True)
class Summary:
    """Head counts of a map. ``heads`` may add up to more than ``people``: a person counts in each
    of their groups, and ``overlapping`` people are in more than one."""

    people: int
    heads: Mapping[Group, int]
    unplaced: int
    overlapping: int


@dataclass(frozen=True)
class SubCircle:
    """A local part of a group, with how many people are in it."""

    id: int
    group: Group
    name: str
    people: int
    version: int


@dataclass(frozen=True)
class OrganisationName:
    id: int
    name: str
    people: int


def search_terms(text: str) -> list[str]:
    """The words that a search asks for, folded; a person is found when all of them occur.

    Each word once, and of a search without end only as much as could occur: databases refuse to
    look for more.
    """
    words = dict.fromkeys(word[: SEARCH_LENGTH + 1] for word in fold(clean(text)).split())
    return list(words)[:SEARCH_WORDS]


def search_text(name: str, organisation: str, place: str, email: str = "", phone: str = "") -> str:
    """What search looks in: folded, the name first, so that sorting by it sorts by name."""
    return fold(" ".join((name, organisation, place, email, phone)))[:SEARCH_LENGTH]


def looks_like_email(text: str) -> bool:
    """Whether a text could be an e-mail address: one @, and a dot in what follows it."""
    return _EMAIL.fullmatch(text) is not None


def clean_person(draft: PersonDraft, today: date) -> tuple[PersonDraft, list[Problem]]:
    """The draft with its texts cleaned, and what keeps it from being saved.

    Codes: required, too_long, not_an_email, guardian_consent (a person under 18 needs that of a
    guardian), consent_in_future, too_many_attributes, question_of_other_group, tie_strength,
    reached_through_self, tie_to_self. A date without an answer is dropped.
    """
    problems: list[Problem] = []
    cleaned = replace(
        draft,
        name=checked(draft.name, "name", problems, required=True, longest=NAME_LENGTH),
        organisation=checked(draft.organisation, "organisation", problems, longest=NAME_LENGTH),
        place=checked(draft.place, "place", problems, longest=NAME_LENGTH),
        email=checked(draft.email, "email", problems, longest=CONTACT_LENGTH),
        phone=checked(draft.phone, "phone", problems, longest=CONTACT_LENGTH),
        note=checked(draft.note, "note", problems, longest=NOTE_LENGTH, multiline=True),
        attributes=_clean_attributes(draft.attributes, problems),
        capitals=_clean_capitals(draft.capitals, problems),
    )
    if cleaned.email and not looks_like_email(cleaned.email):
        problems.append(Problem("not_an_email", {"text": cleaned.email}, "email"))
    problems += check_consent(draft.consent, draft.consent_on, draft.minor, today)
    problems += check_placements(draft.groups)
    problems += _check_ties(draft)
    if cleaned.consent is Consent.UNKNOWN:
        cleaned = replace(cleaned, consent_on=None)
    return cleaned, problems


def check_consent(
    consent: Consent, consent_on: date | None, minor: bool, today: date
) -> list[Problem]:
    """What is wrong with a consent: for a person under 18 only a guardian can give it."""
    problems = []
    if minor and consent is Consent.GIVEN:
        problems.append(Problem("guardian_consent", field="consent"))
    if consent_on is not None and consent_on > today:
        problems.append(Problem("consent_in_future", {"date": consent_on}, "consent_on"))
    return problems


def check_placements(groups: Mapping[Group, Placement]) -> list[Problem]:
    """Each question places a person in its own group alone."""
    return [
        Problem("question_of_other_group", {"group": group}, "groups")
        for group, placement in groups.items()
        if placement.question is not None and QUESTION_GROUP[placement.question] is not group
    ]


def _check_ties(draft: PersonDraft) -> list[Problem]:
    ties = draft.ties or {}
    problems = [
        Problem("tie_strength", {"strength": strength}, "ties")
        for strength in ties.values()
        if strength not in STRENGTHS
    ]
    if draft.id is not None and draft.id in ties:
        problems.append(Problem("tie_to_self", field="ties"))
    if draft.id is not None and draft.id == draft.reached_through_id:
        problems.append(Problem("reached_through_self", field="reached_through"))
    return problems


def _clean_attributes(found: Mapping[str, str], problems: list[Problem]) -> dict[str, str]:
    if len(found) > ATTRIBUTES:
        problems.append(Problem("too_many_attributes", {"limit": ATTRIBUTES}, "attributes"))
    pairs = [
        (
            checked(name, "attributes", problems, longest=NAME_LENGTH),
            checked(value, "attributes", problems, longest=NOTE_LENGTH, multiline=True),
        )
        for name, value in found.items()
    ]
    return {name: value for name, value in pairs if name and value}


def _clean_capitals(found: Mapping[Capital, str], problems: list[Problem]) -> dict[Capital, str]:
    cleaned = {
        capital: checked(
            words, f"capital_{capital}", problems, longest=WORDS_LENGTH, multiline=True
        )
        for capital, words in found.items()
    }
    return {capital: words for capital, words in cleaned.items() if words}
