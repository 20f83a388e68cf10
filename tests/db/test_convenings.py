"""Planning convenings on both databases: who may, what is stored, and what can be taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from convening.convening_drafts import ConveningDraft, StakeDraft
from convening.convenings import AtStake
from convening.overviews import Heads, Overview, OverviewPage
from convening.problems import ConveningError, Forbidden, Invalid, NotFound, Problem
from convening.readiness import Answer
from convening.roles import Actor
from convening.vocabulary import (
    BlockFormat,
    ConveningKind,
    ConveningState,
    Group,
    InvitationStatus,
    Openness,
    Stake,
)
from convening.vocabulary import ConveningQuestion as Question
from db import audit, transaction
from db.commands import convenings as commands
from db.commands import trash
from db.engine import Engines
from db.queries import convenings as queries
from db.queries import overviews
from db.queries import trash as deleted
from db.tables import work
from db.tables.accounts import AuditEvent
from db.tables.community import GroupMembership, Stakeholder
from tests import builders, statements
from tests.builders import People

ALICE_ONLY = ["bob", "charlie", "dana"]


def only(page: OverviewPage) -> Overview:
    """The one convening that there is."""
    (found,) = (*page.ahead, *page.past)
    assert page.past_total == len(page.past)
    return found


@pytest.fixture
def people(session: Session) -> People:
    return builders.people(session)


@pytest.fixture
def stage_id(session: Session, people: People) -> int:
    return builders.stage(session, people.initiative_id)


@pytest.fixture
def draft(people: People, stage_id: int) -> ConveningDraft:
    return ConveningDraft(
        initiative_id=people.initiative_id,
        stage_id=stage_id,
        title="Design workshop",
        purpose="Sketch three answers",
        kind=ConveningKind.STRESS_TEST,
        starts_local=datetime(2026, 7, 4, 18, 30),
        ends_local=datetime(2026, 7, 4, 21, 0),
        zone="Europe/Berlin",
        place="Town hall",
        link="https://meet.example.org/1",
        capacity=30,
        openness=Openness.OPTIONS_GIVEN,
        answers={Question.RESOURCES: Answer(False, "no childcare yet")},
        stakes=(StakeDraft(Stake.COULD_LOSE, "Tenants"),),
    )


@pytest.fixture
def meeting_id(session: Session, people: People, draft: ConveningDraft) -> int:
    return commands.plan_convening(session, people.alice, draft)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The evening after the convening of the draft."""
    monkeypatch.setattr(commands, "now", lambda: datetime(2026, 7, 4, 20, 0, tzinfo=UTC))


def state(session: Session, meeting_id: int) -> str:
    return session.get_one(work.Convening, meeting_id).state


def test_a_plan_is_stored_as_wall_time_with_its_utc(
    session: Session, people: People, draft: ConveningDraft, meeting_id: int
) -> None:
    found = queries.convening(session, people.alice, meeting_id)
    assert (found.starts_local, found.ends_local, found.zone) == (
        datetime(2026, 7, 4, 18, 30),
        datetime(2026, 7, 4, 21, 0),
        "Europe/Berlin",
    )
    assert (found.starts_at, found.ends_at) == (
        datetime(2026, 7, 4, 16, 30, tzinfo=UTC),
        datetime(2026, 7, 4, 19, 0, tzinfo=UTC),
    )
    assert (found.state, found.version) == (ConveningState.PLANNED, 1)
    assert queries.draft(session, people.alice, meeting_id) == replace(
        draft, id=meeting_id, version=1
    )


def test_it_is_a_draft_until_purpose_and_date_are_set(
    session: Session, people: People, stage_id: int
) -> None:
    first = ConveningDraft(people.initiative_id, stage_id, title="An idea")
    meeting_id = commands.plan_convening(session, people.alice, first)
    assert state(session, meeting_id) == "draft"
    stored = queries.draft(session, people.alice, meeting_id)
    commands.edit_convening(session, people.alice, replace(stored, purpose="To listen"))
    assert state(session, meeting_id) == "draft"
    stored = queries.draft(session, people.alice, meeting_id)
    dated = replace(stored, starts_local=datetime(2026, 7, 4, 9, 0))
    commands.edit_convening(session, people.alice, dated)
    assert state(session, meeting_id) == "planned"


