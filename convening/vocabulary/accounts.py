"""Users: what they may do, how they see the product, what they say about it."""

from enum import StrEnum


class Role(StrEnum):
    """What an account may do; a user has a set of them."""

    ADMINISTRATOR = "administrator"
    ORGANISER = "organiser"
    FACILITATOR = "facilitator"
    LEADERSHIP = "leadership"
    MEMBER = "member"
    KEEPER = "keeper"


class UserState(StrEnum):
    """INVITED until a password was set by the link."""

    INVITED = "invited"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class LinkPurpose(StrEnum):
    """What a single-use link is for; both end in a password of the user's own."""

    INVITE = "invite"
    PASSWORD = "password"  # nosec B105 # a word, no secret


class Language(StrEnum):
    ENGLISH = "en"
    ARABIC = "ar"


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class FeedbackState(StrEnum):
    """What became of a remark about the product: HELPED and NOT_HELPED follow something tried."""

    OPEN = "open"
    TRIED = "tried"
    HELPED = "helped"
    NOT_HELPED = "not_helped"
    SET_ASIDE = "set_aside"
