"""For each action of the policy one attempt that really does it, on data that could leak."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from sqlmodel import Session, select

from convening.accounts import AccountDraft
from convening.agenda import BlockDraft
from convening.community import PersonDraft, PersonFilter
from convening.convening_drafts import ConveningDraft
from convening.definitions import DefinitionDraft, VersionDraft
from convening.dissent_drafts import DissentDraft, ResponseDraft
from convening.feedback import FeedbackDraft
from convening.initiatives import InitiativeDraft
from convening.outbox import Wanted
from convening.problems import ConveningError
from convening.roles import Action, Actor
from convening.statements import StatementDraft
from convening.vocabulary import (
    DefinitionField,
    Group,
    InvitationStatus,
    Language,
    Outcome,
    Part,
    Role,
    StatementState,
    Strength,
)
from db import audit, journal, transaction
from db.commands import (
    adoption,
    agenda,
    backups,
    community,
    convenings,
    definitions,
    dissent,
    erasure,
    feedback,
    initiatives,
    invitations,
    keeper,
    opinion,
    responses,
    samples,
    team,
    trash,
    users,
)
from db.commands import room as rooms
from db.engine import Engines
from db.queries import accounts
from db.queries import audit as log
from db.queries import balance as balances
from db.queries import community as people
from db.queries import convenings as meetings
from db.queries import definitions as texts
from db.queries import dissent as ledger
from db.queries import feedback as remarks
from db.queries import initiatives as listing
from db.queries import opinion as opinions
from db.queries import outbox as mailing
from db.queries import team as members
from db.queries import trash as deleted
from db.queries import users as users_listing
from db.tables.accounts import AuditEvent
from db.tables.community import Stakeholder
from db.tables.journal import Change
from db.tables.mail import Feedback, OutboxEmail
from db.tables.understanding import AnonymousNote, DefinitionVersion, DissentingView
from db.tables.work import Initiative, Stage
from tests import builders


@dataclass(frozen=True)
class World:
    """Alice's initiative with somebody and something of everything in it, and who looks at it."""

    actors: dict[str, Actor]
    initiative_id: int
    stage_id: int
    convening_id: int
    person_id: int
    uninvited_id: int
    invitation_id: int
    change_id: int
    spare_user_id: int
    conversation_id: int = 0
    version_id: int = 0


Attempt = Callable[[Session, Actor, World], bool]


