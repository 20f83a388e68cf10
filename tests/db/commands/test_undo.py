"""Taking back one's own edits of the map, the invitations and the agenda, one by one."""

import inspect
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from types import ModuleType
from typing import Any

import pytest
from sqlmodel import Session, col, select

from convening.after import CommitmentDraft, ReviewDraft
from convening.agenda import BlockDraft
from convening.community import PersonDraft
from convening.i18n import messages
from convening.invitations import SupportDraft
from convening.problems import ConveningError, NotFound
from convening.roles import Actor
from convening.undo import OFFERED
from convening.vocabulary import (
    Group,
    GuidingQuestion,
    InvitationStatus,
    Language,
    MailState,
    Part,
)
from db import transaction
from db.commands import (
    after,
    agenda,
    answers,
    circles,
    community,
    convenings,
    door,
    duplicates,
    import_updates,
    imports,
    invitations,
    nominations,
    people,
)
from db.commands.undo import undo
from db.engine import Engines
from db.queries import undo as reading
from db.tables import room as room_tables
from db.tables import work
from db.tables.community import Stakeholder
from db.tables.mail import OutboxEmail
from tests import builders, statements

S = InvitationStatus
MODULES: tuple[ModuleType, ...] = (
    community, people, circles, nominations, duplicates, imports, import_updates, invitations,
    agenda, answers, door, after,
)  # fmt: skip
# What stays done: a link that was handed out, and letters that have left
LASTING = {"make_after_link", "send_summary"}


class Team:
    """Alice's initiative with a convening, and the edits that its people make."""

    def __init__(self, engines: Engines) -> None:
        self.engines = engines
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            self.people = builders.people(session)
            self.initiative_id = self.people.initiative_id
            stage = builders.stage(session, self.initiative_id)
            self.room = builders.convening(session, stage, capacity=2)
            self.ids = [
                builders.person(session, self.initiative_id, name)
                for name in ("Amina", "Omar", "Zed")
            ]

    def do(self, command: Callable[..., Any], *args: Any, actor: Actor | None = None) -> Any:
        """Runs a command as the pages do; Alice where nobody is named."""
        who = actor or self.people.alice
        with transaction.writing(
            self.engines, actor_id=who.user_id, command=command.__name__
        ) as session:
            return command(session, who, *args)

    def refused(self, change_id: int, actor: Actor | None = None) -> str:
        with pytest.raises(ConveningError) as caught:
            self.do(undo, change_id, actor=actor)
        return caught.value.code

    def recent(self, actor: Actor | None = None) -> list[tuple[str, str]]:
        return [(each.command, each.name) for each in self.changes(actor)]

    def changes(self, actor: Actor | None = None) -> Sequence[reading.Undoable]:
        with transaction.reading(self.engines) as session:
            return reading.recent(session, actor or self.people.alice, self.initiative_id)

    def read(self, work: Callable[[Session], Any]) -> Any:
        with transaction.reading(self.engines) as session:
            return work(session)

    def statuses(self) -> list[str]:
        rows = select(work.Invitation.status).order_by(col(work.Invitation.id))
        return list(self.read(lambda session: session.exec(rows).all()))

    def blocks(self) -> list[tuple[int, str]]:
        rows = select(work.AgendaBlock.position, work.AgendaBlock.title).order_by(
            col(work.AgendaBlock.position), col(work.AgendaBlock.id)
        )
        return [(p, t) for p, t in self.read(lambda session: session.exec(rows).all())]

    def invited(self, *ids: int) -> list[int]:
        """Invitations of people who are asked to come."""
        made = self.do(invitations.invite, self.room, ids, Part.TAKING_PART).placed
        self.do(invitations.move_status, self.room, made, S.INVITED)
        return list(made)

    def letter(self, invitation_id: int, state: MailState, later: int = 1) -> int:
        """One that was written so many seconds after the last change."""
        with transaction.writing(self.engines, actor_id=None, journalled=False) as session:
            at = self.changes()[0].at + timedelta(seconds=later)
            row = OutboxEmail(
                kind="invitation",
                state=state.value,
                invitation_id=invitation_id,
                convening_id=self.room,
                created_at=at,
            )
            session.add(row)
            session.flush()
            return row.key

    def letters(self) -> list[str]:
        rows = select(OutboxEmail.state).order_by(col(OutboxEmail.id))
        return list(self.read(lambda session: session.exec(rows).all()))


@pytest.fixture
def team(engines: Engines) -> Team:
    return Team(engines)


def test_the_last_ten_edits_are_listed_newest_first_with_what_they_were_about(team: Team) -> None:
    for number in range(1, 12):
        team.do(agenda.add_block, BlockDraft(team.room, title=f"Block {number}"))
    team.do(community.add_person, team.initiative_id, PersonDraft("Noor"))
    found = team.recent()
    assert len(found) == OFFERED
    assert found[:3] == [
        ("add_person", "Noor"),
        ("add_block", "Block 11"),
        ("add_block", "Block 10"),
    ]


