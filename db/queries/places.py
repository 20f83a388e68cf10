"""How many invitations of a convening stand where, by the groups of their people."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from convening.invitations import COUNTED
from convening.overviews import Places
from convening.stage_balance import Masks
from convening.vocabulary import Basis, ConveningState, InvitationStatus
from db import kept
from db.queries import masks
from db.tables import work


def of_initiative(session: Session, initiative_id: int) -> Mapping[int, Places]:
    """All convenings of an initiative, by their ids; one without an invitation is left out."""
    own = col(work.Convening.initiative_id) == initiative_id
    return kept.value(session, initiative_id, "places", lambda: _counted(session, own))


def of_convenings(session: Session, ids: Collection[int]) -> Mapping[int, Places]:
    """The same for some convenings, of whichever initiatives."""
    return _counted(session, col(work.Convening.id).in_(ids))


def _counted(session: Session, which: ColumnElement[bool]) -> Mapping[int, Places]:
    mask = masks.of_invitation()
    rows = session.exec(
        select(  # type: ignore[call-overload]
            col(work.Invitation.convening_id), col(work.Invitation.status), mask, func.count()
        )
        .select_from(work.Convening)
        .join(work.Invitation, col(work.Invitation.convening_id) == col(work.Convening.id))
        .where(which)
        .group_by(col(work.Invitation.convening_id), col(work.Invitation.status), mask)
    )
    found: dict[int, dict[tuple[InvitationStatus, int], int]] = defaultdict(dict)
    for convening_id, status, each, people in rows:
        found[convening_id][InvitationStatus(status), each] = people
    return dict(found)


def in_room(places: Places, state: ConveningState) -> Masks:
    """The groups of those who count in a convening's room, on the basis usual for its state."""
    counted = COUNTED[Basis.ATTENDED if state is ConveningState.HELD else Basis.EXPECTED]
    found: Counter[int] = Counter()
    for (status, mask), people in places.items():
        if status in counted:
            found[mask] += people
    return found
