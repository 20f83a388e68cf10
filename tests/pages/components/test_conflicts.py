"""Two editors on one record: what is asked, what is taken over, and that nothing typed is lost."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from convening import drafts
from convening.agenda import BlockDraft
from convening.community import PersonDraft
from convening.roles import Actor
from convening.vocabulary import Language, Relationship
from db import transaction
from db.commands import agenda, community
from db.queries import agenda as blocks
from db.queries import people as persons
from db.tables import community as table
from pages.components import store
from tests import builders
from tests.builders import People
from tests.pages.site import Site


def block_dialog(meeting_id: int) -> None:
    from db import queries
    from pages.components import agenda_editor, language, store

    found = store.read(queries.agenda.blocks, meeting_id)
    if found:
        agenda_editor.edit(found[0], language.translator())


def person_dialog(person_id: int) -> None:
    from pages.components import community_person, language

    community_person.show(person_id, True, language.translator())


def dialog(component: Callable[[int], None], row_id: int) -> AppTest:
    test = AppTest.from_function(component, default_timeout=30, args=(row_id,)).run()
    assert not test.exception, test.exception
    return test


@pytest.fixture
def people(site: Site) -> People:
    with site.writing() as session:
        found = builders.people(session)
        builders.convening(session, builders.stage(session, found.initiative_id))
    site.sign_in(found.alice)
    return found


@pytest.fixture
def block(site: Site, people: People) -> int:
    draft = BlockDraft(1, title="Arriving", goal="Meet each other. Then begin.", lead="Noor")
    return int(do(site, people.alice, agenda.add_block, draft))


def do(site: Site, actor: Actor, command: Callable[..., Any], *args: Any) -> Any:
    with transaction.writing(
        site.engines, actor_id=actor.user_id, command=command.__name__
    ) as session:
        return command(session, actor, *args)


def stored(site: Site, people: People) -> BlockDraft:
    with site.reading() as session:
        return drafts.block(blocks.blocks(session, people.alice, 1)[0])


def by_bob(site: Site, people: People, **values: Any) -> None:
    do(site, people.bob, agenda.edit_block, replace(stored(site, people), **values))


def plain(text: str) -> str:
    return re.sub(
        "[\\\\\N{WORD JOINER}\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}]", "", text
    )


def said(screen: AppTest) -> list[str]:
    shown = [*screen.info, *screen.caption, *screen.warning, *screen.error]
    return [plain(each.value) for each in shown]


def press(screen: AppTest, label: str) -> AppTest:
    next(each for each in screen.button if each.label == label).click().run()
    assert not screen.exception, screen.exception
    return screen


def save(screen: AppTest) -> AppTest:
    return press(screen, "Save")


def choose(screen: AppTest, side: str) -> AppTest:
    for each in screen.radio:
        if str(each.key).startswith("conflict_"):
            each.set_value(side)
    return screen.run()


def test_what_only_the_other_changed_is_taken_over_and_said(
    site: Site, people: People, block: int
) -> None:
    screen = dialog(block_dialog, 1)
    by_bob(site, people, lead="Rami", minutes=20)
    screen.text_input(key="block_title").input("Welcome")
    save(screen)
    found = stored(site, people)
    assert (found.title, found.lead, found.minutes, found.version) == ("Welcome", "Rami", 20, 3)
    toast = plain(screen.session_state["_toast"])
    assert re.fullmatch(
        r"Saved \d\d:\d\d\. Bob changed Minutes and Lead meanwhile\. That stays\.", toast
    )
    assert block


def test_both_values_of_a_short_field_stand_to_choose_from(
    site: Site, people: People, block: int
) -> None:
    screen = dialog(block_dialog, 1)
    by_bob(site, people, title="Opening", lead="Rami")
    screen.text_input(key="block_title").input("Welcome")
    screen.number_input(key="block_minutes").set_value(30)
    save(screen)
    assert stored(site, people).title == "Opening"
    (radio,) = screen.radio
    assert (radio.label, radio.value) == ("Title", None)
    assert [plain(each) for each in radio.options] == ["Yours: Welcome", "Bob: Opening"]
    assert re.fullmatch(
        r"Bob saved this at \d\d:\d\d, while you were editing\. "
        r"Nothing is lost: please choose what stays\.",
        said(screen)[0],
    )
    assert "Bob changed Lead meanwhile. That stays." in said(screen)
    assert "Your changes to Minutes stay as well." in said(screen)
    choose(screen, "mine")
    press(screen, "Save the choice")
    found = stored(site, people)
    assert (found.title, found.lead, found.minutes) == ("Welcome", "Rami", 30)
    assert block


def test_nothing_is_saved_before_all_is_chosen(site: Site, people: People, block: int) -> None:
    screen = dialog(block_dialog, 1)
    by_bob(site, people, title="Opening")
    screen.text_input(key="block_title").input("Welcome")
    press(save(screen), "Save the choice")
    assert "Please choose one of the two wherever you are asked." in said(screen)
    assert stored(site, people).title == "Opening"
    choose(screen, "theirs")
    press(screen, "Save the choice")
    assert stored(site, people).title == "Opening"
    assert block


def test_long_texts_stand_side_by_side_and_are_merged_to_work_on(
    site: Site, people: People, block: int
) -> None:
    screen = dialog(block_dialog, 1)
    by_bob(site, people, goal="Meet each other. Then begin together.")
    screen.text_area(key="block_goal").input("Meet each other by name. Then begin.")
    save(screen)
    assert [each.value for each in screen.text] == [
        "Meet each other by name. Then begin.",
        "Meet each other. Then begin together.",
    ]
    merged = next(each for each in screen.text_area if str(each.key).startswith("conflict_"))
    assert merged.value == "Meet each other by name. Then begin together."
    assert "Below, both edits stand in one text. Does it read well?" in said(screen)
    merged.set_value("We meet by name, then begin together.")
    press(screen, "Save the choice")
    assert stored(site, people).goal == "We meet by name, then begin together."
    assert block


def test_a_sentence_that_both_changed_stands_twice(site: Site, people: People, block: int) -> None:
    screen = dialog(block_dialog, 1)
    by_bob(site, people, goal="Meet each other. Then rest.")
    screen.text_area(key="block_goal").input("Meet each other. Then work.")
    save(screen)
    merged = next(each for each in screen.text_area if str(each.key).startswith("conflict_"))
    assert merged.value == "Meet each other. Then work.\nThen rest."
    assert "Both of you changed the same sentences. They stand below twice, yours first." in said(
        screen
    )
    assert block


def test_a_third_editor_in_between_is_met_with_what_was_chosen(
    site: Site, people: People, block: int
) -> None:
    screen = dialog(block_dialog, 1)
    by_bob(site, people, title="Opening")
    screen.text_input(key="block_title").input("Welcome")
    screen.text_area(key="block_goal").input("My goal.")
    choose(save(screen), "mine")
    by_bob(site, people, title="Beginning", materials="Paper")
    press(screen, "Save the choice")
    assert "It was saved once more while you were choosing." in said(screen)[1] + said(screen)[0]
    (radio,) = [each for each in screen.radio if each.value is None]
    assert [plain(each) for each in radio.options] == ["Yours: Welcome", "Bob: Beginning"]
    choose(screen, "mine")
    press(screen, "Save the choice")
    found = stored(site, people)
    assert (found.title, found.goal, found.materials) == ("Welcome", "My goal.", "Paper")
    assert block


def test_going_back_to_the_fields_finds_everything_typed(
    site: Site, people: People, block: int
) -> None:
    screen = dialog(block_dialog, 1)
    by_bob(site, people, title="Opening")
    screen.text_input(key="block_title").input("Welcome")
    screen.text_area(key="block_materials").input("Chalk")
    press(save(screen), "Back to the fields")
    assert not screen.radio
    assert screen.text_input(key="block_title").value == "Welcome"
    assert screen.text_area(key="block_materials").value == "Chalk"
    choose(save(screen), "mine")
    press(screen, "Save the choice")
    assert (stored(site, people).title, stored(site, people).materials) == ("Welcome", "Chalk")
    assert block


def test_what_stands_in_the_way_is_told_and_the_choice_stays(
    site: Site, people: People, block: int
) -> None:
    screen = dialog(block_dialog, 1)
    by_bob(site, people, goal="Other.")
    screen.text_area(key="block_goal").input("Mine.")
    save(screen)
    merged = next(each for each in screen.text_area if str(each.key).startswith("conflict_"))
    merged.set_value("x" * 3000)
    press(screen, "Save the choice")
    assert any("3,000" in each for each in said(screen))
    merged = next(each for each in screen.text_area if str(each.key).startswith("conflict_"))
    assert merged.value == "x" * 3000
    assert block


def test_what_was_typed_into_something_deleted_is_there_to_copy(
    site: Site, people: People, block: int
) -> None:
    found = stored(site, people)
    screen = AppTest.from_function(gone_editor, default_timeout=30, args=(found.id,)).run()
    do(site, people.bob, agenda.delete_block, block)
    screen.text_input(key="typed_title").input("Welcome")
    save(screen)
    assert re.fullmatch(
        r"Bob deleted this at \d\d:\d\d, so there is nothing left to save it in\.",
        plain(screen.warning[0].value),
    )
    assert screen.code[0].value == "Title: Welcome"


def gone_editor(block_id: int) -> None:
    """An editor over a record that is read once, as a dialog holds it."""
    import streamlit as st

    from convening.agenda import BlockDraft
    from db import queries
    from db.commands import agenda
    from pages.components import conflicts, language, store

    t = language.translator()

    def read() -> BlockDraft:
        from convening import drafts

        found = store.read(queries.agenda.blocks, 1)
        return drafts.block(conflicts.one(found, block_id, "block"))

    opened = BlockDraft(1, title="Arriving", id=block_id, version=1)
    editor = conflicts.Editor(
        f"block_{block_id}", "agenda_block", block_id, opened, read, what="block"
    )
    with conflicts.fields(editor):
        title = st.text_input(t("agenda.title"), opened.title, key="typed_title")
        pressed = st.button(t("common.save"))
    draft = BlockDraft(1, title=title, id=block_id, version=1)
    conflicts.submit(editor, pressed, agenda.edit_block, draft, t=t)


def test_the_choice_is_asked_in_arabic_too(site: Site, people: People) -> None:
    site.speak(Language.ARABIC)
    amina = do(site, people.alice, community.add_person, people.initiative_id, PersonDraft("أمينة"))
    screen = dialog(person_dialog, amina)
    with site.reading() as session:
        now = drafts.person(persons.person_in_full(session, people.alice, amina))
    theirs = replace(now, place="إربد", relationship=Relationship.ESTABLISHED)
    do(site, people.alice, community.edit_person, theirs)
    screen.text_input(key=f"person_{amina}_place").input("عمّان")
    screen.button(key="person_save").click().run()
    radio = next(each for each in screen.radio if str(each.key).startswith("conflict_"))
    assert radio.label == "المكان"
    assert [plain(each) for each in radio.options] == ["قيمتك: عمّان", "Alice: إربد"]
    radio.set_value("mine").run()
    press(screen, "حفظ الاختيار")
    with site.reading() as session:
        row = session.exec(select(table.Stakeholder)).one()
    assert (row.place, row.relationship) == ("عمّان", "established")


def test_an_edit_that_always_comes_first_ends_in_a_sentence(
    site: Site, people: People, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = dialog(block_dialog, 1)
    write, minutes = store.write, iter(range(20, 100))

    def late(command: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        by_bob(site, people, minutes=next(minutes))
        return write(command, *args, **kwargs)

    monkeypatch.setattr(store, "write", late)
    screen.text_input(key="block_title").input("Welcome")
    save(screen)
    assert [plain(each.value) for each in screen.error] == [
        "Somebody saved this since you opened it. Reload it to see their version."
    ]
    assert screen.text_input(key="block_title").value == "Welcome"
    assert block
