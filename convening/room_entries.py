"""What is logged in a room: a point, somebody's turn, raised hands and coloured cards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from convening.fields import checked
from convening.problems import Problem
from convening.rooms import Logged
from convening.vocabulary import Choice, EntryKind, Group

TEXT_LENGTH = 2000  # characters
QUESTION_LENGTH = 300
MOST_HANDS = 10_000
COUNTED = (EntryKind.HANDS, EntryKind.CARDS)


@dataclass(frozen=True)
class EntryDraft:
    """A point or a turn. ``uuid`` is made by whoever fills it in, so that what is sent twice is
    kept once. ``block_id`` is the block in which it was said; ``afterwards`` marks what was said in
    the corridor."""

    uuid: str
    convening_id: int
    kind: EntryKind = EntryKind.POINT
    groups: frozenset[Group] = frozenset()
    text: str = ""
    block_id: int | None = None
    afterwards: bool = False


@dataclass(frozen=True)
class HandsDraft:
    """Hands or cards to a statement, or to a question asked aloud, counted by group.

    ``counts`` holds how many people of exactly these groups chose what; what is missing was not
    counted. Somebody of two groups is one person in both; whoever would rather not say is in none.
    """

    uuid: str
    convening_id: int
    kind: EntryKind = EntryKind.HANDS
    counts: Mapping[tuple[frozenset[Group], Choice], int] = field(default_factory=dict)
    statement_id: int | None = None
    text: str = ""
    block_id: int | None = None


def entry_uuid(draft: HandsDraft, groups: frozenset[Group], choice: Choice) -> str:
    """The id of one entry of a count; those of the same count begin with ``count_prefix``."""
    names = "+".join(each.value for each in Group if each in groups)
    return f"{draft.uuid}:{names}:{choice.value}"


def count_prefix(uuid: str) -> str:
    """How the ids of all entries begin that were counted together with this one."""
    return f"{uuid.partition(':')[0]}:"


def together(log: Iterable[Logged]) -> list[tuple[Logged, ...]]:
    """What was logged in one go: a count with all its groups and choices in the order in which
    they were saved, anything else by itself. Counts stand where their first line stood."""
    found: dict[object, list[Logged]] = {}
    for each in log:
        counted = each.kind in COUNTED
        found.setdefault(count_prefix(each.uuid) if counted else (each.kind, each.id), []).append(
            each
        )
    return [tuple(sorted(lines, key=lambda each: each.id)) for lines in found.values()]


def cleaned(draft: EntryDraft) -> tuple[EntryDraft, list[Problem]]:
    """Codes by field: uuid_not_valid; required (the text of a point, the groups of a turn);
    too_long; not_an_entry for hands, which are counted."""
    problems: list[Problem] = []
    text = checked(
        draft.text,
        "text",
        problems,
        longest=TEXT_LENGTH,
        required=draft.kind is EntryKind.POINT,
        multiline=True,
    )
    if draft.kind in COUNTED:
        problems.append(Problem("not_an_entry", field="kind"))
    if draft.kind is EntryKind.TURN and not draft.groups:
        problems.append(Problem("required", field="groups"))
    return replace(draft, uuid=_uuid(draft.uuid, problems), text=text), problems


def cleaned_hands(draft: HandsDraft) -> tuple[HandsDraft, list[Problem]]:
    """Codes by field: uuid_not_valid, too_long, not_an_entry, required (nothing was counted),
    hands_out_of_range (``most``)."""
    problems: list[Problem] = []
    text = checked(draft.text, "text", problems, longest=TEXT_LENGTH)
    if draft.kind not in COUNTED:
        problems.append(Problem("not_an_entry", field="kind"))
    if not draft.counts:
        problems.append(Problem("required", field="counts"))
    if any(not 0 <= people <= MOST_HANDS for people in draft.counts.values()):
        problems.append(Problem("hands_out_of_range", {"most": MOST_HANDS}, "counts"))
    return replace(draft, uuid=_uuid(draft.uuid, problems), text=text), problems


def cleaned_question(text: str) -> tuple[str, list[Problem]]:
    """The question on the wall. Code: too_long."""
    problems: list[Problem] = []
    return checked(text, "question", problems, longest=QUESTION_LENGTH), problems


def _uuid(typed: str, problems: list[Problem]) -> str:
    try:
        return str(UUID(typed))
    except ValueError:
        problems.append(Problem("uuid_not_valid", field="uuid"))
        return ""
