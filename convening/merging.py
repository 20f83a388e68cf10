"""Two records of one person: where they differ, which value is proposed, and what the two become.

The person who is kept and the one who is dropped are both ``Stakeholder`` records of one map. A
field is named like the attribute of the record; one of the four capitals is ``capital.<capital>``,
an imported attribute ``attribute.<name>``.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from convening.community import Placement, Stakeholder
from convening.vocabulary import Capital, Consent, Group, InvitationStatus, Money, Relationship

PLAIN_FIELDS = (
    "name",
    "organisation",
    "place",
    "email",
    "phone",
    "relationship",
    "money",
    "reached_through",
    "minor",
    "language",
    "consent",
    "note",
)
_EMPTY: tuple[Any, ...] = (None, Relationship.NONE, Money.NONE, Consent.UNKNOWN, False)

# The further along an invitation is, the more it says of what happened; a withdrawn one says least
_SETTLED = (
    InvitationStatus.WITHDRAWN,
    InvitationStatus.PROPOSED,
    InvitationStatus.WAITLISTED,
    InvitationStatus.INVITED,
    InvitationStatus.DECLINED,
    InvitationStatus.ACCEPTED,
    InvitationStatus.ABSENT,
    InvitationStatus.ATTENDED,
)


@dataclass(frozen=True)
class Merge:
    """A person's decision that two records are one; ``from_dropped`` names the fields whose value
    is taken from the dropped record, every other stands as it is in the kept one."""

    keep_id: int
    drop_id: int
    keep_version: int
    drop_version: int
    from_dropped: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Difference:
    """A field on which two records differ; ``dropped_proposed``: the dropped one's value seems
    the better one (the kept one's is empty, or says less)."""

    field: str
    kept: Any
    dropped: Any
    dropped_proposed: bool


def differences(kept: Stakeholder, dropped: Stakeholder) -> list[Difference]:
    """Every field on which the two differ, in the order of the person's form."""
    ours, theirs = values(kept), values(dropped)
    found = []
    for name in dict.fromkeys((*ours, *theirs)):
        mine, other = ours.get(name), theirs.get(name)
        if mine != other and not (_is_empty(mine) and _is_empty(other)):
            proposed = _prefer_dropped(name, mine, other, kept, dropped)
            found.append(Difference(name, mine, other, proposed))
    return found


def values(person: Stakeholder) -> dict[str, Any]:
    """Every field of a person that a merge chooses between, by its name."""
    found: dict[str, Any] = {name: getattr(person, name) for name in PLAIN_FIELDS}
    found |= {f"capital.{capital}": person.capitals.get(capital, "") for capital in Capital}
    found |= {f"attribute.{name}": value for name, value in person.attributes.items()}
    return found


def merged(kept: Stakeholder, dropped: Stakeholder, from_dropped: Set[str]) -> dict[str, Any]:
    """The value of each field after the merge; ``consent_on`` goes with ``consent``."""
    ours, theirs = values(kept), values(dropped)
    chosen = {
        name: theirs.get(name) if name in from_dropped else ours.get(name)
        for name in dict.fromkeys((*ours, *theirs))
    }
    chosen["consent_on"] = (dropped if "consent" in from_dropped else kept).consent_on
    return chosen


def merged_groups(
    kept: Mapping[Group, Placement], dropped: Mapping[Group, Placement]
) -> dict[Group, Placement]:
    """Every group of either; the kept one's reason and sub-circle stand where it has them."""
    groups = {}
    for group in Group:
        ours, theirs = kept.get(group), dropped.get(group)
        if ours is None and theirs is None:
            continue
        ours, theirs = ours or Placement(), theirs or Placement()
        groups[group] = Placement(
            ours.question or theirs.question, ours.sub_circle_id or theirs.sub_circle_id
        )
    return groups


def settled_further(status: InvitationStatus, than: InvitationStatus) -> bool:
    """Whether, of two invitations of one person to one convening, the first one is to stay."""
    return _SETTLED.index(status) > _SETTLED.index(than)


def _is_empty(value: Any) -> bool:
    """By identity: an attribute that reads "none" is not empty, though it equals Money.NONE."""
    return value == "" or any(value is each for each in _EMPTY)


def _prefer_dropped(
    name: str, mine: Any, other: Any, kept: Stakeholder, dropped: Stakeholder
) -> bool:
    if _is_empty(mine) or _is_empty(other):
        return _is_empty(mine)
    if isinstance(mine, Relationship | Money):
        ranks = list(type(mine))
        return ranks.index(other) > ranks.index(mine)
    if name == "consent":  # the later answer of the person, and a refusal where no date tells
        if kept.consent_on and dropped.consent_on and kept.consent_on != dropped.consent_on:
            return dropped.consent_on > kept.consent_on
        return other is Consent.REFUSED
    return False
