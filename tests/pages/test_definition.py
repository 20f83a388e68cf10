"""The definition screen: writing, opening, comparing and adopting versions, and what each may."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import streamlit as st
from sqlmodel import Session
from streamlit.testing.v1 import AppTest

from convening.definitions import Definition, DefinitionDraft, EvidenceDraft, VersionDraft
from convening.vocabulary import (
    DefinitionField,
    DefinitionKind,
    EvidenceKind,
    Group,
    Language,
    NoteState,
    Outcome,
    Role,
    RoomState,
    Strength,
    VersionState,
)
from db.base import now
from db.commands import definitions as commands
from db.queries import accounts
from db.queries import definitions as queries
from db.tables.accounts import TeamMembership
from db.tables.room import Room
from db.tables.understanding import AnonymousNote, DissentingView, DissentResponse
from tests import builders
from tests.builders import People
from tests.pages.site import Site

FIRST = {DefinitionField.STATEMENT: "The square is neglected."}
SECOND = {
    DefinitionField.STATEMENT: "The square is too dear.",
    DefinitionField.SCOPE: "The old quarter",
}


@pytest.fixture
def people(site: Site, monkeypatch: pytest.MonkeyPatch) -> People:
    # a link to another screen needs the navigation, which only the frame builds
    monkeypatch.setattr(st, "page_link", lambda _page, *, label, **_rest: st.markdown(label))
    with site.writing() as session:
        found = builders.people(session)
    site.sign_in(found.alice)
    return found


@pytest.fixture
def definition_id(site: Site, people: People) -> int:
    """With a first version in discussion."""
    with site.writing() as session:
        made = commands.create_definition(
            session, people.alice, DefinitionDraft(people.initiative_id, "The square")
        )
        commands.write_version(session, people.alice, VersionDraft(1, None, FIRST))
        commands.open_version(session, people.alice, 1)
        return made


@pytest.fixture
def second(site: Site, people: People, definition_id: int) -> int:
    """The second version, in discussion."""
    with site.writing() as session:
        made = commands.new_version(session, people.alice, definition_id)
        draft = VersionDraft(made, None, SECOND, "The rent", "Tenants came")
        commands.write_version(session, people.alice, draft)
        return commands.open_version(session, people.alice, made)


def opened(site: Site, people: People, **url: str) -> AppTest:
    return site.run("definition", url=url, chosen_initiative=people.initiative_id)


def stored(site: Site, people: People) -> list[Definition]:
    with site.reading() as session:
        return queries.listing(session, people.alice, people.initiative_id)


def said(screen: AppTest) -> str:
    """Everything that the screen says in sentences."""
    every = (screen.title, screen.header, screen.subheader, screen.markdown, screen.text)
    parts = [each.value for kind in (*every, screen.caption, screen.warning) for each in kind]
    found = "\n".join(parts)
    for mark in ("\\", "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}", "&#46;"):
        found = found.replace(mark, "")
    return found


def keys(screen: AppTest) -> set[str]:
    return {each.key for each in screen.button if each.key}


def view(session: Session, version_id: int, statement: str = "The rent will rise.") -> int:
    row = DissentingView(
        uuid=f"{statement}-{version_id}",
        version_id=version_id,
        strength=Strength.OBJECTION.value,
        statement=statement,
        reason="It did next door.",
        attribution="group_only",
        groups=[Group.STEWARD.value],
    )
    session.add(row)
    session.flush()
    return row.key


def stand(session: Session, view_id: int) -> None:
    """A response that lets the view stand; its owner was asked eight days ago."""
    asked = now() - timedelta(days=8)
    session.add(
        DissentResponse(
            view_id=view_id,
            outcome=Outcome.STANDS.value,
            rationale="Deliveries need it.",
            asked_at=asked,
        )
    )
    session.flush()


def create_dialog(initiative_id: int) -> None:
    from pages.components import definition_manage, language

    definition_manage.create(initiative_id, language.translator())


def adopt_dialog(initiative_id: int) -> None:
    from db import queries
    from pages.components import definition_adopt, definition_desk, language, store

    [definition] = store.read(queries.definitions.listing, initiative_id)
    definition_adopt.ask(
        definition_desk.Desk(
            store.read(queries.initiatives.initiative, initiative_id),
            definition,
            definition.versions[-1],
            tuple(store.read(queries.dissent.of_definition, definition.id)),
            True,
            True,
        ),
        language.translator(),
    )


def dialog(component: Callable[[int], None], initiative_id: int) -> AppTest:
    """A dialog that stands open, as in the browser while only its own part runs again."""
    test = AppTest.from_function(component, default_timeout=30, args=(initiative_id,)).run()
    assert not test.exception, test.exception
    return test


def test_without_a_definition_the_screen_says_what_it_is_for(site: Site, people: People) -> None:
    screen = opened(site, people)
    assert screen.header[0].value == "No shared definition yet"
    assert keys(screen) == {"definition_first"}
    site.sign_in(people.bob)
    screen = opened(site, people)
    assert screen.text[0].value == "The organisers have not started one yet."
    assert keys(screen) == set()


def test_a_new_definition_opens_to_be_written(site: Site, people: People) -> None:
    form = dialog(create_dialog, people.initiative_id)
    form.text_input(key="definition_title").input("Rent")
    form.selectbox(key="definition_kind").select(DefinitionKind.OPPORTUNITY)
    form.button[0].click().run()
    [found] = stored(site, people)
    assert (found.title, found.kind) == ("Rent", DefinitionKind.OPPORTUNITY)
    asked = {name: form.query_params[name] for name in ("definition", "version", "edit")}
    assert asked == {"definition": str(found.id), "version": "1", "edit": "1"}


def test_a_draft_is_written_and_kept_incomplete(site: Site, people: People) -> None:
    with site.writing() as session:
        commands.create_definition(
            session, people.alice, DefinitionDraft(people.initiative_id, "Rent")
        )
    screen = opened(site, people, edit="1")
    assert "editor_changed" not in {each.key for each in screen.text_area}
    screen.text_area(key="editor_scope").input("The old quarter")
    screen.button(key="editor_save").click().run()
    assert not screen.exception
    [found] = stored(site, people)
    assert found.versions[0].text[DefinitionField.SCOPE] == "The old quarter"
    assert found.versions[0].state is VersionState.DRAFT
    assert screen.text_area(key="editor_scope").value == "The old quarter"
    screen.text_area(key="editor_statement").input("Tenants cannot stay.")
    screen.button(key="editor_save_back").click().run()
    assert [each.value for each in screen.subheader][:2] == ["Statement", "Scope"]


def test_a_text_that_is_too_long_names_its_part(site: Site, people: People) -> None:
    with site.writing() as session:
        commands.create_definition(
            session, people.alice, DefinitionDraft(people.initiative_id, "Rent")
        )
    screen = opened(site, people, edit="1")
    screen.text_area(key="editor_scope").input("x" * 5001)
    screen.button(key="editor_save").click().run()
    assert screen.error[0].value.startswith("Scope\\: ")
    assert screen.text_area(key="editor_scope").value == "x" * 5001


def test_a_second_editor_of_another_part_loses_nothing(
    site: Site, people: People, definition_id: int
) -> None:
    with site.writing() as session:
        made = commands.new_version(session, people.alice, definition_id)
    screen = opened(site, people, edit="2")
    with site.writing() as session:
        theirs = VersionDraft(made, None, {**FIRST, DefinitionField.KNOWN: "Rents rose."})
        commands.write_version(session, people.alice, theirs)
    screen.text_area(key="editor_scope").input("The old quarter")
    screen.button(key="editor_save_back").click().run()
    assert not screen.exception
    [found] = stored(site, people)
    text = found.versions[-1].text
    assert text[DefinitionField.KNOWN] == "Rents rose."
    assert text[DefinitionField.SCOPE] == "The old quarter"


def test_two_editors_of_the_same_part_choose(
    site: Site, people: People, definition_id: int
) -> None:
    with site.writing() as session:
        made = commands.new_version(session, people.alice, definition_id)
    screen = opened(site, people, edit="2")
    with site.writing() as session:
        theirs = VersionDraft(made, None, {DefinitionField.STATEMENT: "The square is dark."})
        commands.write_version(session, people.alice, theirs)
    screen.text_area(key="editor_statement").input("The square is dear.")
    screen.button(key="editor_save_back").click().run()
    assert not screen.exception
    assert "Text: Statement" in said(screen)
    assert "The square is dark." in said(screen)
    assert stored(site, people)[0].versions[-1].text[DefinitionField.STATEMENT] == (
        "The square is dark."
    )


@pytest.mark.usefixtures("second")
def test_the_screen_says_where_it_stands_and_reads_the_words(site: Site, people: People) -> None:
    screen = opened(site, people)
    assert "Version 2 has been in discussion since" in said(screen)
    assert "Nobody has dissented so far. Who would see it otherwise?" in said(screen)
    assert "The square is too dear." in said(screen)
    assert "Not written: Who is affected, What is strong already" in said(screen)
    assert {"definition_primary", "definition_adopt"} <= keys(screen)


@pytest.mark.usefixtures("definition_id")
def test_the_next_version_starts_from_the_words_of_the_last(site: Site, people: People) -> None:
    screen = opened(site, people)
    screen.button(key="definition_primary").click().run()
    assert not screen.exception
    assert screen.text_area(key="editor_statement").value == "The square is neglected."
    assert {"editor_changed", "editor_why"} <= {each.key for each in screen.text_area}


def test_a_draft_says_what_it_needs_before_others_discuss_it(
    site: Site, people: People, definition_id: int
) -> None:
    with site.writing() as session:
        commands.new_version(session, people.alice, definition_id)
    screen = opened(site, people, version="2")
    screen.button(key="definition_open").click().run()
    assert screen.warning[0].value.replace("\\", "") == (
        "Before others can discuss it, it needs: What changed and Why."
    )
    assert "definition_open_yes" not in keys(screen)


@pytest.mark.usefixtures("second")
def test_what_changed_shows_word_by_word_in_both_layouts(site: Site, people: People) -> None:
    screen = opened(site, people, version="2", show="changes")
    [statement, scope] = [each.proto.body for each in screen.get("html")]
    assert statement == (
        '<p class="word-diff" dir="ltr">The square is <del><span><b>−</b>neglected</span></del>'
        "<ins><span><b>+</b>too</span> dear</ins>.</p>"
    )
    assert "The rent" in said(screen)
    assert "Why: Tenants came" in said(screen)
    assert scope.startswith('<p class="word-diff" dir="ltr"><ins>')
    screen.segmented_control(key="compare_how").select("sides").run()
    assert not screen.exception
    assert [each.proto.body.count("<del>") for each in screen.get("html")] == [1, 0, 0]


@pytest.mark.usefixtures("second")
def test_any_two_versions_can_be_compared(site: Site, people: People) -> None:
    screen = opened(site, people, version="1", show="changes")
    [to] = [each for each in screen.selectbox if (each.key or "").startswith("compare_to")]
    to.select(1).run()
    assert "Both versions say the same." in said(screen)
    assert "Why: Tenants came" not in said(screen)  # it is the second one's


@pytest.mark.usefixtures("second")
def test_a_later_version_beside_an_earlier_one_gives_no_reason(site: Site, people: People) -> None:
    screen = opened(site, people, version="2", show="changes")
    for name, number in (("from", 2), ("to", 1)):
        [box] = [e for e in screen.selectbox if (e.key or "").startswith(f"compare_{name}")]
        box.select(number).run()
    assert screen.get("html")
    assert "Why: Tenants came" not in said(screen)


@pytest.mark.usefixtures("second")
def test_every_version_is_listed_with_what_changed_and_why(site: Site, people: People) -> None:
    screen = opened(site, people, show="history")
    assert [each.value for each in screen.subheader] == ["Version 2", "Version 1"]
    assert "Written by Alice" in said(screen)
    screen.button(key="version_read_1").click().run()
    assert screen.query_params["version"] == "1"
    assert "The square is neglected." in said(screen)


def test_evidence_shows_whose_knowledge_is_there_and_whose_is_missing(
    site: Site, people: People, definition_id: int
) -> None:
    with site.writing() as session:
        draft = EvidenceDraft(definition_id, "Rents", EvidenceKind.DATA, groups=frozenset(Group))
        only = EvidenceDraft(
            definition_id,
            "Talks",
            EvidenceKind.LIVED_EXPERIENCE,
            groups=frozenset({Group.STEWARD}),
        )
        commands.add_evidence(session, people.alice, only)
    assert "Nothing rests on the knowledge of: gateways and influencers." in said(
        opened(site, people)
    )
    with site.writing() as session:
        commands.add_evidence(session, people.alice, draft)
    assert "Knowledge of every group is in it." in said(opened(site, people))


def test_adoption_is_refused_while_a_view_is_open_and_a_note_is_held(
    site: Site, people: People, second: int
) -> None:
    with site.writing() as session:
        meeting = builders.convening(session, builders.stage(session, people.initiative_id))
        view(session, 1)
        session.add(
            AnonymousNote(
                id="n1",
                convening_id=meeting,
                version_id=second,
                strength=Strength.CONCERN.value,
                text="A secret word",
                receipt_hash="r1",
                state=NoteState.HELD.value,
            )
        )
    asked = dialog(adopt_dialog, people.initiative_id)
    assert asked.warning[0].value == (
        "It cannot be adopted yet: 2 dissenting views are still open."
    )
    words = said(asked)
    assert "Objection · somebody of: ● stewards · The rent will rise." in words
    assert "It waits for a response." in words
    assert "One note has not been released yet." in words
    assert "A secret word" not in words
    assert "definition_adopt_yes" not in keys(asked)


def test_while_people_in_a_room_can_dissent_the_dialog_says_so_and_counts_nothing(
    site: Site, people: People, second: int
) -> None:
    with site.writing() as session:
        stage = builders.stage(session, people.initiative_id)
        meeting = builders.convening(session, stage, "Evening")
        session.add(Room(convening_id=meeting, version_id=second, state=RoomState.OPEN.value))
        view(session, 1)
    asked = dialog(adopt_dialog, people.initiative_id)
    assert len(asked.warning) == 1
    assert "the room of Evening is open" in said(asked)
    assert "dissenting view" not in said(asked)
    assert "note" not in said(asked)
    assert "definition_adopt_yes" not in keys(asked)


@pytest.mark.usefixtures("second")
def test_adoption_in_a_convening_before_the_version_is_asked_about(
    site: Site, people: People
) -> None:
    before = datetime.now(UTC) - timedelta(days=9)
    with site.writing() as session:
        stage = builders.stage(session, people.initiative_id)
        meeting = builders.convening(session, stage, starts_at=before)
        stand(session, view(session, 1))
    asked = dialog(adopt_dialog, people.initiative_id)
    assert asked.selectbox(key="definition_adopted_in").value is None
    asked.selectbox(key="definition_adopted_in").select(meeting).run()
    assert "Was it adopted there?" in said(asked)


@pytest.mark.usefixtures("second")
def test_adoption_in_a_convening_to_come_is_asked_about(site: Site, people: People) -> None:
    with site.writing() as session:
        stage = builders.stage(session, people.initiative_id)
        later = datetime.now(UTC) + timedelta(days=9)
        meeting = builders.convening(session, stage, starts_at=later)
        stand(session, view(session, 1))
    asked = dialog(adopt_dialog, people.initiative_id)
    asked.selectbox(key="definition_adopted_in").select(meeting).run()
    assert "still to come" in said(asked)


@pytest.mark.usefixtures("second")
def test_a_version_is_adopted_in_a_convening_with_the_view_that_stands(
    site: Site, people: People
) -> None:
    with site.writing() as session:
        meeting = builders.convening(session, builders.stage(session, people.initiative_id))
        stand(session, view(session, 1))
    asked = dialog(adopt_dialog, people.initiative_id)
    assert "One dissenting view stands. It is published with the definition: in its" in said(asked)
    asked.button(key="definition_adopt_yes").click().run()
    assert "fill this in" in asked.error[0].value
    asked.selectbox(key="definition_adopted_in").select(meeting)
    asked.button(key="definition_adopt_yes").click().run()
    assert not asked.exception
    [found] = stored(site, people)
    version = found.versions[-1]
    assert (version.state, version.adopted_by, version.adopted_in) == (
        VersionState.ADOPTED,
        "Alice",
        "Workshop",
    )
    screen = opened(site, people)
    words = said(screen)
    assert "in “Workshop”" in words
    assert "Dissenting views that stand" in words
    assert "The rent will rise." in words
    assert "Response: Deliveries need it." in words
    assert "did not reply within seven days" in words
    assert "Nobody has agreed yet to these words being published." in words


@pytest.mark.usefixtures("definition_id")
def test_several_definitions_stand_side_by_side(site: Site, people: People) -> None:
    with site.writing() as session:
        other = commands.create_definition(
            session, people.alice, DefinitionDraft(people.initiative_id, "The market")
        )
    screen = opened(site, people)
    assert screen.header[0].value == "The square"
    [which] = [s for s in screen.selectbox if (s.key or "").startswith("definition_which")]
    which.select(other).run()
    assert screen.header[0].value == "The market"
    assert screen.query_params["definition"] == str(other)


@pytest.mark.usefixtures("second")
def test_the_facilitator_reads_and_changes_nothing(site: Site, people: People) -> None:
    site.sign_in(people.bob)
    screen = opened(site, people)
    assert "The square is too dear." in said(screen)
    assert keys(screen) & {"definition_primary", "definition_adopt", "evidence_add"} == set()
    screen = opened(site, people, edit="2")
    assert len(screen.text_area) == 0


@pytest.mark.usefixtures("second")
def test_the_keeper_of_dissent_reads_it_too(site: Site, people: People) -> None:
    with site.writing() as session:
        keeper = builders.user(session, "Kamal", Role.KEEPER)
        session.add(TeamMembership(initiative_id=people.initiative_id, user_id=keeper))
        session.flush()
        actor = accounts.actor(session, keeper)
    site.sign_in(actor)
    assert "The square is too dear." in said(opened(site, people))


@pytest.mark.usefixtures("second")
def test_a_stranger_learns_nothing(site: Site, people: People) -> None:
    site.sign_in(people.charlie)
    screen = opened(site, people)
    assert "The square is too dear." not in said(screen)
    assert screen.info[0].value == "There is no such initiative here\\."


@pytest.mark.usefixtures("second")
def test_it_speaks_arabic(site: Site, people: People) -> None:
    site.speak(Language.ARABIC)
    site.at(datetime(2026, 3, 2, 12, 0, tzinfo=UTC))
    screen = opened(site, people, version="2", show="changes")
    assert "تسبق العلامة − ما حُذف، والعلامة + ما أُضيف." in said(screen)
