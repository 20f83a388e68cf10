"""Invitations: who is asked to what, how they answer, what they need."""

from enum import StrEnum


class Part(StrEnum):
    """What an invited person does in a convening."""

    CO_DESIGN = "co_design"
    TAKING_PART = "taking_part"
    FACILITATING = "facilitating"
    KEEPING_THE_RECORD = "keeping_the_record"
    SPEAKING = "speaking"
    PANEL = "panel"
    OBSERVING = "observing"


WORKING_PARTS: frozenset[Part] = frozenset(
    {Part.CO_DESIGN, Part.TAKING_PART, Part.FACILITATING, Part.KEEPING_THE_RECORD}
)


class InvitationStatus(StrEnum):
    """Where an invitation stands; ``convening.invitations.MOVES`` says which move is allowed."""

    PROPOSED = "proposed"
    INVITED = "invited"
    WAITLISTED = "waitlisted"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ATTENDED = "attended"
    ABSENT = "absent"
    WITHDRAWN = "withdrawn"


class AnswerChannel(StrEnum):
    """How the answer to an invitation came in."""

    LINK = "link"
    TELEPHONE = "telephone"
    VISIT = "visit"


class Need(StrEnum):
    """What an invited person asks for, so that they can come."""

    INTERPRETATION = "interpretation"
    CHILDCARE = "childcare"
    TRAVEL = "travel"
    ACCESS = "access"
    DIET = "diet"


class Support(StrEnum):
    """What is offered so that a barrier does not keep a person away."""

    TRAVEL = "travel"
    CHILDCARE = "childcare"
    INTERPRETATION = "interpretation"
    STIPEND = "stipend"
