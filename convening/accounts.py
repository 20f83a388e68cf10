"""Accounts as records and drafts, and what a name and an e-mail address must be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from convening.fields import checked
from convening.problems import Problem
from convening.roles import Actor
from convening.vocabulary import Language, LinkPurpose, Role, Theme, UserState

NAME_LENGTH = 200
EMAIL_LENGTH = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets
LINK_DAYS = 7  # how long a single-use link works, promised on the screens

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*")


@dataclass(frozen=True)
class SignedIn:
    """A living login session with its user; ``actor`` carries roles and teams as of this moment."""

    session_id: int
    name: str
    email: str
    language: Language
    theme: Theme
    actor: Actor
    version: int = 1


@dataclass(frozen=True)
class Account:
    """A user as administrators see them; ``manages_alone`` counts initiatives that nobody else
    of the team could manage."""

    id: int
    name: str
    email: str
    roles: frozenset[Role]
    state: UserState
    last_seen: datetime | None
    sessions: int
    version: int
    manages_alone: int = 0


@dataclass(frozen=True)
class AccountDraft:
    """What an administrator typed; ``id`` and ``version`` are None for somebody new."""

    name: str
    email: str
    roles: frozenset[Role]
    language: Language = Language.ENGLISH
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True)
class AdministratorDraft:
    """The first account of an installation."""

    name: str
    email: str
    password: str
    language: Language = Language.ENGLISH


@dataclass(frozen=True)
class ProfileDraft:
    """What users change about themselves."""

    name: str
    language: Language
    theme: Theme
    version: int | None = None


@dataclass(frozen=True)
class NewLink:
    """A single-use link at the only moment when its token is known."""

    user_id: int
    token: str
    purpose: LinkPurpose
    expires_at: datetime


@dataclass(frozen=True)
class OpenLink:
    """A single-use link that still works, and whose password it sets."""

    user_id: int
    name: str
    email: str
    purpose: LinkPurpose
    expires_at: datetime


@dataclass(frozen=True)
class OwnSession:
    """A browser in which the user is signed in; ``current`` is the one that asks."""

    id: int
    since: datetime
    last_active: datetime
    keep: bool
    current: bool


@dataclass(frozen=True)
class TeamMember:
    """A user on an initiative's team; somebody not active cannot sign in."""

    user_id: int
    name: str
    roles: frozenset[Role]
    manages: bool
    active: bool

    @property
    def leads(self) -> bool:
        """Whether this member can really manage: active, and an organiser."""
        return self.manages and self.active and Role.ORGANISER in self.roles


@dataclass(frozen=True)
class AuditEntry:
    """One event of the log. Names are those of now: ``actor`` and ``subject_name`` are empty
    where nobody, or nothing that the viewer may know, has the id."""

    id: int
    at: datetime
    actor_id: int | None
    actor: str
    action: str
    subject: str
    subject_id: int | None
    subject_name: str
    initiative_id: int | None
    initiative: str
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class AuditChain:
    """Whether the log is whole; ``seal`` is the hash of its last event, "" when it is empty."""

    events: int
    first_broken: int | None
    seal: str


def fold_email(email: str) -> str:
    """The form in which addresses are stored and compared."""
    return email.strip().lower()


def check_identity(name: str, email: str) -> tuple[str, str, list[Problem]]:
    """The cleaned name, the folded address, and what is wrong with them.

    Codes: required, too_long (params limit, length), email_invalid.
    """
    problems: list[Problem] = []
    name = checked(name, "name", problems, longest=NAME_LENGTH, required=True)
    email = checked(email, "email", problems, longest=EMAIL_LENGTH, required=True)
    if email and not _EMAIL.fullmatch(email):
        problems.append(Problem("email_invalid", field="email"))
    return name, fold_email(email), problems
