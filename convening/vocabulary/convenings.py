"""Initiatives and their convenings: stages, whether to convene, the agenda."""

from enum import StrEnum


class StageKind(StrEnum):
    """The preset steps of an initiative, in their usual order; CUSTOM carries a name of its own."""

    PROBLEM_DEFINITION = "problem_definition"
    DESIGN = "design"
    MOBILISATION = "mobilisation"
    PILOT = "pilot"
    IMPLEMENTATION = "implementation"
    LEARNING = "learning"
    CUSTOM = "custom"


class ConveningKind(StrEnum):
    WORKSHOP = "workshop"
    LISTENING = "listening"
    STRESS_TEST = "stress_test"
    DECISION = "decision"
    REVIEW = "review"
    OTHER = "other"


class ConveningState(StrEnum):
    """DRAFT until purpose and date are set; HELD keeps the groups that each person had then."""

    DRAFT = "draft"
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class ConveningQuestion(StrEnum):
    """The six questions whether to convene at all."""

    CLEAR_PURPOSE = "clear_purpose"
    ISSUE_RIPE = "issue_ripe"
    CRITICAL_STAKEHOLDERS = "critical_stakeholders"
    COLLECTIVE_INTELLIGENCE = "collective_intelligence"
    EXTENDED_TIME = "extended_time"
    RESOURCES = "resources"


class Openness(StrEnum):
    """How open the decision still is when people are asked to come."""

    EVERYTHING_OPEN = "everything_open"
    MOSTLY_OPEN = "mostly_open"
    OPTIONS_GIVEN = "options_given"
    DETAILS_OPEN = "details_open"
    ALREADY_DECIDED = "already_decided"


class BlockFormat(StrEnum):
    WELCOME = "welcome"
    CIRCLE = "circle"
    SMALL_GROUPS = "small_groups"
    PLENARY = "plenary"
    PANEL = "panel"
    PRESENTATION = "presentation"
    STRESS_TEST = "stress_test"
    SILENT_WRITING = "silent_writing"
    DECISION = "decision"
    BREAK = "break"
    CLOSING = "closing"


class Stake(StrEnum):
    """Why somebody must be thought of before a decision is made."""

    COULD_BLOCK = "could_block"
    COULD_LOSE = "could_lose"
