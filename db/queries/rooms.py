"""Everything that one convening's invitees screen shows, read in one go."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlmodel import Session

from convening.balance import Shares, from_counts
from convening.convenings import Convening
from convening.initiatives import Stage
from convening.invitations import Choice, Invitation
from convening.nominations import Nomination
from convening.roles import Action, Actor, may, require
from convening.vocabulary import Group, MailState, NominationState
from db.queries import (
    balance,
    community,
    convenings,
    initiatives,
    invitations,
    nominations,
    outbox,
)


@dataclass(frozen=True)
class RoomFacts:
    """``candidates`` are people of the map who could be missing, ``nominated`` those who are not
    on the map yet. ``mail`` is how the newest message about an invitation stands, by its id;
    ``to_remind`` are those whose people can be reminded that they have not answered."""

    meeting: Convening
    stage: Stage
    invitations: tuple[Invitation, ...]
    on_the_map: Shares
    candidates: tuple[Choice, ...]
    nominated: tuple[Nomination, ...]
    group_names: Mapping[Group, str]
    mail: Mapping[int, MailState] = field(default_factory=dict)
    to_remind: frozenset[int] = frozenset()


def room(session: Session, actor: Actor, convening_id: int) -> RoomFacts:
    """A convening of a team with its people; NotFound for everybody else."""
    meeting = convenings.convening(session, actor, convening_id)
    require(actor, Action.SEE_PEOPLE, meeting.initiative_id)
    maps = balance.map_masks(session, [meeting.initiative_id])
    nominated = nominations.listing(session, actor, meeting.initiative_id)
    writes = may(actor, Action.SEE_MAIL, meeting.initiative_id)
    return RoomFacts(
        meeting=meeting,
        stage=initiatives.stage_of(session, meeting),
        invitations=tuple(invitations.listing(session, actor, convening_id)),
        on_the_map=from_counts(maps[meeting.initiative_id]),
        candidates=tuple(invitations.candidates(session, actor, convening_id)),
        nominated=tuple(each for each in nominated if each.state is NominationState.OPEN),
        group_names=community.group_names(session, actor, meeting.initiative_id),
        mail=outbox.mail_states(session, actor, convening_id) if writes else {},
        to_remind=outbox.without_answer(session, actor, convening_id) if writes else frozenset(),
    )
