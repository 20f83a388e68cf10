"""Dissenting views: logged once, answered, and their owners say whether that answers them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from convening.dissent_drafts import DissentDraft, ResponseDraft
from convening.ledger import DissentId, Entry
from convening.problems import ConveningError, Forbidden, Invalid, NotFound
from convening.roles import Actor
from convening.vocabulary import (
    Attribution,
    DefinitionField,
    DissentState,
    Group,
    NoteRelease,
    Outcome,
    ReplyChannel,
    RoomState,
    Strength,
)
from db import transaction
from db.commands import convenings, definitions, dissent, initiatives, responses
from db.engine import Engines
from db.queries import dissent as reading
from db.tables.accounts import AuditEvent
from db.tables.journal import Change
from db.tables.understanding import AnonymousNote, DissentingView, DissentResponse
from db.tables.work import Initiative
from tests import builders, dissent_world
from tests.dissent_world import World

STANDS = ResponseDraft(Outcome.STANDS, "The rent is not in our hands.")
Run = Callable[..., Any]


@pytest.fixture
def world(engines: Engines) -> World:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return dissent_world.world(session)


@pytest.fixture
def run(engines: Engines) -> Run:
    """``run(actor, command, ...)`` runs a command in a transaction of its own."""

    def found(actor: Actor, command: Callable[..., Any], *args: object) -> Any:
        with transaction.writing(
            engines, actor_id=actor.user_id, command=command.__name__
        ) as session:
            return command(session, actor, *args)

    return found


def entry(engines: Engines, actor: Actor, dissent_id: DissentId) -> Entry:
    with transaction.reading(engines) as session:
        return reading.entry(session, actor, dissent_id)


def build(engines: Engines, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return work(session, *args, **kwargs)


def codes(error: pytest.ExceptionInfo[ConveningError]) -> list[tuple[str, str | None]]:
    return [(each.code, each.field) for each in error.value.problems]


def owned(engines: Engines, world: World, **changes: Any) -> int:
    """A view that Bob raised for himself."""
    with transaction.writing(engines, actor_id=world.people.bob.user_id) as session:
        draft = world.draft(own=True, attribution=Attribution.NAMED, **changes)
        made = dissent.record_dissent(session, world.people.bob, draft)
    assert isinstance(made, int)
    return made


def test_a_view_is_logged_with_all_that_belongs_to_it(
    engines: Engines, world: World, run: Run
) -> None:
    draft = world.draft(
        strength=Strength.OBJECTION,
        reason="  Shops close\nfirst ",
        resolution="Ask the tenants",
        passage_field=DefinitionField.STATEMENT,
        passage="nobody  asked",
        afterwards=True,
    )
    made = run(world.people.bob, dissent.record_dissent, draft)
    found = entry(engines, world.people.alice, made)
    assert (found.number, found.definition_id) == (2, world.definition_id)
    assert (found.strength, found.statement) == (Strength.OBJECTION, "Rents rise")
    assert (found.reason, found.resolution) == ("Shops close\nfirst", "Ask the tenants")
    assert (found.passage_field, found.passage) == (DefinitionField.STATEMENT, "nobody asked")
    assert (found.attribution, found.groups) == (Attribution.GROUP_ONLY, {Group.STEWARD})
    assert (found.convening, found.stage_id, found.afterwards) == ("Workshop", world.stage_id, True)
    assert (found.state, found.person, found.own) == (DissentState.UNANSWERED, "", False)


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"statement": " "}, [("required", "statement")]),
        ({"strength": Strength.OBJECTION}, [("objection_needs_reason", "reason")]),
        ({"groups": frozenset()}, [("required", "groups")]),
        ({"uuid": "1"}, [("uuid_not_valid", "uuid")]),
        ({"afterwards": True, "convening_id": None}, [("required", "convening")]),
        ({"attribution": Attribution.NAMED}, [("required", "person")]),
        ({"attribution": Attribution.ANONYMOUS}, [("required", "receipt_code")]),
        (
            {"passage_field": DefinitionField.STATEMENT, "passage": "somebody asked"},
            [("passage_not_found", "passage")],
        ),
    ],
)
def test_what_a_view_lacks_is_told_all_at_once(
    world: World, run: Run, changes: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    with pytest.raises(Invalid) as error:
        run(world.people.bob, dissent.record_dissent, world.draft(**changes))
    assert codes(error) == problems


def test_nobody_dissents_from_a_draft(world: World, run: Run) -> None:
    with pytest.raises(Invalid) as error:
        run(world.people.bob, dissent.record_dissent, world.draft(version_id=world.versions[2]))
    assert codes(error) == [("version_is_draft", "version")]


def test_a_view_that_is_sent_twice_is_kept_once(engines: Engines, world: World, run: Run) -> None:
    draft = world.draft()
    first = run(world.people.bob, dissent.record_dissent, draft)
    assert run(world.people.bob, dissent.record_dissent, draft) == first
    with transaction.reading(engines) as session:
        assert session.exec(select(DissentingView.id)).all() == [first]


def test_a_view_that_arrives_twice_at_once_is_kept_once(world: World, run: Run) -> None:
    draft = world.draft()
    with ThreadPoolExecutor(4) as threads:
        sent = [
            threads.submit(run, world.people.bob, dissent.record_dissent, draft) for _ in range(4)
        ]
    assert len({each.result() for each in sent}) == 1


def test_a_person_is_named_only_when_they_agreed(engines: Engines, world: World, run: Run) -> None:
    person = build(engines, builders.person, world.initiative_id, "Olga", Group.GATEWAY)
    draft = world.draft(attribution=Attribution.NAMED, stakeholder_id=person, groups=frozenset())
    with pytest.raises(Invalid) as error:
        run(world.people.bob, dissent.record_dissent, draft)
    assert codes(error) == [("not_agreed_to_name", "agreed_to_name")]
    agreed = world.draft(
        attribution=Attribution.NAMED,
        stakeholder_id=person,
        groups=frozenset(),
        agreed_to_name=True,
    )
    made = run(world.people.bob, dissent.record_dissent, agreed)
    found = entry(engines, world.people.alice, made)
    assert (found.person, found.groups) == ("Olga", {Group.GATEWAY})


def test_whoever_stands_behind_a_group_is_not_kept(
    engines: Engines, world: World, run: Run
) -> None:
    person = build(engines, builders.person, world.initiative_id, "Olga", Group.STEWARD)
    made = run(world.people.bob, dissent.record_dissent, world.draft(stakeholder_id=person))
    with transaction.reading(engines) as session:
        assert session.get_one(DissentingView, made).stakeholder_id is None


def test_places_and_people_are_those_of_the_initiative(
    engines: Engines, world: World, run: Run
) -> None:
    foreign = build(engines, builders.person, world.people.foreign_id, "Olga")
    with pytest.raises(NotFound):
        run(world.people.bob, dissent.record_dissent, world.draft(stakeholder_id=foreign))
    with pytest.raises(NotFound):
        run(world.people.charlie, dissent.record_dissent, world.draft())
    with pytest.raises(NotFound):
        run(world.people.bob, dissent.record_dissent, world.draft(convening_id=999))


def anonymous(world: World, code: str = "ABCD-EFGH-JKMN", **changes: Any) -> DissentDraft:
    return world.draft(attribution=Attribution.ANONYMOUS, receipt_code=code, **changes)


def test_an_anonymous_view_is_a_note_that_nothing_else_tells_of(
    engines: Engines, world: World, run: Run
) -> None:
    build(engines, dissent_world.room, world.convening_id)
    draft = anonymous(world)
    made = run(world.people.bob, dissent.record_dissent, draft)
    with transaction.reading(engines) as session:
        note = session.get_one(AnonymousNote, made)
        assert (note.text, note.state, note.groups) == ("Rents rise", "arrived", [])
        assert session.exec(select(AuditEvent)).all() == []
        assert session.exec(select(Change)).all() == []
        assert session.exec(select(DissentingView)).all() == []


def test_a_second_post_of_a_note_replaces_its_receipt_code_alone(
    engines: Engines, world: World, run: Run
) -> None:
    build(engines, dissent_world.room, world.convening_id)
    draft = anonymous(world)
    run(world.people.bob, dissent.record_dissent, draft)
    with transaction.reading(engines) as session:
        before = session.get_one(AnonymousNote, draft.uuid).receipt_hash
    again = anonymous(world, "PQRS-TVWX-YZ23", uuid=draft.uuid, statement="Other words")
    run(world.people.bob, dissent.record_dissent, again)
    with transaction.reading(engines) as session:
        [note] = session.exec(select(AnonymousNote)).all()
    assert note.text == "Rents rise"
    assert note.receipt_hash != before


def test_a_receipt_code_belongs_to_one_view(engines: Engines, world: World, run: Run) -> None:
    build(engines, dissent_world.room, world.convening_id)
    for draft in (anonymous(world), world.draft(receipt_code="ABCD-EFGH-JKMN")):
        run(world.people.bob, dissent.record_dissent, draft)
    for draft in (anonymous(world), world.draft(receipt_code="abcdefghjkmn")):
        with pytest.raises(Invalid) as error:
            run(world.people.bob, dissent.record_dissent, draft)
        assert codes(error) == [("receipt_code_taken", "receipt_code")]


@pytest.mark.parametrize(
    ("release", "state", "code"),
    [
        (NoteRelease.NOT_OFFERED, RoomState.OPEN, "anonymous_not_offered"),
        (NoteRelease.LIVE, RoomState.PREPARING, "anonymous_needs_room"),
    ],
)
def test_a_room_that_offers_no_notes_takes_none(
    engines: Engines, world: World, run: Run, release: NoteRelease, state: RoomState, code: str
) -> None:
    build(engines, dissent_world.room, world.convening_id, release, state)
    with pytest.raises(Invalid) as error:
        run(world.people.bob, dissent.record_dissent, anonymous(world))
    assert codes(error) == [(code, "attribution")]


def test_a_note_that_waited_for_the_connection_is_taken_after_the_room_closed(
    engines: Engines, world: World, run: Run
) -> None:
    build(engines, dissent_world.room, world.convening_id, state=RoomState.CLOSED)
    made = run(world.people.bob, dissent.record_dissent, anonymous(world))
    with transaction.reading(engines) as session:
        assert session.exec(select(AnonymousNote.id)).all() == [made]


def test_an_organiser_answers_and_somebody_asks_the_owner(
    engines: Engines, world: World, run: Run
) -> None:
    made = run(world.people.bob, dissent.record_dissent, world.draft())
    with pytest.raises(Forbidden):
        run(world.people.bob, responses.respond, made, STANDS)
    run(world.people.alice, responses.respond, made, STANDS)
    found = entry(engines, world.people.bob, made)
    [answer] = found.answers
    assert (answer.outcome, answer.rationale, answer.by) == (
        Outcome.STANDS,
        "The rent is not in our hands.",
        "Alice",
    )
    assert found.state is DissentState.NOT_ASKED
    run(world.people.bob, responses.note_asked, made)
    assert entry(engines, world.people.bob, made).state is DissentState.ASKED
    with pytest.raises(ConveningError) as error:
        run(world.people.bob, responses.note_asked, made)
    assert error.value.code == "dissent_not_to_ask"


def test_an_answer_can_be_written_anew_until_its_owner_was_asked(
    engines: Engines, world: World, run: Run
) -> None:
    made = run(world.people.bob, dissent.record_dissent, world.draft())
    run(world.people.alice, responses.respond, made, STANDS)
    better = ResponseDraft(Outcome.STANDS, "Better words", version=1)
    run(world.people.alice, responses.respond, made, better)
    [answer] = entry(engines, world.people.bob, made).answers
    assert (answer.rationale, answer.round) == ("Better words", 1)
    with pytest.raises(ConveningError) as stale:
        run(world.people.alice, responses.respond, made, better)
    assert stale.value.code == "changed_meanwhile"
    run(world.people.bob, responses.note_asked, made)
    with pytest.raises(ConveningError) as asked:
        run(world.people.alice, responses.respond, made, STANDS)
    assert asked.value.code == "dissent_is_asked"


def test_only_a_later_version_that_others_have_seen_takes_a_view_up(
    engines: Engines, world: World, run: Run
) -> None:
    made = run(world.people.bob, dissent.record_dissent, world.draft(version_id=world.versions[0]))
    for version_id in (world.versions[0], world.versions[2]):
        draft = ResponseDraft(Outcome.INCORPORATED, version_id=version_id)
        with pytest.raises(Invalid) as error:
            run(world.people.alice, responses.respond, made, draft)
        assert codes(error) == [("version_not_later", "version")]
    taken_up = ResponseDraft(Outcome.INCORPORATED, version_id=world.versions[1])
    run(world.people.alice, responses.respond, made, taken_up)
    [answer] = entry(engines, world.people.bob, made).answers
    assert (answer.version_id, answer.number) == (world.versions[1], 2)


@pytest.mark.parametrize(
    ("draft", "problems"),
    [
        (ResponseDraft(Outcome.STANDS, " "), [("required", "rationale")]),
        (ResponseDraft(Outcome.INCORPORATED), [("required", "version")]),
        (ResponseDraft(Outcome.WITHDRAWN), [("withdrawn_by_owner_alone", "outcome")]),
    ],
)
def test_what_an_answer_lacks(
    world: World, run: Run, draft: ResponseDraft, problems: list[tuple[str, str]]
) -> None:
    made = run(world.people.bob, dissent.record_dissent, world.draft())
    with pytest.raises(Invalid) as error:
        run(world.people.alice, responses.respond, made, draft)
    assert codes(error) == problems


def test_the_owner_says_no_twice_and_two_people_sign(
    engines: Engines, world: World, run: Run
) -> None:
    made = owned(engines, world)
    for state in (DissentState.REOPENED, DissentState.UNSIGNED):
        run(world.people.alice, responses.respond, made, STANDS)
        assert entry(engines, world.people.alice, made).state is DissentState.ASKED
        run(world.people.bob, responses.note_reply, made, False)
        assert entry(engines, world.people.alice, made).state is state
    with pytest.raises(ConveningError) as own:
        run(world.people.bob, responses.sign, made)
    assert own.value.code == "owner_cannot_sign"
    run(world.people.alice, responses.sign, made)
    with pytest.raises(ConveningError) as again:
        run(world.people.alice, responses.sign, made)
    assert again.value.code == "already_signed"
    run(world.kim, responses.sign, made)
    found = entry(engines, world.people.alice, made)
    assert (found.state, found.signed_by) == (DissentState.STILL_NO, ("Alice", "Kim"))
    with pytest.raises(ConveningError) as closed:
        run(world.people.alice, responses.respond, made, STANDS)
    assert closed.value.code == "dissent_is_closed"


def test_the_owner_replies_with_their_account_and_nobody_for_them(
    engines: Engines, world: World, run: Run
) -> None:
    made = owned(engines, world)
    run(world.people.alice, responses.respond, made, STANDS)
    with pytest.raises(ConveningError) as error:
        run(world.kim, responses.note_reply, made, True)
    assert error.value.code == "owner_replies_alone"
    run(world.people.bob, responses.note_reply, made, True)
    found = entry(engines, world.people.bob, made)
    assert (found.state, found.person, found.own) == (DissentState.CONFIRMED, "Bob", True)
    assert found.answers[0].through is ReplyChannel.ACCOUNT


def test_the_facilitator_notes_a_reply_and_the_organiser_does_not(
    engines: Engines, world: World, run: Run
) -> None:
    made = run(world.people.bob, dissent.record_dissent, world.draft())
    with pytest.raises(ConveningError) as early:
        run(world.people.bob, responses.note_reply, made, True)
    assert early.value.code == "cannot_reply"
    run(world.people.alice, responses.respond, made, STANDS)
    with pytest.raises(Forbidden):
        run(world.people.alice, responses.note_reply, made, True)
    run(world.people.bob, responses.note_reply, made, True)
    found = entry(engines, world.people.alice, made)
    assert found.state is DissentState.CONFIRMED
    assert found.answers[0].through is ReplyChannel.FACILITATOR


def test_silence_for_seven_days_closes_a_view_and_a_late_reply_still_counts(
    engines: Engines, world: World, run: Run
) -> None:
    made = run(world.people.bob, dissent.record_dissent, world.draft())
    run(world.people.alice, responses.respond, made, STANDS)
    run(world.people.bob, responses.note_asked, made)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        row = session.exec(select(DissentResponse)).one()
        assert row.asked_at is not None
        row.asked_at -= timedelta(days=7)
    assert entry(engines, world.people.alice, made).state is DissentState.NO_REPLY
    run(world.people.bob, responses.note_reply, made, False)
    assert entry(engines, world.people.alice, made).state is DissentState.REOPENED


def test_what_was_said_when_a_version_was_adopted_stays(
    engines: Engines, world: World, run: Run
) -> None:
    made = run(world.people.bob, dissent.record_dissent, world.draft())
    run(world.people.alice, responses.respond, made, STANDS)
    run(world.people.bob, responses.note_reply, made, True)
    build(engines, dissent_world.adopted, world.versions[1])
    with pytest.raises(ConveningError) as error:
        run(world.people.bob, responses.note_reply, made, False)
    assert error.value.code == "cannot_reply"


def test_a_view_is_withdrawn_by_its_owner_alone(engines: Engines, world: World, run: Run) -> None:
    made = owned(engines, world)
    for actor in (world.people.alice, world.kim):
        with pytest.raises(ConveningError) as error:
            run(actor, responses.withdraw, made)
        assert error.value.code == "withdrawn_by_owner_alone"
    run(world.people.bob, responses.withdraw, made)
    found = entry(engines, world.people.alice, made)
    assert (found.state, found.answers[0].through) == (
        DissentState.WITHDRAWN,
        ReplyChannel.ACCOUNT,
    )


def test_a_wrong_entry_is_struck_through_with_a_reason(
    engines: Engines, world: World, run: Run
) -> None:
    made = run(world.people.bob, dissent.record_dissent, world.draft())
    with pytest.raises(Forbidden):
        run(world.people.alice, dissent.strike, made, "Not said like that")
    with pytest.raises(Invalid) as error:
        run(world.people.bob, dissent.strike, made, " ")
    assert codes(error) == [("required", "reason")]
    run(world.people.bob, dissent.strike, made, "Not said like that")
    found = entry(engines, world.people.alice, made)
    assert (found.state, found.struck_because) == (DissentState.STRUCK, "Not said like that")
    assert found.statement == "Rents rise"


def test_what_a_version_was_adopted_with_is_not_struck_through(
    engines: Engines, world: World, run: Run
) -> None:
    made = run(world.people.bob, dissent.record_dissent, world.draft())
    run(world.people.alice, responses.respond, made, STANDS)
    build(engines, dissent_world.adopted, world.versions[1])
    with pytest.raises(ConveningError) as error:
        run(world.people.bob, dissent.strike, made, "Not said like that")
    assert error.value.code == "dissent_is_sealed"
    assert not entry(engines, world.people.alice, made).struck_because


def test_an_answered_view_is_not_taken_back_with_a_tap(world: World, run: Run) -> None:
    made = run(world.people.bob, dissent.record_dissent, world.draft())
    run(world.people.alice, responses.respond, made, STANDS)
    with pytest.raises(ConveningError) as error:
        run(world.people.bob, dissent.take_back, made, "A slip")
    assert error.value.code == "not_to_take_back"


def test_the_owner_agrees_to_the_wording_by_themselves_or_to_the_facilitator(
    engines: Engines, world: World, run: Run
) -> None:
    logged = run(world.people.bob, dissent.record_dissent, world.draft())
    with pytest.raises(Forbidden):
        run(world.people.alice, dissent.consent_to_publish, logged, True)
    run(world.people.bob, dissent.consent_to_publish, logged, True)
    assert entry(engines, world.people.alice, logged).agreed_to_publish is True
    own = owned(engines, world)
    with pytest.raises(ConveningError) as error:
        run(world.kim, dissent.consent_to_publish, own, True)
    assert error.value.code == "owner_replies_alone"
    run(world.people.bob, dissent.consent_to_publish, own, False)
    assert entry(engines, world.people.alice, own).agreed_to_publish is False


def test_a_note_is_answered_once_it_is_released(engines: Engines, world: World, run: Run) -> None:
    note = build(engines, dissent_world.note, world)
    run(world.people.alice, responses.respond, note, STANDS)
    found = entry(engines, world.people.alice, note)
    assert (found.state, found.anonymous) == (DissentState.ASKED, True)
    with pytest.raises(ConveningError) as error:
        run(world.people.bob, responses.note_reply, note, True)
    assert error.value.code == "owner_replies_alone"


def test_nobody_deletes_what_dissent_hangs_on(world: World, run: Run) -> None:
    run(world.people.bob, dissent.record_dissent, world.draft())
    for command, subject, code in (
        (convenings.delete_convening, world.convening_id, "holds_dissent"),
        (initiatives.delete_initiative, world.initiative_id, "holds_dissent"),
        (definitions.delete_definition, world.definition_id, "definition_was_seen"),
    ):
        with pytest.raises(ConveningError) as error:
            run(world.people.alice, command, subject)
        assert error.value.code == code


def test_a_convening_whose_room_was_opened_is_not_deleted(
    engines: Engines, world: World, run: Run
) -> None:
    build(engines, dissent_world.room, world.convening_id, state=RoomState.CLOSED)
    with pytest.raises(ConveningError) as error:
        run(world.people.alice, convenings.delete_convening, world.convening_id)
    assert error.value.code == "holds_dissent"


def test_a_sample_can_go_with_its_dissent(engines: Engines, world: World, run: Run) -> None:
    run(world.people.bob, dissent.record_dissent, world.draft())
    build(engines, _make_sample, world.initiative_id)
    run(world.people.alice, initiatives.delete_initiative, world.initiative_id)
    with transaction.reading(engines) as session:
        assert session.exec(select(DissentingView)).all() == []


def _make_sample(session: Session, initiative_id: int) -> None:
    session.get_one(Initiative, initiative_id).sample = True