def build(engines: Engines) -> World:
    """Two teams, people with one role each in and outside of them, and a deletion to take back."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        ids = {name: builders.user(session, name, role) for name, role in _PEOPLE.items()}
        own = builders.initiative(
            session, manager=ids["alice"], team=[ids[n] for n in ("erin", "bob", *_ON_TEAM)]
        )
        builders.initiative(session, "Elsewhere", manager=ids["charlie"], team=[ids["fay"]])
        spare = builders.user(session, "Spare", Role.ORGANISER)
        stage = builders.stage(session, own)
        other_stage = builders.stage(session, own, position=1)
        meeting = builders.convening(session, stage)
        person = builders.person(session, own, "Secret Person", Group.STEWARD)
        uninvited = builders.person(session, own, "Another Person", Group.GATEWAY)
        invitation = builders.invitation(session, meeting, person, InvitationStatus.ACCEPTED)
        conversation, _ = builders.conversation(session, own, StatementState.OPEN)
        version = _version_in_discussion(session, accounts.actor(session, ids["alice"]), own)
        session.add(Initiative(name="A sample", sample=True))
        session.add(
            OutboxEmail(kind="invitation", initiative_id=own, recipient_name="Secret Person")
        )
        session.add(Feedback(screen="home", language="en", expected="More light"))
        audit.record(session, ids["alice"], "invite", initiative_id=own)
    with transaction.writing(engines, actor_id=ids["alice"], command="delete_stage") as session:
        journal.concerns(session, initiative_id=own, subject="stage", subject_id=other_stage)
        journal.remove(session, session.get_one(Stage, other_stage))
    with transaction.reading(engines) as session:
        change = session.exec(select(Change.id)).one()
        actors = {name: accounts.actor(session, user_id) for name, user_id in ids.items()}
    return World(
        actors,
        own,
        stage,
        meeting,
        person,
        uninvited,
        invitation,
        change or 0,
        spare,
        conversation_id=conversation,
        version_id=version,
    )


_PEOPLE = {
    "alice": Role.ORGANISER,  # manages the team
    "erin": Role.ORGANISER,  # is on the team
    "bob": Role.FACILITATOR,  # is on the team
    "lena": Role.LEADERSHIP,  # is on the team
    "nadia": Role.ADMINISTRATOR,  # is on the team
    "mel": Role.MEMBER,  # is on the team
    "charlie": Role.ORGANISER,  # manages another team
    "fay": Role.FACILITATOR,  # is on another team
    "dana": Role.LEADERSHIP,
    "ada": Role.ADMINISTRATOR,
    "max": Role.MEMBER,
    "kamal": Role.KEEPER,  # is on the team
    "kira": Role.KEEPER,
}
_ON_TEAM = ("lena", "nadia", "mel", "kamal")


def _open_initiative(session: Session, actor: Actor, world: World) -> bool:
    """The list keeps silent about what the rest refuses."""
    found = listing.overview(session, actor)
    listed = world.initiative_id in {each.initiative.id for each in found}
    try:
        members.members(session, actor, world.initiative_id)
    except ConveningError:
        assert not listed
        raise
    return listed


def _create_initiative(session: Session, actor: Actor, _world: World) -> bool:
    return initiatives.create_initiative(session, actor, InitiativeDraft("New")) > 0


def _edit_initiative(session: Session, actor: Actor, world: World) -> bool:
    draft = InitiativeDraft("Renamed", id=world.initiative_id, version=1)
    return initiatives.edit_initiative(session, actor, draft) == world.initiative_id


def _manage_team(session: Session, actor: Actor, world: World) -> bool:
    team.add_member(session, actor, world.initiative_id, world.spare_user_id)
    team.set_manages(session, actor, world.initiative_id, world.spare_user_id, True)
    team.remove_member(session, actor, world.initiative_id, world.spare_user_id)
    names = dict(members.candidates(session, actor, world.initiative_id))
    return world.spare_user_id in names


def _delete_initiative(session: Session, actor: Actor, world: World) -> bool:
    initiatives.delete_initiative(session, actor, world.initiative_id)
    return session.get(Initiative, world.initiative_id) is None


def _see_people(session: Session, actor: Actor, world: World) -> bool:
    page = people.people(session, actor, world.initiative_id, PersonFilter())
    return "Secret Person" in {each.name for each in page.rows}


def _edit_community(session: Session, actor: Actor, world: World) -> bool:
    draft = PersonDraft("New Person")
    return community.add_person(session, actor, world.initiative_id, draft) > 0


def _see_convenings(session: Session, actor: Actor, world: World) -> bool:
    found = meetings.listing(session, actor, world.initiative_id)
    return [each.id for each in found] == [world.convening_id]


def _plan_convening(session: Session, actor: Actor, world: World) -> bool:
    draft = ConveningDraft(world.initiative_id, world.stage_id, "New convening")
    return convenings.plan_convening(session, actor, draft) > 0


def _edit_agenda(session: Session, actor: Actor, world: World) -> bool:
    draft = BlockDraft(world.convening_id, "Welcome")
    return agenda.add_block(session, actor, draft) > 0


def _invite(session: Session, actor: Actor, world: World) -> bool:
    found = invitations.invite(
        session, actor, world.convening_id, [world.uninvited_id], Part.CO_DESIGN
    )
    return len(found.placed) == 1


def _check_in(session: Session, actor: Actor, world: World) -> bool:
    invitations.check_in(session, actor, world.convening_id, [world.invitation_id], True)
    return True


def _see_balance(session: Session, actor: Actor, world: World) -> bool:
    found = balances.whole(session, actor, world.initiative_id)
    return [each.id for each in found.stages] == [world.stage_id]


def _see_suppressed_balance(session: Session, actor: Actor, world: World) -> bool:
    found = balances.suppressed(session, actor, world.initiative_id)
    return [each.id for each in found.stages] == [world.stage_id]


def _restore_deleted(session: Session, actor: Actor, world: World) -> bool:
    listed = world.change_id in {each.change_id for each in deleted.deleted(session, actor)}
    try:
        trash.restore(session, actor, world.change_id)
    except ConveningError:
        assert not listed
        raise
    return listed


def _manage_accounts(session: Session, actor: Actor, world: World) -> bool:
    draft = AccountDraft("New", "new@example.org", frozenset({Role.MEMBER}))
    users.invite_user(session, actor, draft)
    names = {each.name for each in users_listing.listing(session, actor)}
    return {"alice", "New"} <= names and world is not None


def _see_audit(session: Session, actor: Actor, world: World) -> bool:
    events = log.events(session, actor, log.Wanted())
    return any(each.initiative_id == world.initiative_id for each in events)


def _manage_sample_data(session: Session, actor: Actor, _world: World) -> bool:
    return samples.remove(session, actor) == 1


def _see_mail(session: Session, actor: Actor, world: World) -> bool:
    found = mailing.mailbox(session, actor, Wanted(world.initiative_id))
    return [each.name for each in found.rows] == ["Secret Person"]


def _give_feedback(session: Session, actor: Actor, _world: World) -> bool:
    draft = FeedbackDraft("door", Language.ENGLISH, "The names first")
    return feedback.give_feedback(session, actor, draft) > 0


def _see_feedback(session: Session, actor: Actor, _world: World) -> bool:
    return any(each.expected == "More light" for each in remarks.everything(session, actor))


def _erase_person(session: Session, actor: Actor, world: World) -> bool:
    erasure.erase_person(session, actor, world.person_id)
    return session.get(Stakeholder, world.person_id) is None


def _back_up(session: Session, actor: Actor, _world: World) -> bool:
    backups.note_backup(session, actor)
    return session.exec(select(AuditEvent.actor_id)).all()[-1] == actor.user_id


def _see_opinion(session: Session, actor: Actor, world: World) -> bool:
    found = opinions.listing(session, actor, world.initiative_id)
    return opinions.results(session, actor, world.conversation_id).conversation in found


def _run_room(session: Session, actor: Actor, world: World) -> bool:
    return rooms.prepare_room(session, actor, world.convening_id) > 0


def _edit_opinion(session: Session, actor: Actor, world: World) -> bool:
    draft = StatementDraft(world.conversation_id, "Who decides?")
    return opinion.add_statement(session, actor, draft) > 0


def _version_in_discussion(session: Session, actor: Actor, initiative_id: int) -> int:
    """Of a definition that says something secret."""
    made = definitions.create_definition(session, actor, DefinitionDraft(initiative_id, "Secret"))
    [version] = texts.definition(session, actor, made).versions
    words = {DefinitionField.STATEMENT: "A secret word"}
    definitions.write_version(session, actor, VersionDraft(version.id, None, words))
    return definitions.open_version(session, actor, version.id)


def _see_definition(session: Session, actor: Actor, world: World) -> bool:
    found = texts.listing(session, actor, world.initiative_id)
    return [each.title for each in found] == ["Secret"]


def _edit_definition(session: Session, actor: Actor, world: World) -> bool:
    draft = DefinitionDraft(world.initiative_id, "New")
    return definitions.create_definition(session, actor, draft) > 0


def _adopt_definition(session: Session, actor: Actor, world: World) -> bool:
    return adoption.adopt(session, actor, world.version_id, world.convening_id) > 0


def _see_dissent(session: Session, actor: Actor, world: World) -> bool:
    _a_view(session, world)
    found = ledger.ledger(session, actor, world.initiative_id)
    return [each.statement for each in found] == ["Not like this"]


def _log_dissent(session: Session, actor: Actor, world: World) -> bool:
    draft = DissentDraft(
        str(uuid4()),
        world.version_id,
        Strength.CONCERN,
        "Not like this",
        groups=frozenset({Group.STEWARD}),
    )
    return dissent.record_dissent(session, actor, draft) != 0


def _respond(session: Session, actor: Actor, world: World) -> bool:
    draft = ResponseDraft(Outcome.STANDS, "The words stay")
    return responses.respond(session, actor, _a_view(session, world), draft) > 0


def _see_held_notes(session: Session, actor: Actor, world: World) -> bool:
    note = "none"
    if session.get(DefinitionVersion, world.version_id) is not None:
        note = str(uuid4())
        session.add(
            AnonymousNote(
                id=note,
                convening_id=world.convening_id,
                version_id=world.version_id,
                strength="concern",
                text="Not like this",
                receipt_hash=note,
            )
        )
        session.flush()
    return keeper.release_note(session, actor, note) == note


def _see_suppressed_dissent(session: Session, actor: Actor, world: World) -> bool:
    _a_view(session, world)
    found = ledger.suppressed(session, actor, world.initiative_id)
    return found.total.raised is None


def _break_glass(session: Session, actor: Actor, world: World) -> bool:
    """Somebody on the team needs no glass broken; who is not reads the ledger from then on."""
    try:
        keeper.break_glass(session, actor, world.initiative_id, "A complaint")
    except ConveningError as error:
        if error.code == "on_the_team":
            return True
        raise
    return ledger.ledger(session, actor, world.initiative_id) == []


def _a_view(session: Session, world: World) -> int:
    """A view on the version, where there is one."""
    if session.get(DefinitionVersion, world.version_id) is None:
        return world.version_id
    row = DissentingView(
        uuid=str(uuid4()),
        version_id=world.version_id,
        strength="concern",
        statement="Not like this",
        attribution="group_only",
    )
    session.add(row)
    session.flush()
    return row.key


ATTEMPTS: dict[Action, Attempt] = {
    Action.SEE_DISSENT: _see_dissent,
    Action.LOG_DISSENT: _log_dissent,
    Action.RESPOND: _respond,
    Action.SEE_HELD_NOTES: _see_held_notes,
    Action.SEE_SUPPRESSED_DISSENT: _see_suppressed_dissent,
    Action.BREAK_GLASS: _break_glass,
    Action.SEE_OPINION: _see_opinion,
    Action.EDIT_OPINION: _edit_opinion,
    Action.RUN_ROOM: _run_room,
    Action.OPEN_INITIATIVE: _open_initiative,
    Action.CREATE_INITIATIVE: _create_initiative,
    Action.EDIT_INITIATIVE: _edit_initiative,
    Action.MANAGE_TEAM: _manage_team,
    Action.DELETE_INITIATIVE: _delete_initiative,
    Action.SEE_PEOPLE: _see_people,
    Action.EDIT_COMMUNITY: _edit_community,
    Action.SEE_CONVENINGS: _see_convenings,
    Action.PLAN_CONVENING: _plan_convening,
    Action.EDIT_AGENDA: _edit_agenda,
    Action.INVITE: _invite,
    Action.CHECK_IN: _check_in,
    Action.SEE_BALANCE: _see_balance,
    Action.SEE_SUPPRESSED_BALANCE: _see_suppressed_balance,
    Action.RESTORE_DELETED: _restore_deleted,
    Action.MANAGE_ACCOUNTS: _manage_accounts,
    Action.SEE_AUDIT: _see_audit,
    Action.MANAGE_SAMPLE_DATA: _manage_sample_data,
    Action.SEE_MAIL: _see_mail,
    Action.ERASE_PERSON: _erase_person,
    Action.BACK_UP: _back_up,
    Action.GIVE_FEEDBACK: _give_feedback,
    Action.SEE_FEEDBACK: _see_feedback,
    Action.SEE_DEFINITION: _see_definition,
    Action.EDIT_DEFINITION: _edit_definition,
    Action.ADOPT_DEFINITION: _adopt_definition,
}

# What must be allowed besides, because the attempt reads it on its way.
NEEDS: dict[Action, tuple[Action, ...]] = {
    Action.RESPOND: (Action.SEE_DISSENT,),
    Action.EDIT_OPINION: (Action.SEE_OPINION,),
    Action.RUN_ROOM: (Action.SEE_CONVENINGS,),
    Action.ERASE_PERSON: (Action.SEE_PEOPLE,),
    Action.ADOPT_DEFINITION: (Action.SEE_DEFINITION, Action.SEE_CONVENINGS),
    Action.EDIT_AGENDA: (Action.SEE_CONVENINGS,),
    Action.INVITE: (Action.SEE_CONVENINGS,),
    Action.CHECK_IN: (Action.SEE_CONVENINGS,),
    Action.SEE_BALANCE: (Action.SEE_SUPPRESSED_BALANCE, Action.SEE_CONVENINGS),
}