def test_taking_the_date_away_makes_it_a_draft_again(
    session: Session, people: People, meeting_id: int
) -> None:
    stored = queries.draft(session, people.alice, meeting_id)
    commands.edit_convening(
        session, people.alice, replace(stored, starts_local=None, ends_local=None)
    )
    found = queries.convening(session, people.alice, meeting_id)
    assert (found.state, found.starts_at, found.ends_at) == (ConveningState.DRAFT, None, None)


def test_every_problem_is_told_at_once_and_nothing_is_stored(
    session: Session, people: People, draft: ConveningDraft
) -> None:
    wrong = replace(draft, title="", capacity=0, zone="Nowhere")
    with pytest.raises(Invalid) as caught:
        commands.plan_convening(session, people.alice, wrong)
    assert [(each.code, each.field) for each in caught.value.problems] == [
        ("required", "title"),
        ("capacity_out_of_range", "capacity"),
        ("zone_unknown", "zone"),
    ]
    assert session.exec(select(work.Convening)).all() == []


def test_answers_and_stakes_are_replaced_or_left(
    session: Session, people: People, meeting_id: int
) -> None:
    stored = queries.draft(session, people.alice, meeting_id)
    changed = replace(
        stored,
        answers={Question.RESOURCES: Answer(True), Question.ISSUE_RIPE: Answer(False)},
        stakes=(StakeDraft(Stake.COULD_BLOCK, "The mayor"),),
    )
    commands.edit_convening(session, people.alice, changed)
    found = queries.draft(session, people.alice, meeting_id)
    assert (found.answers, found.stakes) == (changed.answers, changed.stakes)
    commands.edit_convening(session, people.alice, replace(found, answers=None, stakes=None))
    again = queries.draft(session, people.alice, meeting_id)
    assert (again.answers, again.stakes) == (changed.answers, changed.stakes)


def test_a_stage_of_another_initiative_answers_as_a_missing_one(
    session: Session, people: People, draft: ConveningDraft
) -> None:
    foreign = builders.stage(session, people.foreign_id)
    for stage_id in (foreign, 999_999):
        with pytest.raises(NotFound) as caught:
            commands.plan_convening(session, people.alice, replace(draft, stage_id=stage_id))
        assert caught.value.params == {"what": "stage"}


def test_a_person_of_another_map_cannot_be_named(
    session: Session, people: People, draft: ConveningDraft
) -> None:
    foreign = builders.person(session, people.foreign_id, "Somebody else's")
    stakes = (StakeDraft(Stake.COULD_LOSE, stakeholder_id=foreign),)
    with pytest.raises(NotFound) as caught:
        commands.plan_convening(session, people.alice, replace(draft, stakes=stakes))
    assert caught.value.params == {"what": "stakeholder"}


def test_an_edit_cannot_move_a_convening_to_another_initiative(
    session: Session, people: People, meeting_id: int
) -> None:
    stored = queries.draft(session, people.alice, meeting_id)
    commands.edit_convening(session, people.alice, replace(stored, initiative_id=people.foreign_id))
    assert session.get_one(work.Convening, meeting_id).initiative_id == people.initiative_id


def test_a_second_editor_is_noticed(session: Session, people: People, meeting_id: int) -> None:
    stored = queries.draft(session, people.alice, meeting_id)
    commands.edit_convening(session, people.alice, replace(stored, title="First"))
    with pytest.raises(ConveningError) as caught:
        commands.edit_convening(session, people.alice, replace(stored, title="Second"))
    assert caught.value.code == "changed_meanwhile"
    assert session.get_one(work.Convening, meeting_id).title == "First"


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("who", ALICE_ONLY)
def test_only_organisers_of_the_team_plan(
    session: Session, people: People, draft: ConveningDraft, meeting_id: int, who: str
) -> None:
    actor: Actor = getattr(people, who)
    stored = replace(queries.draft(session, people.alice, meeting_id), title="Taken over")
    expected = Forbidden if who == "bob" else NotFound
    attempts = [
        lambda: commands.plan_convening(session, actor, draft),
        lambda: commands.edit_convening(session, actor, stored),
        lambda: commands.cancel_convening(session, actor, meeting_id),
        lambda: commands.hold_convening(session, actor, meeting_id),
        lambda: commands.reopen_convening(session, actor, meeting_id),
        lambda: commands.duplicate_convening(session, actor, meeting_id, "Copy"),
        lambda: commands.delete_convening(session, actor, meeting_id),
    ]
    for attempt in attempts:
        with pytest.raises(expected):
            attempt()
    assert [each.title for each in session.exec(select(work.Convening))] == ["Design workshop"]
    assert state(session, meeting_id) == "planned"