def test_undoing_twice_undoes_two_edits(team: Team) -> None:
    first = team.do(agenda.add_block, BlockDraft(team.room, title="Arriving"))
    team.do(agenda.edit_block, BlockDraft(team.room, title="Welcome", id=first, version=1))
    team.do(agenda.edit_block, BlockDraft(team.room, title="Opening", id=first, version=2))
    seen = []
    for _ in range(3):
        team.do(undo, team.changes()[0].change_id)
        seen.append(team.blocks())
    assert seen == [[(0, "Welcome")], [(0, "Arriving")], []]
    assert team.recent() == []


def test_a_version_that_comes_back_would_hide_an_edit(team: Team) -> None:
    """Bob reads version 2, Alice takes it back and edits anew: Bob is still told."""
    block = team.do(agenda.add_block, BlockDraft(team.room, title="Arriving"))
    team.do(agenda.edit_block, BlockDraft(team.room, title="Welcome", id=block, version=1))
    team.do(undo, team.changes()[0].change_id)
    team.do(agenda.edit_block, BlockDraft(team.room, title="Opening", id=block, version=3))
    with pytest.raises(ConveningError, match="changed_meanwhile"):
        team.do(
            agenda.edit_block,
            BlockDraft(team.room, title="Hello", id=block, version=2),
            actor=team.people.bob,
        )
    assert team.blocks() == [(0, "Opening")]


def test_an_earlier_edit_is_taken_back_alone_when_nothing_depends_on_it(team: Team) -> None:
    team.do(community.set_relationship, team.initiative_id, [team.ids[0]], "established")
    team.do(agenda.add_block, BlockDraft(team.room, title="Arriving"))
    team.do(undo, team.changes()[1].change_id)
    assert team.recent() == [("add_block", "Arriving")]
    kept = select(Stakeholder.relationship).where(Stakeholder.id == team.ids[0])
    assert team.read(lambda session: session.exec(kept).one()) == "none"


def test_moved_invitations_are_worded_with_their_number_and_status(team: Team) -> None:
    made = team.invited(*team.ids[:2])
    team.do(invitations.move_status, team.room, made, S.ACCEPTED)
    last = team.changes()[0]
    assert (last.command, last.name) == ("move_status", "Workshop")
    assert last.details == {"count": 2, "status": S.ACCEPTED, **_mail(last.details)}
    team.do(undo, last.change_id)
    assert team.statuses() == ["invited", "invited"]


def _mail(details: Any) -> dict[str, Any]:
    return {key: value for key, value in details.items() if key == "outbox_email"}


def test_a_part_support_and_the_choice_of_people_are_taken_back(team: Team) -> None:
    made = team.do(invitations.invite, team.room, team.ids[:2], Part.TAKING_PART).placed
    team.do(invitations.set_part, team.room, made, Part.PANEL)
    team.do(invitations.set_support, SupportDraft(made[0], None, "No bus"))
    kept = select(work.Invitation.part, work.Invitation.barriers).order_by(col(work.Invitation.id))
    seen = []
    for _ in range(3):
        team.do(undo, team.changes()[0].change_id)
        seen.append([tuple(row) for row in team.read(lambda session: session.exec(kept).all())])
    assert seen == [
        [("panel", ""), ("panel", "")],
        [("taking_part", ""), ("taking_part", "")],
        [],
    ]


@pytest.mark.parametrize("state", [MailState.WAITING, MailState.FAILED, MailState.BY_HAND])
def test_a_letter_that_is_still_here_is_cancelled(team: Team, state: MailState) -> None:
    made = team.invited(team.ids[0])
    team.letter(made[0], state)
    team.do(undo, team.changes()[0].change_id)
    assert team.statuses() == ["proposed"]
    assert set(team.letters()) <= {"cancelled"}


@pytest.mark.parametrize("state", [MailState.SENT, MailState.SENDING, MailState.UNCERTAIN])
def test_what_has_left_cannot_be_taken_back(team: Team, state: MailState) -> None:
    made = team.invited(team.ids[0])
    team.letter(made[0], state)
    assert team.refused(team.changes()[0].change_id) == "message_has_left"
    assert team.refused(team.changes()[1].change_id) == "changed_since"
    assert team.statuses() == ["invited"]
    assert state.value in team.letters()


def test_a_letter_that_left_before_hinders_nothing(team: Team) -> None:
    made = team.invited(team.ids[0])
    team.letter(made[0], MailState.SENT, later=-60)
    team.do(invitations.set_part, team.room, made, Part.PANEL)
    team.letter(made[0], MailState.SENT)
    team.do(undo, team.changes()[0].change_id)
    assert team.statuses() == ["invited"]


def test_a_choice_is_taken_back_with_the_letters_that_never_left(team: Team) -> None:
    made = team.invited(team.ids[0])
    team.letter(made[0], MailState.WAITING)
    for _ in range(2):
        team.do(undo, team.changes()[0].change_id)
    assert (team.statuses(), team.letters()) == ([], [])


def test_a_place_that_somebody_else_has_taken_is_not_there_to_come_back_to(team: Team) -> None:
    made = team.invited(*team.ids[:2])
    team.do(invitations.withdraw, team.room, made[:1])
    withdrawn = team.changes()[0]
    assert withdrawn.command == "withdraw"
    team.do(invitations.invite, team.room, team.ids[2:], Part.TAKING_PART, actor=team.people.alice)
    assert team.refused(withdrawn.change_id) == "no_free_place"
    assert team.statuses() == ["withdrawn", "invited", "proposed"]


