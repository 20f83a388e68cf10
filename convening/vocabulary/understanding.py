"""Shared definitions, what a room holds while it is open, and what is asked after it."""

from enum import StrEnum


class DefinitionKind(StrEnum):
    PROBLEM = "problem"
    OPPORTUNITY = "opportunity"


class DefinitionField(StrEnum):
    """The parts of a shared definition, in the order in which it is read."""

    STATEMENT = "statement"
    AFFECTED = "affected"
    STRENGTHS = "strengths"
    KNOWN = "known"
    CONTESTED = "contested"
    SCOPE = "scope"


class EvidenceKind(StrEnum):
    DATA = "data"
    STUDY = "study"
    LIVED_EXPERIENCE = "lived_experience"
    PRACTICE = "practice"


class ReplyChannel(StrEnum):
    """How the owner of a dissenting view said whether a response answers it."""

    ACCOUNT = "account"
    FACILITATOR = "facilitator"
    RECEIPT = "receipt"


class NoteState(StrEnum):
    """ARRIVED while its room is open and nobody reads or counts it, since one more would be that of
    whoever just put their phone down. Then HELD, with the others of its batch or of the room, until
    the facilitator or the keeper of dissent lets others see it."""

    ARRIVED = "arrived"
    HELD = "held"
    RELEASED = "released"
    HIDDEN = "hidden"


class RoomState(StrEnum):
    PREPARING = "preparing"
    OPEN = "open"
    CLOSED = "closed"


class EntryKind(StrEnum):
    """What is logged in a room beside dissent: TURN is somebody of a group speaking."""

    POINT = "point"
    TURN = "turn"
    HANDS = "hands"
    CARDS = "cards"


class Choice(StrEnum):
    AGREE = "agree"
    DISAGREE = "disagree"
    PASS = "pass"  # nosec B105, a vote


class StatementState(StrEnum):
    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"
    HIDDEN = "hidden"


class PulseQuestion(StrEnum):
    """The three questions after a room."""

    HELD_BACK = "held_back"
    SAFE_TO_DISAGREE = "safe_to_disagree"
    CAN_STILL_CHANGE = "can_still_change"


class PulseAnswer(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"
