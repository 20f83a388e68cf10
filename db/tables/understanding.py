"""The shared problem definition, the views that dissent from it, and opinion across groups."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import AutoString, Field

from db.base import Bare, Edited, Table, UtcDateTime, json_field


class Definition(Edited, table=True):
    """A shared text of an initiative, of a problem or an opportunity; its versions hold it."""

    __tablename__ = "definition"
    journalled: ClassVar[bool] = True

    initiative_id: int = Field(foreign_key="initiative.id", ondelete="CASCADE", index=True)
    title: str
    kind: str = Field(default="problem", sa_type=AutoString)


class DefinitionVersion(Edited, table=True):
    """A numbered state of the text. Its words change while it is a draft, and never afterwards."""

    __tablename__ = "definition_version"
    __table_args__ = (UniqueConstraint("definition_id", "number"),)
    journalled: ClassVar[bool] = True

    definition_id: int = Field(foreign_key="definition.id", ondelete="CASCADE")
    number: int
    state: str = Field(default="draft", sa_type=AutoString)
    statement: str = ""
    affected: str = ""
    strengths: str = ""
    known: str = ""
    contested: str = ""
    scope: str = ""
    changed: str = ""
    why: str = ""
    author_id: int | None = Field(
        default=None, foreign_key="user.id", ondelete="SET NULL", index=True
    )
    convening_id: int | None = Field(
        default=None, foreign_key="convening.id", ondelete="SET NULL", index=True
    )
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    adopted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    adopted_by_id: int | None = Field(default=None, foreign_key="user.id", ondelete="SET NULL")
    adopted_in_id: int | None = Field(default=None, foreign_key="convening.id", ondelete="SET NULL")


class EvidenceSource(Edited, table=True):
    """What a definition rests on, and whose knowledge it is."""

    __tablename__ = "evidence_source"
    journalled: ClassVar[bool] = True

    definition_id: int = Field(foreign_key="definition.id", ondelete="CASCADE", index=True)
    title: str
    kind: str = Field(sa_type=AutoString)
    link: str = ""
    note: str = ""
    groups: list[str] = json_field(default_factory=list)


class DissentingView(Edited, table=True):
    """A view with an owner or a group behind it; anonymous ones are ``AnonymousNote``.

    ``passage`` is the marked text of ``passage_field``. ``uuid`` is made by the client, so that a
    view that is sent twice is kept once. Its owner is a person of the map or, for somebody who
    raised it with an account, ``owner_id``. ``agreed_to_name`` says that the words were read to
    their owner, who agreed to be named; ``agreed_to_publish`` that they agreed to the wording
    beyond the room. ``afterwards`` marks what was said in the corridor and logged later.
    """

    __tablename__ = "dissenting_view"
    journalled: ClassVar[bool] = True

    uuid: str = Field(unique=True)
    version_id: int = Field(foreign_key="definition_version.id", ondelete="CASCADE", index=True)
    convening_id: int | None = Field(
        default=None, foreign_key="convening.id", ondelete="SET NULL", index=True
    )
    block_id: int | None = Field(
        default=None, foreign_key="agenda_block.id", ondelete="SET NULL", index=True
    )
    strength: str = Field(sa_type=AutoString)
    statement: str
    reason: str = ""
    resolution: str = ""
    passage_field: str = ""
    passage: str = ""
    attribution: str = Field(sa_type=AutoString)
    groups: list[str] = json_field(default_factory=list)
    stakeholder_id: int | None = Field(
        default=None, foreign_key="stakeholder.id", ondelete="SET NULL", index=True
    )
    owner_id: int | None = Field(
        default=None, foreign_key="user.id", ondelete="SET NULL", index=True
    )
    agreed_to_name: bool = False
    agreed_to_publish: bool | None = None
    afterwards: bool = False
    receipt_hash: str | None = Field(default=None, unique=True)
    logged_by_id: int | None = Field(
        default=None, foreign_key="user.id", ondelete="SET NULL", index=True
    )
    struck_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    struck_because: str = ""


class AnonymousNote(Bare, table=True):
    """What somebody wrote in a room without a name.

    A row tells nothing of its writer or its time: a random id, no user, no token, no row id of the
    database. It keeps the groups that its writer declared only where at least five people did.
    ``strength`` is empty for a note that dissents from nothing. What is added later with the
    receipt code is a row of its own.
    """

    __tablename__ = "anonymous_note"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: str = Field(primary_key=True)
    convening_id: int = Field(foreign_key="convening.id", ondelete="CASCADE", index=True)
    block_id: int | None = Field(default=None, foreign_key="agenda_block.id", ondelete="SET NULL")
    version_id: int | None = Field(
        default=None, foreign_key="definition_version.id", ondelete="CASCADE", index=True
    )
    strength: str = Field(default="", sa_type=AutoString)
    text: str
    reason: str = ""
    resolution: str = ""
    groups: list[str] = json_field(default_factory=list)
    receipt_hash: str = Field(unique=True)
    state: str = Field(default="held", sa_type=AutoString)
    hidden_because: str = ""
    agreed_to_publish: bool | None = None
    adds_to_note_id: str | None = Field(
        default=None, foreign_key="anonymous_note.id", ondelete="CASCADE"
    )
    adds_to_view_id: int | None = Field(
        default=None, foreign_key="dissenting_view.id", ondelete="CASCADE", index=True
    )


class DissentResponse(Edited, table=True):
    """The answer to a view or to an anonymous note; ``answers`` is what its owner says of it."""

    __tablename__ = "dissent_response"
    __table_args__ = (
        CheckConstraint("(view_id IS NULL) <> (note_id IS NULL)", name="one_dissent"),
        UniqueConstraint("view_id", "round"),
        UniqueConstraint("note_id", "round"),
    )

    view_id: int | None = Field(default=None, foreign_key="dissenting_view.id", ondelete="CASCADE")
    note_id: str | None = Field(default=None, foreign_key="anonymous_note.id", ondelete="CASCADE")
    round: int = 1
    outcome: str = Field(sa_type=AutoString)
    version_id: int | None = Field(
        default=None, foreign_key="definition_version.id", ondelete="SET NULL", index=True
    )
    rationale: str = ""
    responded_by_id: int | None = Field(default=None, foreign_key="user.id", ondelete="SET NULL")
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answers: bool | None = None
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by: str | None = Field(default=None, sa_type=AutoString)


class DissentSignature(Table, table=True):
    """Somebody of the team signs that a view is published against its owner's verdict."""

    __tablename__ = "dissent_signature"
    __table_args__ = (
        CheckConstraint("(view_id IS NULL) <> (note_id IS NULL)", name="one_dissent"),
        UniqueConstraint("view_id", "user_id"),
        UniqueConstraint("note_id", "user_id"),
    )

    view_id: int | None = Field(default=None, foreign_key="dissenting_view.id", ondelete="CASCADE")
    note_id: str | None = Field(default=None, foreign_key="anonymous_note.id", ondelete="CASCADE")
    user_id: int = Field(foreign_key="user.id", ondelete="CASCADE", index=True)


