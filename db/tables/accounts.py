"""Users, their login sessions, the links sent to them, their teams, and the audit log."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import AutoString, Field

from db.base import Edited, Table, UtcDateTime, json_field


class User(Edited, table=True):
    """``email`` is stored folded to lower case; without a password hash nobody can sign in."""

    email: str = Field(unique=True)
    name: str
    password_hash: str | None = None
    language: str = Field(default="en", sa_type=AutoString)
    theme: str = Field(default="system", sa_type=AutoString)
    active: bool = True


class UserRole(Table, table=True):
    __tablename__ = "user_role"
    __table_args__ = (UniqueConstraint("user_id", "role"),)

    user_id: int = Field(foreign_key="user.id", ondelete="CASCADE")
    role: str = Field(sa_type=AutoString)


class LoginSession(Table, table=True):
    """A signed-in browser: it holds the random id whose hash stands here."""

    __tablename__ = "login_session"

    token_hash: str = Field(unique=True)
    user_id: int = Field(foreign_key="user.id", ondelete="CASCADE", index=True)
    keep: bool = False
    last_active_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LoginTicket(Table, table=True):
    """Carries a checked password from a script to the route that can set the cookie."""

    __tablename__ = "login_ticket"

    token_hash: str = Field(unique=True)
    user_id: int = Field(foreign_key="user.id", ondelete="CASCADE")
    keep: bool = False
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LoginAttempt(Table, table=True):
    """Failures in a row of one account or one address; ``subject`` is a keyed hash of either."""

    __tablename__ = "login_attempt"

    subject: str = Field(unique=True)
    failures: int = 0
    last_failed_at: datetime = Field(sa_type=UtcDateTime)
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AccountLink(Table, table=True):
    """A single-use link: an invitation to the application, or a new password."""

    __tablename__ = "account_link"

    token_hash: str = Field(unique=True)
    user_id: int = Field(foreign_key="user.id", ondelete="CASCADE", index=True)
    purpose: str = Field(sa_type=AutoString)
    made_by_id: int | None = Field(default=None, foreign_key="user.id", ondelete="SET NULL")
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TeamMembership(Table, table=True):
    """Journalled, so that an initiative that is put back has its team again."""

    __tablename__ = "team_membership"
    __table_args__ = (UniqueConstraint("initiative_id", "user_id"),)
    journalled: ClassVar[bool] = True

    initiative_id: int = Field(foreign_key="initiative.id", ondelete="CASCADE")
    user_id: int = Field(foreign_key="user.id", ondelete="CASCADE", index=True)
    manages: bool = False


class AuditEvent(Table, table=True):
    """Append-only; ``hash`` covers the row and the hash before it. Holds ids, never names."""

    __tablename__ = "audit_event"

    actor_id: int | None = None
    action: str = Field(sa_type=AutoString, index=True)
    subject: str = Field(default="", sa_type=AutoString)
    subject_id: int | None = None
    initiative_id: int | None = Field(default=None, index=True)
    details: dict[str, Any] = json_field(default_factory=dict)
    previous_hash: str
    hash: str = Field(unique=True)


class InstallationValue(Table, table=True):
    """One value of this installation: the hash of the set-up code, the data version."""

    __tablename__ = "installation_value"

    name: str = Field(unique=True)
    text: str = ""
    number: int = Field(default=0, sa_type=BigInteger)
