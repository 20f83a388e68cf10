"""From rows to the summary after a room: what the outbox holds for everybody who was there."""

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session

from convening import summaries
from convening.ledger import Entry
from convening.mail import LINK, Written
from convening.receipts import groups_to_show, name_to_show
from convening.roles import Action, Actor
from convening.summaries import Summary
from convening.vocabulary import Language, MailKind, MailState
from db import letters
from db.queries import after, community, convenings, dissent, room
from db.tables import work
from db.tables.community import Stakeholder
from db.tables.mail import OutboxEmail

PATH = "/became/"


def write(
    session: Session,
    actor: Actor,
    meeting: work.Convening,
    invitations: Sequence[work.Invitation],
    salt: str,
) -> list[OutboxEmail]:
    """Adds one message for each invitation whose person is there; ``salt`` is the link's.

    They wait to be sent where a mail server is set and the person has an address; otherwise
    somebody hands them over. Nothing of a sample initiative is ever sent.
    """
    common = facts(session, actor, meeting)
    initiative = session.get_one(work.Initiative, meeting.initiative_id)
    people = letters.invited(session, invitations)
    written: dict[tuple[str, str], Written] = {}
    rows = []
    for invitation in invitations:
        person = people.get(invitation.stakeholder_id or 0)
        if person is None:
            continue
        said = (person.name, person.language)
        if said not in written:
            written[said] = _compose(common, *said)
        sends = letters.leave_by_mail(initiative.sample) and bool(person.email)
        state = MailState.WAITING if sends else MailState.BY_HAND
        rows.append(_row(meeting, invitation, person, written[said], state, salt))
    session.add_all(rows)
    session.flush()
    return rows


def facts(session: Session, actor: Actor, meeting: work.Convening) -> Summary:
    """What everybody is told alike; nobody's name."""
    record = convenings.record(meeting)
    return Summary(
        name="",
        inviter=session.get_one(work.Initiative, meeting.initiative_id).name,
        title=record.title,
        zone=record.zone,
        starts_local=record.starts_local,
        ends_local=record.ends_local,
        promise=record.promise,
        promise_by=record.promise_by,
        views=_views(session, meeting),
        review=after.review_of(session, meeting.key),
        commitments=tuple(after.commitments(session, actor, meeting.key)),
        group_names=community.group_names(session, actor, meeting.initiative_id),
    )


def _views(session: Session, meeting: work.Convening) -> tuple[Entry, ...]:
    """What was raised, with the groups and the names that may leave the room."""
    present = room.attended(session, meeting.key).heads
    return tuple(
        replace(each, groups=groups_to_show(each, present), person=name_to_show(each))
        for each in dissent.of_convening(session, meeting.key)
    )


def preview(
    session: Session, actor: Actor, convening_id: int, name: str, language: Language
) -> Written:
    """The summary as somebody of that name would read it now; where its link belongs stands the
    address of the pages for those who were there, or nothing while that is not made."""
    meeting = convenings.row(session, actor, convening_id, Action.RUN_ROOM)
    found = _compose(facts(session, actor, meeting), name, language.value)
    link = after.link_row(session, convening_id)
    address = letters.address(PATH, link.salt) if link else ""
    return replace(found, text=found.text.replace(LINK, address))


def _compose(common: Summary, name: str, language: str) -> Written:
    languages = [Language(language)] if language else []
    return summaries.compose(replace(common, name=name), languages)


def _row(
    meeting: work.Convening,
    invitation: work.Invitation,
    person: Stakeholder,
    written: Written,
    state: MailState,
    salt: str,
) -> OutboxEmail:
    return OutboxEmail(
        kind=MailKind.SUMMARY.value,
        state=state.value,
        initiative_id=meeting.initiative_id,
        convening_id=meeting.key,
        invitation_id=invitation.key,
        recipient=person.email,
        recipient_name=person.name,
        language=person.language,
        subject=written.subject,
        text=written.text,
        html=written.html,
        link_path=PATH,
        link_salt=salt,
    )
