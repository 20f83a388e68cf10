"""Problem definitions, the views that dissent from them, and anonymous notes."""

from enum import StrEnum


class VersionState(StrEnum):
    """Where a version of a problem definition stands."""

    DRAFT = "draft"
    IN_DISCUSSION = "in_discussion"
    ADOPTED = "adopted"
    SUPERSEDED = "superseded"


class Strength(StrEnum):
    """How strongly a view dissents, from a concern to an objection."""

    CONCERN = "concern"
    DISAGREEMENT = "disagreement"
    OBJECTION = "objection"


class Attribution(StrEnum):
    """How a dissenting view names its owner."""

    NAMED = "named"
    GROUP_ONLY = "group_only"
    ANONYMOUS = "anonymous"


class Outcome(StrEnum):
    """The answer to a dissenting view; WITHDRAWN is the dissenter's alone."""

    INCORPORATED = "incorporated"
    STANDS = "stands"
    WITHDRAWN = "withdrawn"


class DissentState(StrEnum):
    """Where a dissenting view stands on its way from raised to closed."""

    UNANSWERED = "unanswered"
    NOT_ASKED = "not_asked"
    ASKED = "asked"
    REOPENED = "reopened"
    UNSIGNED = "unsigned"
    CONFIRMED = "confirmed"
    NO_REPLY = "no_reply"
    STILL_NO = "still_no"
    WITHDRAWN = "withdrawn"
    STRUCK = "struck"


class NoteRelease(StrEnum):
    """What becomes of anonymous notes in a room."""

    NOT_OFFERED = "not_offered"
    AFTER_CLOSING = "after_closing"
    LIVE = "live"