@pytest.mark.parametrize("who", ["charlie", "dana"])
def test_outsiders_read_nothing(
    session: Session, people: People, meeting_id: int, who: str
) -> None:
    actor: Actor = getattr(people, who)
    for read in (queries.listing, overviews.page, queries.usual_zone):
        with pytest.raises(NotFound):
            read(session, actor, people.initiative_id)
    for read_one in (queries.convening, queries.draft, queries.at_stake, queries.statuses):
        with pytest.raises(NotFound) as caught:
            read_one(session, actor, meeting_id)
        assert caught.value.params == {"what": "convening"}


def test_a_facilitator_reads_what_the_team_plans(
    session: Session, people: People, meeting_id: int
) -> None:
    assert [each.id for each in queries.listing(session, people.bob, people.initiative_id)] == [
        meeting_id
    ]


@pytest.mark.usefixtures("clock")
def test_holding_keeps_the_groups_that_people_had_then(
    session: Session, people: People, meeting_id: int
) -> None:
    noor = builders.person(session, people.initiative_id, "Noor", Group.GATEWAY, Group.STEWARD)
    sami = builders.person(session, people.initiative_id, "Sami")
    builders.invitation(session, meeting_id, noor, InvitationStatus.ATTENDED)
    builders.invitation(session, meeting_id, sami, InvitationStatus.DECLINED)
    commands.hold_convening(session, people.alice, meeting_id)
    for membership in session.exec(select(GroupMembership)).all():
        session.delete(membership)
    session.flush()
    kept = session.exec(select(work.Invitation).order_by(work.Invitation.id)).all()  # type: ignore[arg-type]
    assert [each.groups_when_held for each in kept] == [["steward", "gateway"], []]
    found = only(overviews.page(session, people.alice, people.initiative_id))
    assert found.heads == Heads(
        invited=2,
        accepted=1,
        in_the_room=1,
        counted=1,
        groups={Group.STEWARD: 1, Group.GATEWAY: 1, Group.INFLUENCER: 0},
    )


@pytest.mark.usefixtures("clock")
def test_reopening_takes_the_kept_groups_away_but_not_those_of_the_erased(
    session: Session, people: People, meeting_id: int
) -> None:
    noor = builders.person(session, people.initiative_id, "Noor", Group.STEWARD)
    builders.invitation(session, meeting_id, noor, InvitationStatus.ATTENDED)
    commands.hold_convening(session, people.alice, meeting_id)
    builders.invitation(
        session, meeting_id, None, InvitationStatus.ATTENDED, groups_when_held=[Group.GATEWAY]
    )
    commands.reopen_convening(session, people.alice, meeting_id)
    kept = session.exec(select(work.Invitation).order_by(work.Invitation.id)).all()  # type: ignore[arg-type]
    assert [each.groups_when_held for each in kept] == [None, ["gateway"]]
    assert state(session, meeting_id) == "planned"


def test_it_is_not_held_before_its_day(
    session: Session, people: People, meeting_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "now", lambda: datetime(2026, 7, 3, 21, 59, tzinfo=UTC))
    with pytest.raises(Invalid) as caught:
        commands.hold_convening(session, people.alice, meeting_id)
    assert caught.value.problems == (
        Problem("not_yet_its_day", {"date": datetime(2026, 7, 4).date()}),
    )
    assert state(session, meeting_id) == "planned"
    monkeypatch.setattr(commands, "now", lambda: datetime(2026, 7, 3, 22, 0, tzinfo=UTC))
    commands.hold_convening(session, people.alice, meeting_id)
    assert state(session, meeting_id) == "held"


@pytest.mark.usefixtures("clock")
def test_a_held_convening_keeps_its_purpose_and_date(
    session: Session, people: People, meeting_id: int
) -> None:
    commands.hold_convening(session, people.alice, meeting_id)
    stored = queries.draft(session, people.alice, meeting_id)
    with pytest.raises(Invalid) as caught:
        commands.edit_convening(session, people.alice, replace(stored, purpose=""))
    assert caught.value.problems == (Problem("required", field="purpose"),)
    commands.edit_convening(session, people.alice, replace(stored, place="The school"))
    assert (state(session, meeting_id), session.get_one(work.Convening, meeting_id).place) == (
        "held",
        "The school",
    )


