"""Where people's texts enter: for each field of each draft, and each text that a command takes.

An entry writes one text into one field, with the rest of the draft as it should be.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from convening.accounts import AccountDraft, AdministratorDraft, ProfileDraft
from convening.after import CommitmentDraft, PulseDraft, ReviewDraft
from convening.agenda import BlockDraft
from convening.answers import AnswerDraft, Named, RecordedDraft
from convening.community import GridEdit, PersonDraft
from convening.convening_drafts import ConveningDraft, StakeDraft
from convening.definitions import DefinitionDraft
from convening.feedback import FeedbackDraft, FollowUpDraft
from convening.imports.polis import Vote
from convening.imports.polis_files import Comment, PolisConversation
from convening.initiatives import InitiativeDraft, StageDraft
from convening.invitations import SupportDraft
from convening.nominations import NominationDraft
from convening.participation import NoteDraft, Participant
from convening.readiness import Answer
from convening.roles import Actor
from convening.statements import ConversationDraft, StatementDraft
from convening.visits import VisitDraft
from convening.vocabulary import (
    Attribution,
    Capital,
    ConveningQuestion,
    FeedbackState,
    Group,
    InvitationStatus,
    Language,
    Money,
    PulseAnswer,
    PulseQuestion,
    Range,
    Relationship,
    Role,
    StageKind,
    Stake,
    Strength,
    Theme,
)
from db import room_codes, tokens
from db.base import now
from db.commands import (
    account,
    after,
    agenda,
    answers,
    circles,
    community,
    convenings,
    definitions,
    feedback,
    initiatives,
    invitations,
    login,
    nominations,
    opinion,
    participation,
    receipts,
    setup,
    users,
    visits,
)
from db.queries import accounts
from db.queries import definitions as reading
from db.tables import work
from db.tables.understanding import AnonymousNote
from tests import builders, rooms
from tests.db import definition_entries, dissent_entries

RECEIPT = "23456789ABCD"
PASSWORD = "violet kettle seven roads"


@dataclass(frozen=True)
class World:
    """Alice's initiative with one of everything; she has the roles that the commands ask for."""

    alice: Actor
    initiative_id: int
    stage_id: int
    convening_id: int
    person_id: int
    invitation_id: int
    answer_token: str
    circle_id: int
    visit_id: int
    remark_id: int
    link_token: str
    room: rooms.OpenRoom


def build(session: Session) -> World:
    user_id = builders.user(session, "Alice", Role.ORGANISER, Role.FACILITATOR, Role.ADMINISTRATOR)
    other = builders.user(session, "Other", Role.ORGANISER)
    own = builders.initiative(session, manager=user_id)
    stage = builders.stage(session, own)
    ahead = now() + timedelta(days=10)
    meeting = builders.convening(session, stage, starts_at=ahead.replace(microsecond=0))
    person = builders.person(session, own, "Person", Group.STEWARD)
    invitation = builders.invitation(session, meeting, person, InvitationStatus.INVITED)
    link = tokens.new()
    session.add(
        work.PersonalLink(invitation_id=invitation, salt=link.salt, token_hash=link.token_hash)
    )
    alice = accounts.actor(session, user_id)
    circle = circles.add_sub_circle(session, alice, own, Group.STEWARD, "Circle")
    visit = visits.plan_visit(session, alice, VisitDraft(invitation, "Alice"))
    remark = feedback.give_feedback(session, alice, FeedbackDraft("home", Language.ENGLISH, "More"))
    password_link = users.make_link(session, alice, other).token
    return World(
        alice, own, stage, meeting, person, invitation, link.token, circle, visit, remark,
        password_link, room=rooms.open_room(session, own),
    )  # fmt: skip


Enter = Callable[[Session, World, str], Any]


def _person(**values: Callable[[str], Any]) -> Enter:
    """``values`` are made of the text."""

    def enter(session: Session, world: World, text: str) -> Any:
        draft = replace(PersonDraft("Somebody"), **_filled(values, text))
        return community.add_person(session, world.alice, world.initiative_id, draft)

    return enter