class Conversation(Edited, table=True):
    """Statements that people vote on, in a room or brought in from elsewhere."""

    __tablename__ = "conversation"
    journalled: ClassVar[bool] = True

    initiative_id: int = Field(foreign_key="initiative.id", ondelete="CASCADE", index=True)
    convening_id: int | None = Field(
        default=None, foreign_key="convening.id", ondelete="SET NULL", index=True
    )
    title: str
    brought_in: bool = False


class Statement(Edited, table=True):
    """``version_id`` is the version of a definition whose contested points it was taken from."""

    __tablename__ = "statement"
    __table_args__ = (UniqueConstraint("conversation_id", "number"),)
    journalled: ClassVar[bool] = True

    conversation_id: int = Field(foreign_key="conversation.id", ondelete="CASCADE")
    number: int
    text: str
    state: str = Field(default="waiting", sa_type=AutoString)
    revealed: bool = False
    version_id: int | None = Field(
        default=None, foreign_key="definition_version.id", ondelete="SET NULL", index=True
    )


class Vote(Bare, table=True):
    """The last vote of a voter on a statement; ``voter`` is random and stands on nothing else."""

    __tablename__ = "vote"
    __table_args__ = (
        UniqueConstraint("statement_id", "voter"),
        {"sqlite_with_rowid": False},
    )

    id: str = Field(primary_key=True)
    statement_id: int = Field(foreign_key="statement.id", ondelete="CASCADE")
    voter: str
    choice: str = Field(sa_type=AutoString)
    groups: list[str] = json_field(default_factory=list)
