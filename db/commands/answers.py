"""Taking the answers to invitations: by the personal link, by telephone, on a visit."""

from dataclasses import dataclass, replace

from sqlmodel import Session, select

from convening import answers
from convening.answers import AnswerDraft, Answered, Named, RecordedDraft
from convening.community import Placement
from convening.invitations import takes_a_place
from convening.nominations import NominationDraft, clean_nomination
from convening.problems import ConveningError, Invalid, NotFound
from convening.roles import Action, Actor
from convening.text import fold
from convening.vocabulary import AnswerChannel, ConveningState, InvitationStatus, Need
from db import tokens
from db.base import now
from db.commands import noting, outbox, people, versions
from db.queries import convenings
from db.queries.community import placements
from db.queries.invitations import free_places
from db.queries.personal_links import groups_of, named_through
from db.tables import community, work


@dataclass(frozen=True)
class _Asked:
    """The rows that an answer is about; ``link`` is None when it came in otherwise."""

    meeting: work.Convening
    invitation: work.Invitation
    person: community.Stakeholder
    link: work.PersonalLink | None


def answer_by_link(session: Session, token: str, draft: AnswerDraft) -> Answered:
    """Takes the answer of whoever holds the link, which is all that they have to show.

    Raises NotFound for a token that nobody was given, ``link_ended`` for one that is over.
    """
    asked = _by_link(session, token)
    status = InvitationStatus(asked.invitation.status)
    if not answers.is_open(convenings.record(asked.meeting), status, now()):
        raise ConveningError("link_ended")
    versions.check(asked.invitation, None)
    return _take(session, None, "answer_by_link", asked, draft, AnswerChannel.LINK)


def record_answer(session: Session, actor: Actor, draft: RecordedDraft) -> Answered:
    """Notes what an invited person told the team by telephone or on a visit."""
    row = session.get(work.Invitation, draft.invitation_id)
    if row is None:
        raise NotFound("invitation")
    try:
        meeting = convenings.row(session, actor, row.convening_id, Action.INVITE, for_update=True)
    except NotFound:
        raise NotFound("invitation") from None
    if meeting.state in (ConveningState.HELD, ConveningState.CANCELLED):
        raise ConveningError("convening_is_over")
    row = session.get_one(work.Invitation, row.key, with_for_update=True, populate_existing=True)
    if row.stakeholder_id is None:
        raise NotFound("stakeholder")
    versions.check(row, draft.version)
    asked = _Asked(meeting, row, _person(session, row.stakeholder_id), None)
    return _take(session, actor, "record_answer", asked, draft.answer, draft.channel)


def _by_link(session: Session, token: str) -> _Asked:
    """The rows behind a link, the convening's locked first as every command does."""
    link = session.exec(
        select(work.PersonalLink).where(work.PersonalLink.token_hash == tokens.hashed(token))
    ).first()
    if link is None:
        raise NotFound("link")
    convening_id = session.get_one(work.Invitation, link.invitation_id).convening_id
    meeting = session.get(work.Convening, convening_id, with_for_update=True)
    invitation = session.get(
        work.Invitation, link.invitation_id, with_for_update=True, populate_existing=True
    )
    if meeting is None or invitation is None:  # deleted while this waited for its turn
        raise NotFound("link")
    if invitation.stakeholder_id is None:
        raise ConveningError("link_ended")
    return _Asked(meeting, invitation, _person(session, invitation.stakeholder_id), link)


def _person(session: Session, stakeholder_id: int) -> community.Stakeholder:
    return session.get_one(community.Stakeholder, stakeholder_id, with_for_update=True)


def _take(
    session: Session,
    actor: Actor | None,
    command: str,
    asked: _Asked,
    draft: AnswerDraft,
    channel: AnswerChannel,
) -> Answered:
    named = named_through(session, asked.link, asked.person.key) if asked.link else []
    known = {fold(each.name) for each in named}
    draft, problems = answers.cleaned(_without(draft, known), len(named))
    if problems:
        raise Invalid(problems)
    row = asked.invitation
    before = row.status
    wants_place = _move(session, asked, bool(draft.accept))
    row.needs = [each.value for each in Need if each in draft.needs]
    row.needs_note, row.declined_because = draft.needs_note, draft.reason
    row.answered_at, row.answered_by = now(), channel.value
    session.add(row)
    _confirm_groups(session, asked.person, draft)
    for each in draft.others:
        _nominate(session, asked, each)
    noting.noted_row(
        session,
        actor,
        command,
        asked.meeting,
        invitation=row.key,
        status=row.status,
        channel=channel.value,
        named=len(draft.others),
    )
    if row.status != before:
        outbox.follow(session, asked.meeting)
    return Answered(row.key, InvitationStatus(row.status), wants_place)


def _without(draft: AnswerDraft, known: set[str]) -> AnswerDraft:
    """The answer without those whom the link has named already: a form sent twice names once."""
    others = tuple(
        Named("") if each.name.strip() and fold(each.name) in known else each
        for each in draft.others
    )
    return replace(draft, others=others)


def _move(session: Session, asked: _Asked, accept: bool) -> bool:
    """Moves the invitation; True when the person would come and no place is free for them."""
    row = asked.invitation
    current = InvitationStatus(row.status)
    steps = answers.moves(current, accept)
    if accept and steps and takes_a_place(current, steps[-1]):
        row.wants_place = free_places(session, asked.meeting) == 0
        if row.wants_place:
            return True
    row.wants_place = False
    if steps:
        row.status, row.status_at = steps[-1].value, now()
    return False


def _confirm_groups(session: Session, person: community.Stakeholder, draft: AnswerDraft) -> None:
    """The person's own word on their groups; the reason on record stays where a group does."""
    groups = answers.said_groups(draft, groups_of(session, person.key))
    if groups is None:
        return
    before = placements(session, [person.key])[person.key]
    people.set_groups(session, person, {each: before.get(each, Placement()) for each in groups})
    person.groups_confirmed_at = now()
    versions.check(person, None)
    session.add(person)


def _nominate(session: Session, asked: _Asked, named: Named) -> None:
    nomination, problems = clean_nomination(
        NominationDraft(named.name, named.organisation, named.reason)
    )
    if problems:
        raise Invalid(problems)
    session.add(
        community.Nomination(
            initiative_id=asked.meeting.initiative_id,
            name=nomination.name,
            organisation=nomination.organisation,
            reason=nomination.reason,
            nominated_by_id=asked.person.key,
        )
    )
