"""The one tuple of screens. A new screen is its file and one line here."""

from dataclasses import dataclass

from convening.roles import Action


@dataclass(frozen=True)
class Page:
    """``name`` is the file's name and the URL; ``action`` opens it, None opens it to everybody.
    ``fills`` says that it needs the whole width, and the menu starts folded."""

    name: str
    section: str
    icon: str
    action: Action | None = None
    default: bool = False
    fills: bool = False


PAGES: tuple[Page, ...] = (
    Page("home", "", ":material/home:", default=True),
    Page("initiatives", "plan", ":material/lightbulb:", Action.OPEN_INITIATIVE),
    Page("community", "plan", ":material/groups:", Action.SEE_PEOPLE),
    Page("convenings", "plan", ":material/event:", Action.SEE_CONVENINGS),
    Page("agenda", "plan", ":material/schedule:", Action.SEE_CONVENINGS),
    Page("invitees", "plan", ":material/person_add:", Action.SEE_PEOPLE),
    Page("mail", "plan", ":material/mail:", Action.SEE_MAIL),
    Page("door", "plan", ":material/meeting_room:", Action.CHECK_IN),
    Page("definition", "understand", ":material/edit_note:", Action.SEE_DEFINITION),
    Page("dissent", "understand", ":material/forum:", Action.SEE_SUPPRESSED_DISSENT),
    Page("room", "understand", ":material/record_voice_over:", Action.RUN_ROOM, fills=True),
    Page("wall", "understand", ":material/cast:", Action.RUN_ROOM, fills=True),
    Page("opinion", "understand", ":material/how_to_vote:", Action.SEE_OPINION),
    Page("after", "understand", ":material/task_alt:", Action.RUN_ROOM),
    Page("balance", "see", ":material/balance:", Action.SEE_SUPPRESSED_BALANCE),
    Page("people_and_access", "manage", ":material/manage_accounts:", Action.MANAGE_ACCOUNTS),
    Page("feedback", "manage", ":material/rate_review:", Action.SEE_FEEDBACK),
    Page("data", "manage", ":material/database:", Action.BACK_UP),
    Page("glass", "manage", ":material/visibility:", Action.BREAK_GLASS),
    Page("audit", "manage", ":material/history:", Action.SEE_AUDIT),
    Page("settings", "manage", ":material/settings:", Action.MANAGE_ACCOUNTS),
    Page("account", "manage", ":material/account_circle:"),
)


def page(name: str) -> Page:
    return next(each for each in PAGES if each.name == name)
