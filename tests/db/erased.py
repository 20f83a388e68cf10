"""An initiative in which one person has left every trace that there is, for tests of erasure."""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlmodel import Session, select

from convening.community import PersonDraft, Placement
from convening.merging import Merge
from convening.nominations import NominationDraft
from convening.roles import Actor
from convening.vocabulary import (
    Capital,
    ConveningState,
    Group,
    InvitationStatus,
    Role,
    StageKind,
    Support,
)
from db import journal, transaction
from db.commands import community, duplicates, nominations
from db.engine import Engines
from db.queries import accounts
from db.queries import people as reading
from db.tables import community as table
from db.tables import work
from db.tables.mail import OutboxEmail
from tests import builders

NAME = "Zélpharïa Qumranovski"
FOLDED = "zelpharia qumranovski"
EARLIER = "Zulpharia Kumranowska"
EMAIL = "zelpharia.q@example.org"
PHONE = "+962 7 9911 2233"
WORDS = "Knits the Vortigern shawl"
NOTE = "Her brother Wulfenbrandt is ill"
TRACES = (NAME, FOLDED, EARLIER, EARLIER.casefold(), EMAIL, PHONE, WORDS, NOTE, "Wulfenbrandt")
OTHERS = 40


@dataclass(frozen=True)
class Traces:
    alice: Actor
    initiative_id: int
    person_id: int
    twin_id: int
    friend_id: int
    stage_id: int
    held_ids: tuple[int, int]
    open_id: int


def leave(engines: Engines) -> Traces:
    """Two convenings held, one ahead; edited, merged, nominated, written to and written about."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        alice = accounts.actor(session, _founded(session))
        own = next(iter(alice.teams))
        stage = builders.stage(session, own)
        other_stage = builders.stage(session, own, StageKind.PILOT, 1)
        first = builders.convening(session, stage, "First", state=ConveningState.HELD)
        second = builders.convening(session, other_stage, "Second", state=ConveningState.HELD)
        ahead = builders.convening(session, stage, "Ahead", purpose=f"Listen to {NAME} and all")
        friend = builders.person(session, own, "Friend", Group.GATEWAY)
        for number in range(OTHERS):  # so that rows move between pages
            builders.person(session, own, f"Other {number}", Group.STEWARD)
    person = _added(engines, alice, own, friend)
    twin = _added(engines, alice, own, friend, name=f"{NAME} II", email="", phone="")
    _edited(engines, alice, person)
    with _writing(engines, alice, "merge_stakeholders") as session:
        kept = reading.person_in_full(session, alice, person)
        dropped = reading.person_in_full(session, alice, twin)
        duplicates.merge_stakeholders(
            session, alice, Merge(person, twin, kept.version, dropped.version)
        )
    with _writing(engines, alice, "set_support") as session:
        for meeting, status in (
            (first, InvitationStatus.ATTENDED),
            (second, InvitationStatus.DECLINED),
        ):
            builders.invitation(
                session, meeting, person, status, groups_when_held=[Group.STEWARD], barriers=NOTE
            )
            builders.invitation(session, meeting, friend, status, groups_when_held=[Group.GATEWAY])
        open_id = builders.invitation(session, ahead, person, InvitationStatus.ACCEPTED)
        builders.invitation(session, ahead, friend, InvitationStatus.ACCEPTED)
    _changed_invitations(engines, alice, person)
    _written_about(engines, alice, own, person, friend, ahead, open_id)
    return Traces(alice, own, person, twin, friend, stage, (first, second), ahead)


def _founded(session: Session) -> int:
    user_id = builders.user(session, "Alice", Role.ORGANISER, Role.ADMINISTRATOR)
    builders.initiative(session, "Renewal", manager=user_id)
    return user_id


def _writing(engines: Engines, alice: Actor, command: str):  # type: ignore[no-untyped-def]
    return transaction.writing(engines, actor_id=alice.user_id, command=command)


def _added(
    engines: Engines,
    alice: Actor,
    own: int,
    friend: int,
    *,
    name: str = EARLIER,
    email: str = EMAIL,
    phone: str = PHONE,
) -> int:
    draft = PersonDraft(
        name,
        organisation="Circle",
        place="Zarqa",
        email=email,
        phone=phone,
        note=NOTE,
        groups={Group.STEWARD: Placement()},
        capitals={Capital.SOCIAL: WORDS},
        ties={friend: 4},
        attributes={"nickname": NAME},
        reached_through_id=friend,
    )
    with _writing(engines, alice, "add_person") as session:
        return community.add_person(session, alice, own, draft)


def _edited(engines: Engines, alice: Actor, person: int) -> None:
    with _writing(engines, alice, "edit_person") as session:
        known = reading.person_in_full(session, alice, person)
        draft = PersonDraft(
            NAME,
            organisation="Circle",
            email=EMAIL,
            phone=PHONE,
            note=NOTE,
            groups={Group.STEWARD: Placement()},
            capitals={Capital.SOCIAL: WORDS + " again"},
            id=person,
            version=known.version,
        )
        community.edit_person(session, alice, replace(draft))


def _changed_invitations(engines: Engines, alice: Actor, person: int) -> None:
    with _writing(engines, alice, "set_support") as session:
        journal.concerns(session, initiative_id=next(iter(alice.teams)))
        for row in session.exec(
            select(work.Invitation).where(work.Invitation.stakeholder_id == person)
        ).all():
            row.barriers = f"{NOTE}, so she needs a lift"
            row.needs, row.needs_note = ["diet"], f"{WORDS}, no nuts"
            row.declined_because = NOTE
            row.support = [Support.TRAVEL.value]


def _written_about(
    engines: Engines,
    alice: Actor,
    own: int,
    person: int,
    friend: int,
    ahead: int,
    open_id: int,
) -> None:
    with _writing(engines, alice, "nominate") as session:
        nominations.nominate(session, alice, own, NominationDraft(NAME, reason=WORDS))
        about = NominationDraft(
            "Somebody Else", reason=f"says {NAME.upper()}", nominated_by_id=person
        )
        nominations.nominate(session, alice, own, about)
        linked = nominations.nominate(session, alice, own, NominationDraft("Zelph"))
        nominations.move_onto_map(session, alice, linked, person)
    with _writing(engines, alice, "edit_person") as session:
        session.get_one(table.Stakeholder, friend).note = f"Came with {NAME}."
        session.get_one(table.Stakeholder, friend).reached_through_id = person
        meeting = session.get_one(work.Convening, ahead)
        meeting.promise = f"{FOLDED} gets an answer"
        session.add(
            work.ConveningStake(convening_id=ahead, stake="lose", who=NAME, stakeholder_id=person)
        )
        session.add(work.PreparationVisit(invitation_id=open_id, visitor="Bob", note=NOTE))
        session.add(work.PersonalLink(invitation_id=open_id, salt="s", token_hash="h"))
        session.add(
            OutboxEmail(
                kind="invitation",
                initiative_id=own,
                convening_id=ahead,
                invitation_id=open_id,
                recipient=EMAIL,
                recipient_name=NAME,
                text=f"Dear {NAME}",
                html=f"<p>Dear {NAME}</p>",
                created_at=builders.START + timedelta(days=1),
            )
        )
        session.flush()
        journal.concerns(session, initiative_id=own)
    with _writing(engines, alice, "edit_person") as session:
        # what was mended before the erasure still stands in the journal
        session.get_one(table.Stakeholder, friend).note = f"Came with {NAME}, twice."
        journal.concerns(session, initiative_id=own)
