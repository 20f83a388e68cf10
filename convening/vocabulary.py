"""Every enumeration of the domain, once. Stored as its text value; worded by ``convening.i18n``."""

from enum import StrEnum
from typing import NamedTuple


class Group(StrEnum):
    """The three overlapping parts of a community; never ranked."""

    STEWARD = "steward"
    GATEWAY = "gateway"
    INFLUENCER = "influencer"


class Capital(StrEnum):
    """What a stakeholder can bring."""

    SOCIAL = "social"
    RELATIONAL = "relational"
    INTELLECTUAL = "intellectual"
    FINANCIAL = "financial"


class Range(NamedTuple):
    """A closed interval; comparisons against it allow 1e-9."""

    min: float
    max: float


class GuidingQuestion(StrEnum):
    """The questions that place a person in a group (see ``QUESTION_GROUP``)."""

    MOST_AFFECTED = "most_affected"
    LIFE_SHAPED = "life_shaped"
    FEELS_CHANGE_FIRST = "feels_change_first"
    SERVES_DIRECTLY = "serves_directly"
    WORKS_INDIRECTLY = "works_indirectly"
    SOCIAL_CAPITAL = "social_capital"
    MEANS_TO_CHANGE = "means_to_change"


QUESTION_GROUP: dict[GuidingQuestion, Group] = {
    GuidingQuestion.MOST_AFFECTED: Group.STEWARD,
    GuidingQuestion.LIFE_SHAPED: Group.STEWARD,
    GuidingQuestion.FEELS_CHANGE_FIRST: Group.STEWARD,
    GuidingQuestion.SERVES_DIRECTLY: Group.GATEWAY,
    GuidingQuestion.WORKS_INDIRECTLY: Group.GATEWAY,
    GuidingQuestion.SOCIAL_CAPITAL: Group.INFLUENCER,
    GuidingQuestion.MEANS_TO_CHANGE: Group.INFLUENCER,
}


class Role(StrEnum):
    """What an account may do; a user has a set of them."""

    ADMINISTRATOR = "administrator"
    ORGANISER = "organiser"
    FACILITATOR = "facilitator"
    LEADERSHIP = "leadership"
    MEMBER = "member"


class Language(StrEnum):
    ENGLISH = "en"
    ARABIC = "ar"


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class StageKind(StrEnum):
    """The preset steps of an initiative, in their usual order; CUSTOM carries a name of its own."""

    PROBLEM_DEFINITION = "problem_definition"
    DESIGN = "design"
    MOBILISATION = "mobilisation"
    PILOT = "pilot"
    IMPLEMENTATION = "implementation"
    LEARNING = "learning"
    CUSTOM = "custom"


class Relationship(StrEnum):
    """How well the foundation knows a stakeholder; money is kept apart (``Money``)."""

    NONE = "none"
    ACQUAINTED = "acquainted"
    ESTABLISHED = "established"


class Money(StrEnum):
    NONE = "none"
    APPLICANT = "applicant"
    GRANTEE = "grantee"


class Consent(StrEnum):
    """Whether the person agreed to be on the map."""

    UNKNOWN = "unknown"
    GIVEN = "given"
    REFUSED = "refused"
    GUARDIAN = "guardian"


class OrganisationKind(StrEnum):
    RESIDENT_GROUP = "resident_group"
    NON_PROFIT = "non_profit"
    FOUNDATION = "foundation"
    GOVERNMENT = "government"
    BUSINESS = "business"
    SCHOOL = "school"
    FAITH = "faith"
    MEDIA = "media"
    OTHER = "other"


class ConveningKind(StrEnum):
    WORKSHOP = "workshop"
    LISTENING = "listening"
    STRESS_TEST = "stress_test"
    DECISION = "decision"
    REVIEW = "review"
    OTHER = "other"


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


class Basis(StrEnum):
    """Who counts when the balance of a room is drawn."""

    EXPECTED = "expected"
    ACCEPTED = "accepted"
    ATTENDED = "attended"