def test_a_cancelled_convening_is_reopened_before_it_is_changed(
    session: Session, people: People, meeting_id: int
) -> None:
    commands.cancel_convening(session, people.alice, meeting_id)
    assert state(session, meeting_id) == "cancelled"
    stored = queries.draft(session, people.alice, meeting_id)
    with pytest.raises(ConveningError) as caught:
        commands.edit_convening(session, people.alice, stored)
    assert caught.value.code == "convening_cancelled"
    commands.reopen_convening(session, people.alice, meeting_id)
    assert state(session, meeting_id) == "planned"


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("now_state", "command"),
    [
        (ConveningState.DRAFT, commands.hold_convening),
        (ConveningState.CANCELLED, commands.hold_convening),
        (ConveningState.HELD, commands.hold_convening),
        (ConveningState.HELD, commands.cancel_convening),
        (ConveningState.CANCELLED, commands.cancel_convening),
        (ConveningState.DRAFT, commands.reopen_convening),
        (ConveningState.PLANNED, commands.reopen_convening),
    ],
)
def test_other_moves_between_states_are_refused(
    session: Session,
    people: People,
    meeting_id: int,
    now_state: ConveningState,
    command: Callable[[Session, Actor, int], int],
) -> None:
    session.get_one(work.Convening, meeting_id).state = now_state
    session.flush()
    with pytest.raises(ConveningError) as caught:
        command(session, people.alice, meeting_id)
    assert (caught.value.code, caught.value.params) == ("convening_state", {"state": now_state})


def test_a_copy_asks_afresh_when_who_and_whether(
    session: Session, people: People, draft: ConveningDraft, meeting_id: int
) -> None:
    noor = builders.person(session, people.initiative_id, "Noor")
    builders.invitation(session, meeting_id, noor, InvitationStatus.ACCEPTED)
    for position, title in enumerate(("Arriving", "Circle")):
        session.add(
            work.AgendaBlock(
                convening_id=meeting_id,
                position=position,
                minutes=20,
                title=title,
                format=BlockFormat.CIRCLE,
                version=4,
            )
        )
    session.flush()
    copy_id = commands.duplicate_convening(session, people.alice, meeting_id, "Once more")
    assert queries.draft(session, people.alice, copy_id) == replace(
        draft,
        title="Once more",
        starts_local=None,
        ends_local=None,
        answers={},
        id=copy_id,
        version=1,
    )
    assert state(session, copy_id) == "draft"
    copied = session.exec(
        select(work.AgendaBlock).where(work.AgendaBlock.convening_id == copy_id)
    ).all()
    assert [(each.position, each.title, each.version) for each in copied] == [
        (0, "Arriving", 1),
        (1, "Circle", 1),
    ]
    invited = session.exec(select(work.Invitation.convening_id)).all()
    assert invited == [meeting_id]


def test_a_deleted_convening_can_be_taken_back_with_all_that_hangs_on_it(
    engines: Engines,
) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        people = builders.people(session)
        stage_id = builders.stage(session, people.initiative_id)
        draft = ConveningDraft(
            people.initiative_id,
            stage_id,
            title="Workshop",
            answers={Question.RESOURCES: Answer(True)},
            stakes=(StakeDraft(Stake.COULD_LOSE, "Tenants"),),
        )
        meeting_id = commands.plan_convening(session, people.alice, draft)
        noor = builders.person(session, people.initiative_id, "Noor")
        builders.invitation(session, meeting_id, noor)
    alice = people.alice
    with transaction.writing(
        engines, actor_id=alice.user_id, command="delete_convening"
    ) as session:
        assert commands.delete_convening(session, alice, meeting_id) == meeting_id
    with transaction.reading(engines) as session:
        for table in (work.Convening, work.ConveningAnswer, work.ConveningStake, work.Invitation):
            assert session.exec(select(table)).all() == []
        (entry,) = deleted.deleted(session, alice)
        assert (entry.subject, entry.name) == ("convening", "Workshop")
    with transaction.writing(
        engines, actor_id=alice.user_id, command="restore", journalled=False
    ) as session:
        trash.restore(session, alice, entry.change_id)
    with transaction.reading(engines) as session:
        found = queries.draft(session, alice, meeting_id)
        assert found == replace(draft, id=meeting_id, version=1)
        assert len(session.exec(select(work.Invitation)).all()) == 1


