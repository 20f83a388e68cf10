"""The balance of one room as one record: who counts, against what, and what to ask about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convening import balance, missing
from convening.balance import Parts, Shares
from convening.invitations import Capacity, Choice, Invitation, capacity, counted
from convening.missing import Present, Suggestion, Uninvited
from convening.problems import Problem
from convening.vocabulary import Basis, Group, InvitationStatus, Range, Relationship


@dataclass(frozen=True)
class RoomBalance:
    """``targets`` are the stage's; while it has none, those of the map (``from_the_map``).

    ``problems`` are questions in the order in which they are asked; a room without people has
    none. ``new_faces`` were never invited to an earlier convening of the initiative.
    """

    basis: Basis
    shares: Shares
    targets: Mapping[Group, Range]
    from_the_map: bool
    parts: Mapping[Group, Parts]
    new_faces: int
    capacity: Capacity
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Missing:
    """Somebody of the map whose coming would help, with the reasons."""

    person: Choice
    suggestion: Suggestion


@dataclass(frozen=True)
class Waiting:
    """The invitation to take from the waitlist first, with the reasons."""

    invitation: Invitation
    suggestion: Suggestion


def room(
    invitations: Sequence[Invitation],
    basis: Basis,
    own_targets: Mapping[Group, Range],
    on_the_map: Shares,
    places: int | None,
) -> RoomBalance:
    """The balance of those who count on the basis; ``places`` is None when no number was set."""
    there = counted(invitations, basis)
    shares = balance.shares(each.groups for each in there)
    targets = own_targets or balance.reference(on_the_map)
    parts = balance.parts((each.groups, each.part) for each in there)
    return RoomBalance(
        basis=basis,
        shares=shares,
        targets=targets,
        from_the_map=not own_targets,
        parts=parts,
        new_faces=balance.new_faces(each.times_before for each in there),
        capacity=capacity(invitations, places),
        problems=_problems(there, shares, targets, parts, from_the_map=not own_targets),
    )


def _problems(
    there: Sequence[Invitation],
    shares: Shares,
    targets: Mapping[Group, Range],
    parts: Mapping[Group, Parts],
    *,
    from_the_map: bool,
) -> tuple[Problem, ...]:
    if not there:
        return ()
    return (
        *(balance.check(shares, targets, from_the_map=from_the_map) if shares.placed else ()),
        *balance.lone(shares),
        *balance.staged(parts),
        *balance.organisations([each.organisation or None for each in there]),
        *balance.unplaced(shares),
    )


def who_is_missing(
    invitations: Sequence[Invitation],
    candidates: Sequence[Choice],
    view: RoomBalance,
    limit: int = missing.LIMIT,
) -> list[Missing]:
    """The people of the map who would bring the room nearest to its targets, best first."""
    people = {each.id: each for each in candidates}
    found = missing.who_is_missing(
        _present(counted(invitations, view.basis)),
        [
            Uninvited(
                id=each.id,
                groups=each.groups,
                organisation=each.organisation or None,
                times_invited=each.times_invited,
                close=each.relationship is Relationship.ESTABLISHED,
                through=each.through or None,
            )
            for each in candidates
        ],
        view.targets,
        limit,
    )
    return [Missing(people[int(each.id)], each) for each in found]


def first_from_waitlist(invitations: Sequence[Invitation], view: RoomBalance) -> Waiting | None:
    """Who should have a place that is free; None while nobody waits or no place is free.

    The room is everybody who is expected, whatever basis the figure shows.
    """
    if view.capacity.full:
        return None
    waiting = [each for each in invitations if each.status is InvitationStatus.WAITLISTED]
    waiting.sort(key=lambda each: (each.status_at, each.id))
    found = missing.first_from_waitlist(
        _present(counted(invitations, Basis.EXPECTED)),
        [
            Uninvited(
                id=each.id,
                groups=each.groups,
                organisation=each.organisation or None,
                times_invited=each.times_before,
                close=each.relationship is Relationship.ESTABLISHED,
            )
            for each in waiting
        ],
        view.targets,
    )
    if found is None:
        return None
    return Waiting(next(each for each in waiting if each.id == found.id), found)


def _present(there: Sequence[Invitation]) -> list[Present]:
    return [Present(each.groups, each.organisation or None) for each in there]