def _convening(**values: Callable[[str], Any]) -> Enter:
    def enter(session: Session, world: World, text: str) -> Any:
        draft = ConveningDraft(world.initiative_id, world.stage_id, "Workshop")
        return convenings.plan_convening(
            session, world.alice, replace(draft, **_filled(values, text))
        )

    return enter


def _drafted(command: Callable[..., Any], draft: Callable[[World], Any], field: str) -> Enter:
    def enter(session: Session, world: World, text: str) -> Any:
        return command(session, world.alice, _with(draft(world), field, text))

    return enter


def _with(draft: Any, field: str, text: str) -> Any:
    return replace(draft, **{field: text})


def _filled(values: dict[str, Callable[[str], Any]], text: str) -> dict[str, Any]:
    return {name: make(text) for name, make in values.items()}


def _stage(field: str) -> Enter:
    def enter(session: Session, world: World, text: str) -> Any:
        draft = _with(StageDraft(StageKind.CUSTOM, "Stage"), field, text)
        return initiatives.add_stage(session, world.alice, world.initiative_id, draft)

    return enter


def _grid(field: str) -> Enter:
    def enter(session: Session, world: World, text: str) -> Any:
        line = GridEdit(1, world.person_id, 1, "Person", "", "", Relationship.NONE, Money.NONE, {})
        edits = [_with(line, field, text)]
        return community.edit_people(session, world.alice, world.initiative_id, edits)

    return enter


def _nomination(field: str) -> Enter:
    def enter(session: Session, world: World, text: str) -> Any:
        draft = _with(NominationDraft("Somebody"), field, text)
        return nominations.nominate(session, world.alice, world.initiative_id, draft)

    return enter


def _answer(**values: Callable[[str], Any]) -> Enter:
    def enter(session: Session, world: World, text: str) -> Any:
        draft = replace(AnswerDraft(accept=False), **_filled(values, text))
        return answers.answer_by_link(session, world.answer_token, draft)

    return enter


def _first_start(field: str) -> Enter:
    """The test tells the command that nobody has an account yet."""

    def enter(session: Session, _world: World, text: str) -> Any:
        draft = AdministratorDraft("Ada", "ada@example.org", PASSWORD)
        code = setup.ensure_code(session) or ""
        return setup.create_first_administrator(session, code, _with(draft, field, text))

    return enter


def _reasons(session: Session, world: World, text: str) -> Any:
    draft = StageDraft(StageKind.DESIGN, id=world.stage_id, version=1)
    targets = {Group.STEWARD: Range(0.2, 0.5)}
    return initiatives.edit_stage(session, world.alice, draft, targets, {Group.STEWARD: text})


def _statement(session: Session, world: World, text: str) -> Any:
    draft = ConversationDraft(world.initiative_id, "The square")
    made = opinion.create_conversation(session, world.alice, draft)
    return opinion.add_statement(session, world.alice, StatementDraft(made, text))


def _addition(session: Session, world: World, text: str) -> Any:
    """What somebody adds to their note with its receipt code."""
    receipt = room_codes.keyed(RECEIPT)
    session.add(
        AnonymousNote(
            id="a-note", convening_id=world.convening_id, text="Afraid", receipt_hash=receipt
        )
    )
    session.flush()
    return receipts.add_by_receipt(session, RECEIPT, "00000000-0000-4000-8000-000000000001", text)


def _seeds(session: Session, world: World, text: str) -> Any:
    source = definitions.create_definition(
        session, world.alice, DefinitionDraft(world.initiative_id, "The square")
    )
    [version] = reading.definition(session, world.alice, source).versions
    draft = ConversationDraft(world.initiative_id, "The square")
    made = opinion.create_conversation(session, world.alice, draft)
    return opinion.seed_statements(session, world.alice, made, version.id, ["Who pays?", text])