def test_the_list_goes_by_date_with_drafts_last(
    session: Session, people: People, stage_id: int
) -> None:
    for title, starts_at in (
        ("Draft", None),
        ("Later", datetime(2026, 9, 1, tzinfo=UTC)),
        ("Sooner", datetime(2026, 8, 1, tzinfo=UTC)),
    ):
        builders.convening(session, stage_id, title, starts_at=starts_at)
    found = queries.listing(session, people.alice, people.initiative_id)
    assert [each.title for each in found] == ["Sooner", "Later", "Draft"]


def test_the_overview_tells_answers_stakes_heads_and_agenda(
    session: Session, people: People, draft: ConveningDraft
) -> None:
    mayor = builders.person(session, people.initiative_id, "The mayor", Group.INFLUENCER)
    stakes = (
        StakeDraft(Stake.COULD_BLOCK, stakeholder_id=mayor),
        StakeDraft(Stake.COULD_LOSE, "Tenants"),
    )
    meeting_id = commands.plan_convening(session, people.alice, replace(draft, stakes=stakes))
    builders.invitation(session, meeting_id, mayor, InvitationStatus.INVITED)
    session.add(work.AgendaBlock(convening_id=meeting_id, position=0, minutes=20, title="a"))
    session.add(work.AgendaBlock(convening_id=meeting_id, position=1, minutes=45, title="b"))
    session.flush()
    found = only(overviews.page(session, people.bob, people.initiative_id))
    assert found.convening.id == meeting_id
    assert found.answers == draft.answers
    assert found.at_stake == (
        AtStake(Stake.COULD_BLOCK, "The mayor", mayor, InvitationStatus.INVITED),
        AtStake(Stake.COULD_LOSE, "Tenants"),
    )
    assert found.heads == Heads(
        invited=1,
        counted=1,
        groups={Group.STEWARD: 0, Group.GATEWAY: 0, Group.INFLUENCER: 1},
    )
    assert (found.blocks, found.minutes) == (2, 65)


def test_who_is_at_stake_and_where_each_invitation_stands(
    session: Session, people: People, draft: ConveningDraft
) -> None:
    mayor = builders.person(session, people.initiative_id, "The mayor")
    stakes = (StakeDraft(Stake.COULD_BLOCK, stakeholder_id=mayor), *(draft.stakes or ()))
    meeting_id = commands.plan_convening(session, people.alice, replace(draft, stakes=stakes))
    builders.invitation(session, meeting_id, mayor, InvitationStatus.WAITLISTED)
    assert queries.at_stake(session, people.bob, meeting_id) == [
        AtStake(Stake.COULD_BLOCK, "The mayor", mayor, InvitationStatus.WAITLISTED),
        AtStake(Stake.COULD_LOSE, "Tenants"),
    ]
    assert queries.statuses(session, people.bob, meeting_id) == {mayor: InvitationStatus.WAITLISTED}


def test_an_erased_person_leaves_no_empty_line_among_the_stakes(
    session: Session, people: People, draft: ConveningDraft
) -> None:
    mayor = builders.person(session, people.initiative_id, "The mayor")
    stakes = (StakeDraft(Stake.COULD_BLOCK, stakeholder_id=mayor),)
    meeting_id = commands.plan_convening(session, people.alice, replace(draft, stakes=stakes))
    session.delete(session.get_one(Stakeholder, mayor))
    session.flush()
    session.expire_all()
    found = only(overviews.page(session, people.alice, people.initiative_id))
    assert found.at_stake == ()
    assert queries.draft(session, people.alice, meeting_id).stakes == ()


def test_the_overview_takes_the_same_number_of_statements_for_many(
    session: Session, people: People, stage_id: int
) -> None:
    def plan(number: int) -> int:
        meeting_id = builders.convening(session, stage_id, f"Meeting {number}")
        person = builders.person(session, people.initiative_id, f"Person {number}", Group.STEWARD)
        builders.invitation(session, meeting_id, person)
        return statements.count(session, overviews.page, people.alice, people.initiative_id)

    assert [plan(number) for number in range(3)] == [10, 10, 10]


