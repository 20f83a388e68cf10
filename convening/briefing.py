"""The briefing of the night before: what a team should know of those who come."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from convening.convenings import AtStake, stake_questions
from convening.invitations import Invitation
from convening.problems import Problem
from convening.vocabulary import (
    Consent,
    Group,
    InvitationStatus,
    Money,
    Need,
    OrganisationKind,
    Support,
)

_S = InvitationStatus
COMING = frozenset({_S.ACCEPTED, _S.ATTENDED})
MAY_COME = COMING | {_S.INVITED}

# What can be offered against a need; step-free access and food are arranged with the place.
MEETS: dict[Need, Support] = {
    Need.INTERPRETATION: Support.INTERPRETATION,
    Need.CHILDCARE: Support.CHILDCARE,
    Need.TRAVEL: Support.TRAVEL,
}


@dataclass(frozen=True)
class Guest:
    """An invited person as the team should know them.

    ``came_before`` counts the other convenings of the initiative in whose room they were before
    this one. ``money`` is what they hope for from the foundation, or have.
    """

    invitation: Invitation
    money: Money = Money.NONE
    organisation_kind: OrganisationKind | None = None
    minor: bool = False
    consent: Consent = Consent.UNKNOWN
    needs: tuple[Need, ...] = ()
    needs_note: str = ""
    declined_because: str = ""
    came_before: int = 0

    @property
    def id(self) -> int:
        """The id of the invitation."""
        return self.invitation.id

    @property
    def name(self) -> str:
        return self.invitation.name

    @property
    def groups(self) -> frozenset[Group]:
        return self.invitation.groups

    @property
    def status(self) -> InvitationStatus:
        return self.invitation.status

    @property
    def support(self) -> tuple[Support, ...]:
        return self.invitation.support


@dataclass(frozen=True)
class Alone:
    """The only person of a group among those who come."""

    group: Group
    guest: Guest


@dataclass(frozen=True)
class Briefing:
    """Who comes and what to think of; each list in the order in which it is read aloud.

    ``first_timers``, ``funded``, ``needing`` and ``minors`` are among those who said yes and those
    who have not answered, because both may come. ``funders`` come from a foundation.
    """

    coming: tuple[Guest, ...]
    unanswered: tuple[Guest, ...]
    declined: tuple[Guest, ...]
    not_asked: tuple[Guest, ...]
    first_timers: tuple[Guest, ...]
    everybody_new: bool
    funded: tuple[Guest, ...]
    funders: tuple[Guest, ...]
    needing: tuple[Guest, ...]
    interpretation_needed: tuple[Guest, ...]
    interpretation_offered: tuple[Guest, ...]
    minors: tuple[Guest, ...]
    alone: tuple[Alone, ...]
    at_stake: tuple[AtStake, ...]
    problems: tuple[Problem, ...]


def brief(guests: Iterable[Guest], at_stake: Sequence[AtStake] = ()) -> Briefing:
    """The briefing on everybody who has an invitation and a name; the erased are left out."""
    named = sorted((each for each in guests if each.name), key=lambda each: (each.name, each.id))
    there = [each for each in named if each.status in MAY_COME]
    coming = _of(named, COMING)
    new = sorted((each for each in there if not each.came_before), key=smallest_group_first(there))
    money = (Money.GRANTEE, Money.APPLICANT)
    funded = [each for kind in money for each in there if each.money is kind]
    briefing = Briefing(
        coming=coming,
        unanswered=_of(named, {_S.INVITED}),
        declined=_of(named, {_S.DECLINED}),
        not_asked=_of(named, {_S.PROPOSED}),
        first_timers=tuple(new),
        everybody_new=bool(there) and len(new) == len(there),
        funded=tuple(funded),
        funders=tuple(
            each for each in there if each.organisation_kind is OrganisationKind.FOUNDATION
        ),
        needing=tuple(filter(_asks_for_something, there)),
        interpretation_needed=tuple(e for e in there if Need.INTERPRETATION in e.needs),
        interpretation_offered=tuple(e for e in there if Support.INTERPRETATION in e.support),
        minors=tuple(each for each in there if each.minor),
        alone=alone(coming),
        at_stake=tuple(at_stake),
        problems=(),
    )
    return _with_questions(briefing)


def alone(coming: Sequence[Guest]) -> tuple[Alone, ...]:
    """Groups for which a single person comes among others: one voice is easily overheard."""
    found = []
    for group in Group:
        members = [each for each in coming if group in each.groups]
        if len(members) == 1 and len(coming) > 1:
            found.append(Alone(group, members[0]))
    return tuple(found)


def unmet(there: Iterable[Guest]) -> list[tuple[Need, tuple[str, ...]]]:
    """Each need against which something can be offered, with the names to whom it is not."""
    guests = list(there)
    found = []
    for need, support in MEETS.items():
        names = tuple(e.name for e in guests if need in e.needs and support not in e.support)
        if names:
            found.append((need, names))
    return found


def smallest_group_first(there: Iterable[Guest]) -> Callable[[Guest], tuple[int, str, int]]:
    """A sort key: people of groups with few heads in the room first, those in no group last."""
    guests = list(there)
    heads = {group: sum(group in each.groups for each in guests) for group in Group}

    def place(guest: Guest) -> tuple[int, str, int]:
        smallest = min((heads[group] for group in guest.groups), default=len(guests) + 1)
        return smallest, guest.name, guest.id

    return place


def _of(guests: Iterable[Guest], statuses: Iterable[InvitationStatus]) -> tuple[Guest, ...]:
    wanted = set(statuses)
    return tuple(each for each in guests if each.status in wanted)


def _asks_for_something(guest: Guest) -> bool:
    return bool(guest.needs or guest.needs_note or guest.invitation.barriers or guest.support)


def _with_questions(briefing: Briefing) -> Briefing:
    """The same with what it asks back. Codes: alone_in_group (group, name), need_not_met (need,
    count, names), guardian_consent_of (name), money_in_the_room (count), chosen_not_asked (count),
    stakes_unknown, stakes_not_invited and stakes_declined (count, names)."""
    found = [
        Problem("alone_in_group", {"group": each.group, "name": each.guest.name})
        for each in briefing.alone
    ]
    found += [
        Problem("need_not_met", {"need": need, "count": len(names), "names": names})
        for need, names in unmet((*briefing.coming, *briefing.unanswered))
    ]
    found += [
        Problem("guardian_consent_of", {"name": each.name})
        for each in briefing.minors
        if each.consent is not Consent.GUARDIAN
    ]
    if briefing.funded:
        found.append(Problem("money_in_the_room", {"count": len(briefing.funded)}))
    found += stake_questions(briefing.at_stake)
    declined = tuple(
        dict.fromkeys(each.name for each in briefing.at_stake if each.status is _S.DECLINED)
    )
    if declined:
        found.append(Problem("stakes_declined", {"count": len(declined), "names": declined}))
    if briefing.not_asked:
        found.append(Problem("chosen_not_asked", {"count": len(briefing.not_asked)}))
    return replace(briefing, problems=tuple(found))
