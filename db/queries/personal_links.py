"""What a personal link opens: one invitation, for its holder alone."""

from sqlmodel import Session, col, select

from convening import answers
from convening.answers import FoundLink, OpenInvitation
from convening.vocabulary import Group, InvitationStatus, Language, Need
from db import tokens
from db.base import now
from db.queries import convenings
from db.queries.invitations import free_places
from db.tables import community, work
from db.tables.accounts import TeamMembership, User


def open_link(session: Session, token: str) -> FoundLink | None:
    """The invitation behind a link; None for a token that nobody was given."""
    found = session.exec(
        select(work.PersonalLink, work.Invitation, work.Convening, community.Stakeholder)
        .join(work.Invitation, col(work.Invitation.id) == work.PersonalLink.invitation_id)
        .join(work.Convening, col(work.Convening.id) == work.Invitation.convening_id)
        .join(
            community.Stakeholder,
            col(community.Stakeholder.id) == col(work.Invitation.stakeholder_id),
            isouter=True,
        )
        .where(work.PersonalLink.token_hash == tokens.hashed(token))
    ).first()
    if found is None:
        return None
    link, invitation, meeting, person = found
    if person is None:  # erased: the join found nobody
        return FoundLink(None, None)
    spoken = Language(person.language) if person.language else None
    status = InvitationStatus(invitation.status)
    if not answers.is_open(convenings.record(meeting), status, now()):
        return FoundLink(spoken, None)
    return FoundLink(spoken, _opened(session, link, invitation, meeting, person))


def named_through(
    session: Session, link: work.PersonalLink, person_id: int
) -> list[community.Nomination]:
    """Whom the holder of a link has named since it was made."""
    return list(
        session.exec(
            select(community.Nomination).where(
                community.Nomination.nominated_by_id == person_id,
                community.Nomination.created_at >= link.created_at,
            )
        )
    )


def groups_of(session: Session, person_id: int) -> frozenset[Group]:
    found = session.exec(
        select(community.GroupMembership.group).where(
            community.GroupMembership.stakeholder_id == person_id
        )
    )
    return frozenset(map(Group, found))


def _opened(
    session: Session,
    link: work.PersonalLink,
    invitation: work.Invitation,
    meeting: work.Convening,
    person: community.Stakeholder,
) -> OpenInvitation:
    initiative = session.get_one(work.Initiative, meeting.initiative_id)
    return OpenInvitation(
        meeting=convenings.record(meeting),
        initiative=initiative.name,
        invited_by=_managers(session, meeting.initiative_id),
        name=person.name,
        status=InvitationStatus(invitation.status),
        wants_place=invitation.wants_place,
        reason=invitation.declined_because,
        needs=frozenset(map(Need, invitation.needs or ())),
        needs_note=invitation.needs_note,
        answered_at=invitation.answered_at,
        groups=groups_of(session, person.key),
        groups_confirmed=person.groups_confirmed_at is not None,
        named=len(named_through(session, link, person.key)),
        full=free_places(session, meeting) == 0,
        group_names={
            Group(group): name
            for group, name in session.exec(
                select(community.GroupName.group, community.GroupName.name).where(
                    community.GroupName.initiative_id == meeting.initiative_id
                )
            )
        },
    )


def _managers(session: Session, initiative_id: int) -> tuple[str, ...]:
    """The names of those who manage the team, who answer for the invitation."""
    return tuple(
        session.exec(
            select(User.name)
            .join(TeamMembership, col(TeamMembership.user_id) == col(User.id))
            .where(
                TeamMembership.initiative_id == initiative_id,
                col(TeamMembership.manages),
                col(User.active),
            )
            .order_by(User.name, col(User.id))
        )
    )