def test_what_is_over_comes_in_pages_the_last_first(
    session: Session, people: People, stage_id: int
) -> None:
    other = builders.stage(session, people.initiative_id, position=1)
    for day in (1, 2, 3):
        at = datetime(2026, 3, day, 9, tzinfo=UTC)
        builders.convening(
            session, stage_id, f"March {day}", state=ConveningState.HELD, starts_at=at
        )
    builders.convening(session, other, "Next")
    builders.convening(session, other, "Draft", state=ConveningState.DRAFT, starts_at=None)

    def titles(number: int, stage: int | None = None) -> tuple[list[str], list[str], int]:
        found = overviews.page(
            session, people.alice, people.initiative_id, stage_id=stage, number=number, size=2
        )
        ahead, past = (
            [each.convening.title for each in some] for some in (found.ahead, found.past)
        )
        return ahead, past, found.past_total

    assert titles(0) == (["Next", "Draft"], ["March 3", "March 2"], 3)
    assert titles(1) == (["Next", "Draft"], ["March 1"], 3)
    assert titles(0, other) == (["Next", "Draft"], [], 0)
    used = overviews.stages_in_use(session, people.alice, people.initiative_id)
    assert used == {stage_id: 3, other: 2}


def test_the_nearest_convenings_and_the_one_in_hand_are_there_to_choose(
    session: Session, people: People, stage_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "NEARBY", 1)
    held = [
        builders.convening(
            session,
            stage_id,
            f"March {day}",
            state=ConveningState.HELD,
            starts_at=datetime(2026, 3, day, 9, tzinfo=UTC),
        )
        for day in (1, 2, 3)
    ]
    ahead = [builders.convening(session, stage_id, f"Next {number}") for number in (1, 2)]

    def ids(in_hand: int | None) -> list[int]:
        found = queries.nearby(session, people.alice, people.initiative_id, in_hand)
        return [each.id for each in found]

    assert set(ids(None)) == {held[2], ahead[0]}
    assert set(ids(held[0])) == {held[0], held[2], ahead[0]}
    assert queries.belongs(session, people.alice, people.initiative_id, held[0])
    assert not queries.belongs(session, people.alice, people.initiative_id, 10_000)


def test_the_zone_used_last_is_suggested(
    session: Session, people: People, draft: ConveningDraft
) -> None:
    assert queries.usual_zone(session, people.alice, people.initiative_id) is None
    commands.plan_convening(session, people.alice, draft)
    commands.plan_convening(
        session, people.alice, replace(draft, zone="UTC", starts_local=None, ends_local=None)
    )
    assert queries.usual_zone(session, people.alice, people.initiative_id) == "Europe/Berlin"


@pytest.mark.usefixtures("clock")
def test_the_audit_log_holds_ids_and_no_words(
    session: Session, people: People, meeting_id: int
) -> None:
    commands.hold_convening(session, people.alice, meeting_id)
    commands.delete_convening(session, people.alice, meeting_id)
    events = session.exec(select(AuditEvent).order_by(AuditEvent.id)).all()  # type: ignore[arg-type]
    assert [
        (each.action, each.subject, each.subject_id, each.initiative_id, each.details)
        for each in events
    ] == [
        (action, "convening", meeting_id, people.initiative_id, {})
        for action in ("plan_convening", "hold_convening", "delete_convening")
    ]
    assert audit.first_broken(session) is None


def test_what_is_promised_is_stored_and_a_copy_promises_afresh_by_when(
    session: Session, people: People, draft: ConveningDraft
) -> None:
    promised = replace(
        draft,
        promise="You get the notes.",
        promise_by=date(2026, 7, 18),
        tensions="Tenants and the landlord",
        remind=False,
    )
    meeting = commands.plan_convening(session, people.alice, promised)
    found = queries.convening(session, people.alice, meeting)
    assert (found.promise, found.promise_by, found.tensions, found.remind) == (
        "You get the notes.",
        date(2026, 7, 18),
        "Tenants and the landlord",
        False,
    )
    copy = commands.duplicate_convening(session, people.alice, meeting, "Copy")
    taken_up = queries.draft(session, people.alice, copy)
    assert (taken_up.promise, taken_up.promise_by, taken_up.remind) == (
        "You get the notes.",
        None,
        False,
    )
