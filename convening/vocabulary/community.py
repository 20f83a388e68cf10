"""The community map: its people, their groups, what they bring, and how they got there."""

from enum import StrEnum


class Group(StrEnum):
    """The three overlapping parts of a community; never ranked."""

    STEWARD = "steward"
    GATEWAY = "gateway"
    INFLUENCER = "influencer"


GROUP_SIGNS = {Group.STEWARD: "●", Group.GATEWAY: "■", Group.INFLUENCER: "▲"}  # beside its colour


class Capital(StrEnum):
    """What a stakeholder can bring."""

    SOCIAL = "social"
    RELATIONAL = "relational"
    INTELLECTUAL = "intellectual"
    FINANCIAL = "financial"


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
