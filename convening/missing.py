"""Who is missing from a room: people of the map whose coming would bring it nearer to its targets.

People are ranked, groups never: what counts is how far the room as a whole is from its targets with
one more person in it, and that depends on the person's groups alone. Among people who would help
alike, those come first whom the foundation has heard least.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from convening import balance
from convening.problems import Problem
from convening.vocabulary import Group, Range

LIMIT = 12  # as many as an organiser reads at one go


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody in the room, or invited to it."""

    groups: Set[Group]
    organisation: Hashable | None = None


@dataclass(frozen=True, slots=True)
class Uninvited:
    """Somebody of the map who is not in the room.

    ``close`` says that the foundation has an established relationship with them, ``through`` who
    else could reach them, as it should be shown.
    """

    id: int | str
    groups: Set[Group]
    organisation: Hashable | None = None
    times_invited: int = 0
    close: bool = False
    through: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A person and why; ``gain`` is how much nearer the room would be to its targets."""

    id: int | str
    gain: float
    reasons: tuple[Problem, ...]


def who_is_missing(
    room: Collection[Present],
    candidates: Iterable[Uninvited],
    targets: Mapping[Group, Range],
    limit: int | None = LIMIT,
) -> list[Suggestion]:
    """The people whose coming would close the gap to the targets most, best first.

    Nobody is named who would not help; so the list is empty when every range is met. ``gain`` is
    the fall of ``balance.gap`` (2 is the most). Equal gains are ordered by: fewer past invitations,
    no established relationship, the first of their organisation in this list before the second,
    an organisation not yet in the room, and at last the id. ``limit`` None: all of them.

    Reasons, codes with params: ``closes_gap`` (group, heads, people: in the room so far),
    ``closes_gap_first`` (group: the room is empty),
    ``counterweight`` (group: the one with more than its range), ``new_face``, ``new_organisation``
    (organisation), ``known_through`` (name) for somebody whom the foundation knows only by others.
    """
    found: list[Suggestion] = []
    shares = balance.shares(each.groups for each in room)
    present = {each.organisation for each in room}
    for gain, people in _by_gain(shares, candidates, targets):
        for each in _in_turn(people, present):
            if limit is not None and len(found) >= limit:
                return found
            found.append(Suggestion(each.id, gain, _reasons(each, shares, present, targets)))
    return found


def _by_gain(
    shares: balance.Shares, candidates: Iterable[Uninvited], targets: Mapping[Group, Range]
) -> Iterator[tuple[float, list[Uninvited]]]:
    """The candidates who would help, those who would help alike together, the most first."""
    by_overlap: defaultdict[frozenset[Group], list[Uninvited]] = defaultdict(list)
    for each in candidates:
        by_overlap[frozenset(each.groups)].append(each)
    before = balance.gap(shares, targets)
    by_gain: defaultdict[float, list[Uninvited]] = defaultdict(list)
    for groups, people in by_overlap.items():
        gain = before - balance.gap(balance.joined(shares, groups), targets)
        if groups and gain > balance.TOLERANCE:
            by_gain[round(gain, 9)] += people
    yield from sorted(by_gain.items(), reverse=True)


def _in_turn(people: Iterable[Uninvited], present: Set[Hashable | None]) -> Iterator[Uninvited]:
    """People who would help alike, whom the foundation has heard least first."""
    ordered = sorted(
        people,
        key=lambda each: (
            each.times_invited,
            each.close,
            not _new_organisation(each, present),
            each.id,
        ),
    )
    seen: defaultdict[Hashable, int] = defaultdict(int)
    ranked = []
    for each in ordered:
        turn = 0
        if each.organisation is not None:
            turn = seen[each.organisation]
            seen[each.organisation] += 1
        ranked.append((each.times_invited, each.close, turn, each))
    ranked.sort(key=lambda row: row[:3])
    return (row[-1] for row in ranked)


def _new_organisation(person: Uninvited, present: Set[Hashable | None]) -> bool:
    return person.organisation is not None and person.organisation not in present


def _reasons(
    person: Uninvited,
    shares: balance.Shares,
    present: Set[Hashable | None],
    targets: Mapping[Group, Range],
) -> tuple[Problem, ...]:
    reasons = _of_groups(person.groups, shares, targets)
    if person.times_invited == 0:
        reasons.append(Problem("new_face"))
    if _new_organisation(person, present):
        reasons.append(Problem("new_organisation", {"organisation": person.organisation}))
    if person.through and not person.close:
        reasons.append(Problem("known_through", {"name": person.through}))
    return tuple(reasons)


def _of_groups(
    groups: Set[Group], shares: balance.Shares, targets: Mapping[Group, Range]
) -> list[Problem]:
    """The groups in which a person closes a gap; where there is none, those they outweigh."""
    outside = balance.check(shares, targets)
    closes = [
        _closes_gap(group, shares)
        for group in (each.params["group"] for each in outside if each.code == "below_target")
        if group in groups
    ]
    return closes or [
        Problem("counterweight", {"group": each.params["group"]})
        for each in outside
        if each.code == "above_target" and each.params["group"] not in groups
    ]


def _closes_gap(group: Group, shares: balance.Shares) -> Problem:
    if not shares.people:
        return Problem("closes_gap_first", {"group": group})
    so_far = {"heads": shares.heads[group], "people": shares.people}
    return Problem("closes_gap", {"group": group, **so_far})


def first_from_waitlist(
    room: Collection[Present], waitlist: Sequence[Uninvited], targets: Mapping[Group, Range]
) -> Suggestion | None:
    """Whom to propose first when a seat comes free; None when nobody waits.

    The one with whom ``balance.index`` of the room is highest, among equals the one who has waited
    longest (``waitlist`` is in the order of waiting). ``gain`` is the rise of the index, which may
    be negative. Reasons as of ``who_is_missing``, or ``waited_longest`` when the groups give none,
    or when no target has a midpoint above 0, so that every room is as good as another.
    """
    if not waitlist:
        return None
    shares = balance.shares(each.groups for each in room)
    present = {each.organisation for each in room}
    if not any(wanted.min + wanted.max > 0 for wanted in targets.values()):
        return Suggestion(waitlist[0].id, 0.0, (Problem("waited_longest"),))
    before = balance.index(shares, targets)
    after = {
        groups: round(balance.index(balance.joined(shares, groups), targets), 9)
        for groups in {frozenset(each.groups) for each in waitlist}
    }
    first = max(waitlist, key=lambda each: after[frozenset(each.groups)])
    gain = after[frozenset(first.groups)] - before
    reasons = _reasons(first, shares, present, targets)
    if not _of_groups(first.groups, shares, targets):
        reasons = (Problem("waited_longest"), *reasons)
    return Suggestion(first.id, gain, reasons)