def _note(field: str) -> Enter:
    """A view in the name of a group: what is without a name is written past the session."""

    def enter(session: Session, world: World, text: str) -> Any:
        draft = NoteDraft("b" * 32, "Rent", Strength.CONCERN, attribution=Attribution.GROUP_ONLY)
        who = Participant(world.room.room_id, "a" * 32, frozenset({Group.STEWARD}))
        return participation.leave_note(session, world.room.token, who, _with(draft, field, text))

    return enter


def _email(text: str) -> str:
    return f"{text}@example.org"


ENTRIES: dict[str, Enter] = {
    **definition_entries.ENTRIES,
    **dissent_entries.ENTRIES,
    **{
        f"InitiativeDraft.{field}": _drafted(
            initiatives.create_initiative, lambda _: InitiativeDraft("Harbour"), field
        )
        for field in ("name", "issue", "place")
    },
    **{f"StageDraft.{field}": _stage(field) for field in ("name", "widening")},
    "edit_stage.reasons": _reasons,
    "PersonDraft.name": _person(name=str),
    "PersonDraft.organisation": _person(organisation=str),
    "PersonDraft.place": _person(place=str),
    "PersonDraft.email": _person(email=_email),
    "PersonDraft.phone": _person(phone=str),
    "PersonDraft.note": _person(note=str),
    "PersonDraft.attributes": _person(attributes=lambda text: {text: text, "Age": text}),
    "PersonDraft.capitals": _person(capitals=lambda text: {Capital.SOCIAL: text}),
    **{f"GridEdit.{field}": _grid(field) for field in ("name", "organisation", "place")},
    "name_groups.names": lambda session, world, text: circles.name_groups(
        session, world.alice, world.initiative_id, {Group.STEWARD: text}
    ),
    "add_sub_circle.name": lambda session, world, text: circles.add_sub_circle(
        session, world.alice, world.initiative_id, Group.GATEWAY, text
    ),
    "rename_sub_circle.name": lambda session, world, text: circles.rename_sub_circle(
        session, world.alice, world.circle_id, text
    ),
    **{
        f"NominationDraft.{field}": _nomination(field)
        for field in ("name", "organisation", "reason")
    },
    **{
        f"ConveningDraft.{field}": _convening(**{field: str})
        for field in ("title", "purpose", "zone", "place", "promise", "tensions")
    },
    "ConveningDraft.link": _convening(link=lambda text: f"https://example.org/{text}"),
    "Answer.note": _convening(
        answers=lambda text: {ConveningQuestion.ISSUE_RIPE: Answer(True, text)}
    ),
    "StakeDraft.who": _convening(stakes=lambda text: (StakeDraft(next(iter(Stake)), text),)),
    "duplicate_convening.title": lambda session, world, text: convenings.duplicate_convening(
        session, world.alice, world.convening_id, text
    ),
    **{
        f"BlockDraft.{field}": _drafted(
            agenda.add_block, lambda world: BlockDraft(world.convening_id, "Welcome"), field
        )
        for field in ("title", "goal", "lead", "materials")
    },
    "SupportDraft.barriers": _drafted(
        invitations.set_support, lambda world: SupportDraft(world.invitation_id, 1), "barriers"
    ),
    "AnswerDraft.reason": _answer(reason=str),
    "AnswerDraft.needs_note": _answer(accept=lambda _: True, needs_note=str),
    "Named.name": _answer(others=lambda text: (Named(text, "Harbour", "Knows"),)),
    "Named.organisation": _answer(others=lambda text: (Named("Somebody", text),)),
    "Named.reason": _answer(others=lambda text: (Named("Somebody", reason=text),)),
    **{
        f"RecordedDraft.{field}": _drafted(
            answers.record_answer,
            lambda world: RecordedDraft(world.invitation_id, 1, accept=False),
            field,
        )
        for field in ("reason", "needs_note")
    },
    **{
        f"VisitDraft.{field}": _drafted(
            visits.plan_visit, lambda world: VisitDraft(world.invitation_id, "Alice"), field
        )
        for field in ("visitor", "note")
    },
    **{
        f"ReviewDraft.{field}": _drafted(
            after.write_review, lambda world: ReviewDraft(world.convening_id), field
        )
        for field in ("expected", "happened", "why", "change")
    },
    **{
        f"CommitmentDraft.{field}": _drafted(
            after.add_commitment,
            lambda world: CommitmentDraft(
                world.convening_id, "Benches", "Alice", now().date() + timedelta(days=7)
            ),
            field,
        )
        for field in ("what", "owner")
    },
    "answer_pulse.token": lambda session, _world, text: after.answer_pulse(
        session, text, PulseDraft({PulseQuestion.HELD_BACK: PulseAnswer.NO})
    ),
    "tick_visit.note": lambda session, world, text: visits.tick_visit(
        session, world.alice, world.visit_id, done=True, note=text
    ),
    **{
        f"FeedbackDraft.{field}": _drafted(
            feedback.give_feedback,
            lambda _: FeedbackDraft("home", Language.ENGLISH, "More"),
            field,
        )
        for field in ("screen", "expected")
    },
    "ConversationDraft.title": _drafted(
        opinion.create_conversation,
        lambda world: ConversationDraft(world.initiative_id, "The square"),
        "title",
    ),
    "StatementDraft.text": _statement,
    "seed_statements.texts": _seeds,
    "Comment.text": lambda session, world, text: opinion.import_conversation(
        session,
        world.alice,
        ConversationDraft(world.initiative_id, "The square"),
        PolisConversation((Comment(1, text),), (Vote("1", "1", 1),)),
    ),
    **{f"NoteDraft.{field}": _note(field) for field in ("text", "reason", "resolution")},
    "add_by_receipt.text": _addition,
    "reply_by_receipt.code": lambda session, _world, text: receipts.reply_by_receipt(
        session, text, True
    ),
    "FollowUpDraft.tried": _drafted(
        feedback.follow_up,
        lambda world: FollowUpDraft(world.remark_id, 1, FeedbackState.TRIED),
        "tried",
    ),
    "AccountDraft.name": _drafted(
        users.invite_user,
        lambda _: AccountDraft("New", "new@example.org", frozenset({Role.MEMBER})),
        "name",
    ),
    "AccountDraft.email": lambda session, world, text: users.invite_user(
        session, world.alice, AccountDraft("New", _email(text), frozenset({Role.MEMBER}))
    ),
    "ProfileDraft.name": _drafted(
        account.edit_profile,
        lambda _: ProfileDraft("Alice", Language.ENGLISH, Theme.SYSTEM, 1),
        "name",
    ),
    **{
        f"AdministratorDraft.{field}": _first_start(field)
        for field in ("name", "email", "password")
    },
    "create_first_administrator.code": lambda session, _world, text: (
        setup.create_first_administrator(
            session, text, AdministratorDraft("Ada", "ada@example.org", PASSWORD)
        )
    ),
    "admit.code": lambda session, _world, text: setup.admit(session, text),
    "change_password.old": lambda session, world, text: account.change_password(
        session, world.alice, text, PASSWORD, 1
    ),
    "change_password.new": lambda session, world, text: account.change_password(
        session, world.alice, PASSWORD, text, 1
    ),
    "set_password_by_link.token": lambda session, _world, text: account.set_password_by_link(
        session, text, PASSWORD
    ),
    "set_password_by_link.password": lambda session, world, text: account.set_password_by_link(
        session, world.link_token, text
    ),
    "answer_by_link.token": lambda session, _world, text: answers.answer_by_link(
        session, text, AnswerDraft(accept=True)
    ),
    "begin_attempt.email": lambda session, _world, text: login.begin_attempt(session, text, "::1"),
    "begin_attempt.address": lambda session, _world, text: login.begin_attempt(session, "a", text),
    "redeem_ticket.ticket": lambda session, _world, text: login.redeem_ticket(session, text),
}