class Support(StrEnum):
    """What is offered so that a barrier does not keep a person away."""

    TRAVEL = "travel"
    CHILDCARE = "childcare"
    INTERPRETATION = "interpretation"
    STIPEND = "stipend"


class FunnelStep(StrEnum):
    """How far people of the map came in a stage, counted as distinct people."""

    ON_THE_MAP = "on_the_map"
    INVITED = "invited"
    ACCEPTED = "accepted"
    IN_THE_ROOM = "in_the_room"


class ConveningState(StrEnum):
    """DRAFT until purpose and date are set; HELD keeps the groups that each person had then."""

    DRAFT = "draft"
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class Stake(StrEnum):
    """Why somebody must be thought of before a decision is made."""

    COULD_BLOCK = "could_block"
    COULD_LOSE = "could_lose"


class NominationState(StrEnum):
    OPEN = "open"
    ON_THE_MAP = "on_the_map"
    SET_ASIDE = "set_aside"


class PersonField(StrEnum):
    """Where a column of an imported list of people goes."""

    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    ORGANISATION = "organisation"
    PLACE = "place"
    EMAIL = "email"
    PHONE = "phone"
    CONTACT = "contact"
    GROUPS = "groups"
    STEWARD = "steward"
    GATEWAY = "gateway"
    INFLUENCER = "influencer"
    SOCIAL = "social"
    RELATIONAL = "relational"
    INTELLECTUAL = "intellectual"
    FINANCIAL = "financial"
    RELATIONSHIP = "relationship"
    MONEY = "money"
    REACHED_THROUGH = "reached_through"
    CONSENT = "consent"
    BIRTH_YEAR = "birth_year"
    UNDER_18 = "under_18"
    NOTE = "note"
    ATTRIBUTE = "attribute"
    IGNORE = "ignore"


class PersonSort(StrEnum):
    """The orders of the community map's list; people alike in it stand by name."""

    NAME = "name"
    ORGANISATION = "organisation"
    PLACE = "place"
    RELATIONSHIP = "relationship"
    NEWEST = "newest"


class DuplicateChoice(StrEnum):
    """What becomes of an imported person who looks like somebody on the map."""

    SKIP = "skip"
    UPDATE = "update"
    ADD = "add"


class UserState(StrEnum):
    """INVITED until a password was set by the link."""

    INVITED = "invited"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class LinkPurpose(StrEnum):
    """What a single-use link is for; both end in a password of the user's own."""

    INVITE = "invite"
    PASSWORD = "password"  # nosec B105 # a word, no secret


class Standing(StrEnum):
    """How a share stands against its target range."""

    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


class Need(StrEnum):
    """What an invited person asks for, so that they can come."""

    INTERPRETATION = "interpretation"
    CHILDCARE = "childcare"
    TRAVEL = "travel"
    ACCESS = "access"
    DIET = "diet"


class AnswerChannel(StrEnum):
    """How the answer to an invitation came in."""

    LINK = "link"
    TELEPHONE = "telephone"
    VISIT = "visit"


class MailKind(StrEnum):
    """What a message of the outbox is about."""

    INVITATION = "invitation"
    UPDATE = "update"
    CANCELLATION = "cancellation"
    REMINDER = "reminder"
    ACCOUNT = "account"
    PASSWORD = "password"  # nosec B105 # a word, no secret


class MailState(StrEnum):
    """Where a message stands.

    BY_HAND has no address, or no mail server is set: somebody copies its text. UNCERTAIN was found
    in SENDING after a crash, and is not sent again by itself.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"
    BY_HAND = "by_hand"


class FeedbackState(StrEnum):
    """What became of a remark about the product: HELPED and NOT_HELPED follow something tried."""

    OPEN = "open"
    TRIED = "tried"
    HELPED = "helped"
    NOT_HELPED = "not_helped"
    SET_ASIDE = "set_aside"


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