def test_the_agenda_stays_without_gaps_when_others_have_added_to_it(team: Team) -> None:
    for title in ("One", "Two"):
        team.do(agenda.add_block, BlockDraft(team.room, title=title))
    team.do(agenda.add_block, BlockDraft(team.room, title="Three"), actor=team.people.bob)
    team.do(undo, team.changes()[0].change_id)
    assert team.blocks() == [(0, "One"), (1, "Three")]


def test_the_agenda_of_a_cancelled_convening_stays(team: Team) -> None:
    team.do(agenda.add_block, BlockDraft(team.room, title="One"))
    team.do(convenings.cancel_convening, team.room)
    assert team.refused(team.changes()[0].change_id) == "convening_cancelled"
    assert team.blocks() == [(0, "One")]


def test_a_review_and_a_commitment_are_taken_back(team: Team) -> None:
    team.do(after.write_review, ReviewDraft(team.room, happened="A quarrel"))
    team.do(after.write_review, ReviewDraft(team.room, happened="A talk", version=1))
    draft = CommitmentDraft(team.room, "Two benches", "Amal", date(2026, 3, 9))
    team.do(after.remove_commitment, team.do(after.add_commitment, draft))
    assert team.recent()[:2] == [
        ("remove_commitment", "Two benches"),
        ("add_commitment", "Two benches"),
    ]

    def kept() -> tuple[list[str], list[str]]:
        reviews, promised = select(room_tables.ConveningReview), select(room_tables.Commitment)
        return (
            [each.happened for each in team.read(lambda session: session.exec(reviews).all())],
            [each.what for each in team.read(lambda session: session.exec(promised).all())],
        )

    seen = []
    for _ in range(4):
        team.do(undo, team.changes()[0].change_id)
        seen.append(kept())
    assert seen == [
        (["A talk"], ["Two benches"]),
        (["A talk"], []),
        (["A quarrel"], []),
        ([], []),
    ]


def test_what_others_changed_since_stays(team: Team) -> None:
    block = team.do(agenda.add_block, BlockDraft(team.room, title="One"))
    team.do(
        agenda.edit_block,
        BlockDraft(team.room, title="By Bob", id=block, version=1),
        actor=team.people.bob,
    )
    assert team.refused(team.changes()[0].change_id) == "changed_since"
    team.do(undo, team.changes(team.people.bob)[0].change_id, actor=team.people.bob)
    team.do(undo, team.changes()[0].change_id)
    assert team.blocks() == []


def test_a_facilitator_takes_back_the_agenda_and_nobody_takes_back_for_others(team: Team) -> None:
    people = team.people
    team.do(agenda.add_block, BlockDraft(team.room, title="One"), actor=people.bob)
    team.do(community.add_person, team.initiative_id, PersonDraft("Noor"))
    assert team.recent(people.bob) == [("add_block", "One")]
    assert team.recent(people.dana) == [] if people.dana.teams else True
    change = team.changes(people.bob)[0].change_id
    for stranger in (people.alice, people.charlie, people.dana):
        assert team.refused(change, stranger) == "not_found"
    with pytest.raises(NotFound):
        team.changes(people.charlie)


def test_who_was_deleted_is_named_as_they_were_called(team: Team) -> None:
    team.do(community.delete_stakeholders, team.initiative_id, [team.ids[1]])
    assert team.recent() == [("delete_stakeholders", "Omar")]


def test_the_list_costs_as_many_statements_for_ten_as_for_two(team: Team) -> None:
    def asked() -> int:
        with statements.seen(team.engines.read) as seen:
            team.changes()
        return len(seen)

    question = GuidingQuestion.LIFE_SHAPED
    for _ in range(2):
        team.do(community.place_people, team.initiative_id, team.ids, question)
        team.do(community.leave_group, team.initiative_id, team.ids, Group.STEWARD)
        team.do(agenda.add_block, BlockDraft(team.room, title="One"))
    few = asked()
    for number in range(8):
        team.do(agenda.add_block, BlockDraft(team.room, title=f"Block {number}"))
    assert asked() <= few


def commands() -> list[str]:
    """Every function that changes something on behalf of an actor."""
    return [
        name
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and list(inspect.signature(function).parameters)[:2] == ["session", "actor"]
    ]


def test_every_edit_of_map_invitations_and_agenda_can_be_taken_back() -> None:
    found = commands()
    assert len(found) >= 35
    assert set(found) - set(reading.UNDOABLE) == LASTING
    assert set(reading.UNDOABLE) - set(found) == set()


@pytest.mark.parametrize("language", list(Language))
def test_every_one_of_them_has_its_words(language: Language) -> None:
    from pages.components.undoing import _ALIKE

    known = messages(language)
    worded = {_ALIKE.get(each, each) for each in reading.UNDOABLE}
    assert {each for each in worded if f"undoing.did.{each}" not in known} == set()
