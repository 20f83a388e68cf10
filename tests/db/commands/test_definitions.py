"""Shared definitions: versions that are never overwritten, and what keeps one from adoption."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session

from convening.definitions import DefinitionDraft, EvidenceDraft, VersionDraft
from convening.problems import ConveningError, Forbidden, Invalid, NotFound
from convening.vocabulary import (
    DefinitionField,
    DefinitionKind,
    EvidenceKind,
    Group,
    Outcome,
    Strength,
    VersionState,
)
from db import base, transaction
from db.base import now
from db.commands import adoption, definitions
from db.engine import Engines
from db.queries import definitions as reading
from db.tables.understanding import AnonymousNote, DissentingView, DissentResponse
from tests import builders

STATEMENT = {DefinitionField.STATEMENT: "The square is neglected."}
Write = Callable[..., int]


@pytest.fixture
def people(engines: Engines) -> builders.People:
    with transaction.writing(engines, actor_id=None) as session:
        return builders.people(session)


@pytest.fixture
def write(engines: Engines, people: builders.People) -> Write:
    """``write(command, ...)`` runs a command as Alice in a transaction of its own."""

    def run(command: Callable[..., int], *args: object) -> int:
        with transaction.writing(
            engines, actor_id=people.alice.user_id, command=command.__name__
        ) as session:
            return command(session, people.alice, *args)

    return run


def started(write: Write, people: builders.People) -> tuple[int, int]:
    """A definition and its first version, with a statement."""
    made = write(
        definitions.create_definition, DefinitionDraft(people.initiative_id, " The square ")
    )
    return made, write(definitions.write_version, VersionDraft(1, None, STATEMENT))


def convening(engines: Engines, people: builders.People) -> int:
    with transaction.writing(engines, actor_id=None) as session:
        return builders.convening(session, builders.stage(session, people.initiative_id))


def states(engines: Engines, people: builders.People, definition_id: int) -> list[VersionState]:
    with transaction.reading(engines) as session:
        found = reading.definition(session, people.alice, definition_id)
    return [each.state for each in found.versions]


def test_a_new_definition_has_an_empty_first_draft(
    engines: Engines, people: builders.People, write: Write
) -> None:
    draft = DefinitionDraft(people.initiative_id, "Rent", DefinitionKind.OPPORTUNITY)
    made = write(definitions.create_definition, draft)
    with transaction.reading(engines) as session:
        [found] = reading.listing(session, people.bob, people.initiative_id)
    assert (found.id, found.title, found.kind) == (made, "Rent", DefinitionKind.OPPORTUNITY)
    [version] = found.versions
    assert (version.number, version.state, version.author) == (1, VersionState.DRAFT, "Alice")
    assert set(version.text.values()) == {""}
    assert found.draft == found.current == version


def test_a_version_that_others_have_seen_never_changes(
    people: builders.People, write: Write
) -> None:
    _, version = started(write, people)
    write(definitions.open_version, version)
    with pytest.raises(ConveningError) as caught:
        write(definitions.write_version, VersionDraft(version, None, {}))
    assert (caught.value.code, caught.value.params) == ("version_is_open", {"number": 1})
    with pytest.raises(ConveningError, match="version_is_open"):
        write(definitions.discard_version, version)
    with pytest.raises(ConveningError, match="definition_was_seen"):
        write(definitions.delete_definition, 1)


def test_an_empty_version_is_not_opened(people: builders.People, write: Write) -> None:
    write(definitions.create_definition, DefinitionDraft(people.initiative_id, "Rent"))
    with pytest.raises(Invalid) as caught:
        write(definitions.open_version, 1)
    assert [(each.code, each.field) for each in caught.value.problems] == [
        ("required", "statement")
    ]


def test_the_next_version_starts_from_the_last_and_says_what_changed(
    engines: Engines, people: builders.People, write: Write
) -> None:
    made, first = started(write, people)
    write(definitions.open_version, first)
    second = write(definitions.new_version, made)
    with pytest.raises(ConveningError) as caught:
        write(definitions.new_version, made)
    assert (caught.value.code, caught.value.params) == ("draft_exists", {"number": 2})
    with pytest.raises(Invalid) as missing:
        write(definitions.open_version, second)
    assert [each.field for each in missing.value.problems] == ["changed", "why"]
    words = {DefinitionField.STATEMENT: "Tenants cannot afford to stay."}
    write(definitions.write_version, VersionDraft(second, None, words, "Who pays", "They told us"))
    write(definitions.open_version, second)
    assert states(engines, people, made) == [VersionState.SUPERSEDED, VersionState.IN_DISCUSSION]
    with transaction.reading(engines) as session:
        found = reading.definition(session, people.alice, made)
    assert found.versions[0].text[DefinitionField.STATEMENT] == "The square is neglected."


def test_an_adopted_version_stays_in_force_until_the_next_is_adopted(
    engines: Engines, people: builders.People, write: Write
) -> None:
    made, first = started(write, people)
    meeting = convening(engines, people)
    write(definitions.open_version, first)
    write(adoption.adopt, first, meeting)
    second = write(definitions.new_version, made)
    write(definitions.write_version, VersionDraft(second, None, STATEMENT, "Words", "Clearer"))
    write(definitions.open_version, second)
    assert states(engines, people, made) == [VersionState.ADOPTED, VersionState.IN_DISCUSSION]
    write(adoption.adopt, second, meeting)
    assert states(engines, people, made) == [VersionState.SUPERSEDED, VersionState.ADOPTED]
    with transaction.reading(engines) as session:
        current = reading.definition(session, people.bob, made).current
    assert (current.number, current.adopted_by, current.adopted_in) == (2, "Alice", "Workshop")


def view(session: Session, version_id: int) -> int:
    row = DissentingView(
        uuid=f"v{version_id}",
        version_id=version_id,
        strength=Strength.CONCERN.value,
        statement="The rent will rise.",
        attribution="group_only",
    )
    session.add(row)
    session.flush()
    return row.key


def test_a_version_waits_for_every_view_on_it_and_before_it(
    engines: Engines, people: builders.People, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, first = started(write, people)
    meeting = convening(engines, people)
    write(definitions.open_version, first)
    with transaction.writing(engines, actor_id=None) as session:
        open_view = view(session, first)
        session.add(
            AnonymousNote(
                id="n1",
                convening_id=meeting,
                version_id=first,
                strength=Strength.OBJECTION.value,
                text="Who decided this?",
                receipt_hash="r1",
            )
        )
        session.add(
            AnonymousNote(
                id="n2", convening_id=meeting, version_id=first, text="Thanks", receipt_hash="r2"
            )
        )
    second = write(definitions.new_version, made)
    write(definitions.write_version, VersionDraft(second, None, STATEMENT, "Words", "Clearer"))
    write(definitions.open_version, second)
    with pytest.raises(Invalid) as caught:
        write(adoption.adopt, second, meeting)
    assert [(each.code, each.params) for each in caught.value.problems] == [
        ("dissent_unanswered", {"view": open_view}),
        ("dissent_unanswered", {"view": "n1"}),
    ]
    asked_at = now()
    with transaction.writing(engines, actor_id=None) as session:
        for which in ({"view_id": open_view}, {"note_id": "n1"}):
            session.add(DissentResponse(**which, outcome=Outcome.STANDS.value, asked_at=asked_at))
    with pytest.raises(Invalid) as waiting:
        write(adoption.adopt, second, meeting)
    assert {each.code for each in waiting.value.problems} == {"dissent_still_asked"}
    monkeypatch.setattr(base, "now", lambda: asked_at + timedelta(days=7))
    monkeypatch.setattr(adoption, "now", lambda: asked_at + timedelta(days=7))
    assert write(adoption.adopt, second, meeting) == second


def test_adoption_names_its_convening_of_the_same_initiative(
    engines: Engines, people: builders.People, write: Write
) -> None:
    _, first = started(write, people)
    write(definitions.open_version, first)
    with pytest.raises(Invalid) as caught:
        write(adoption.adopt, first, None)
    assert [(each.code, each.field) for each in caught.value.problems] == [
        ("required", "adopted_in")
    ]
    with transaction.writing(engines, actor_id=None) as session:
        foreign = builders.convening(session, builders.stage(session, people.foreign_id))
    with pytest.raises(NotFound):
        write(adoption.adopt, first, foreign)


def test_a_draft_cannot_be_adopted(engines: Engines, people: builders.People, write: Write) -> None:
    _, first = started(write, people)
    with pytest.raises(ConveningError, match="version_cannot_move"):
        write(adoption.adopt, first, convening(engines, people))


def test_a_second_editor_of_a_draft_is_noticed(people: builders.People, write: Write) -> None:
    _, first = started(write, people)
    write(definitions.write_version, VersionDraft(first, 2, STATEMENT))
    with pytest.raises(ConveningError, match="changed_meanwhile"):
        write(definitions.write_version, VersionDraft(first, 2, STATEMENT))


def test_evidence_says_whose_knowledge_it_is(
    engines: Engines, people: builders.People, write: Write
) -> None:
    made, _ = started(write, people)
    draft = EvidenceDraft(
        made, "Rents", EvidenceKind.DATA, "https://example.org/r", "", frozenset({Group.STEWARD})
    )
    source = write(definitions.add_evidence, draft)
    with transaction.reading(engines) as session:
        [found] = reading.definition(session, people.bob, made).evidence
    assert (found.id, found.title, found.groups) == (source, "Rents", {Group.STEWARD})
    with pytest.raises(Invalid, match="invalid"):
        write(definitions.add_evidence, EvidenceDraft(made, "x", EvidenceKind.DATA, "javascript:1"))
    write(definitions.remove_evidence, source)
    with transaction.reading(engines) as session:
        assert reading.definition(session, people.bob, made).evidence == ()


def test_others_may_not_write_and_strangers_may_not_know(
    engines: Engines, people: builders.People, write: Write
) -> None:
    made, first = started(write, people)
    with transaction.writing(engines, actor_id=None) as session:
        with pytest.raises(Forbidden):
            definitions.new_version(session, people.bob, made)
        for stranger in (people.charlie, people.dana):
            with pytest.raises(NotFound):
                reading.definition(session, stranger, made)
            with pytest.raises(NotFound):
                definitions.open_version(session, stranger, first)
