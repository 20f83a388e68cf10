"""The agenda screen: times from the order, questions back, templates, and who may change it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from convening.agenda import BlockDraft
from convening.vocabulary import BlockFormat, ConveningState, Language
from db import transaction
from db.commands import agenda as commands
from db.queries import agenda as queries
from db.tables import work
from tests import builders
from tests.builders import People
from tests.pages.site import Site

START = datetime(2026, 6, 6, 10, 0, tzinfo=UTC)


@pytest.fixture
def people(site: Site) -> People:
    with site.writing() as session:
        found = builders.people(session)
    site.sign_in(found.alice)
    return found


@pytest.fixture
def meeting_id(site: Site, people: People) -> int:
    """Two hours from 10:00 on Saturday 6 June, UTC."""
    with site.writing() as session:
        stage_id = builders.stage(session, people.initiative_id)
        return builders.convening(session, stage_id, "Design workshop", starts_at=START)


@pytest.fixture
def ids(site: Site, people: People, meeting_id: int) -> list[int]:
    with site.writing() as session:
        return [
            commands.add_block(session, people.alice, BlockDraft(meeting_id, title, minutes))
            for title, minutes in (("Arriving", 15), ("Circle", 60), ("Closing", 15))
        ]


def opened(site: Site, people: People, meeting_id: int) -> AppTest:
    return site.run("agenda", chosen_initiative=people.initiative_id, chosen_convening=meeting_id)


def texts(screen: AppTest) -> str:
    said = "\n".join(each.value for each in screen.markdown)
    return re.sub("[\\\\\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}]", "", said)


def add_dialog(meeting_id: int) -> None:
    from db import queries
    from pages.components import agenda_editor, language, store

    meeting = store.read(queries.convenings.convening, meeting_id)
    agenda_editor.add(meeting, language.translator())


def edit_dialog(meeting_id: int) -> None:
    from db import queries
    from pages.components import agenda_editor, language, store

    block = store.read(queries.agenda.blocks, meeting_id)[0]
    agenda_editor.edit(block, language.translator())


def template_dialog(meeting_id: int) -> None:
    from db import queries
    from pages.components import agenda_template, language, store

    meeting = store.read(queries.convenings.convening, meeting_id)
    blocks = store.read(queries.agenda.blocks, meeting_id)
    agenda_template.choose(meeting, blocks, language.translator())


def dialog(component: Callable[[int], None], meeting_id: int) -> AppTest:
    """A dialog that stands open, as in the browser while only its own part runs again."""
    test = AppTest.from_function(component, default_timeout=30, args=(meeting_id,)).run()
    assert not test.exception, test.exception
    return test


def stored(site: Site, people: People, meeting_id: int) -> list[tuple[str, int]]:
    with site.reading() as session:
        found = queries.blocks(session, people.alice, meeting_id)
        return [(each.title, each.minutes) for each in found]


def test_an_empty_agenda_offers_a_template(site: Site, people: People, meeting_id: int) -> None:
    screen = opened(site, people, meeting_id)
    assert screen.header[0].value == "No agenda yet"
    screen.button(key="agenda_first").click().run()
    assert screen.selectbox(key="template_name").value == "co_design"


def test_a_template_is_fitted_to_the_length_of_the_convening(
    site: Site, people: People, meeting_id: int
) -> None:
    dialog(template_dialog, meeting_id).button(key="template_apply").click().run()
    assert stored(site, people, meeting_id) == [
        ("Arriving", 5),
        ("What would be better?", 20),
        ("Ideas in silence", 5),
        ("Sketching in mixed groups", 35),
        ("Break", 10),
        ("Gallery", 15),
        ("Looking for what is wrong", 25),
        ("Closing", 5),
    ]


def test_times_follow_from_the_order_and_what_is_left_is_asked_for(
    site: Site, people: People, meeting_id: int, ids: list[int]
) -> None:
    screen = opened(site, people, meeting_id)
    said = texts(screen)
    assert "3 blocks, 1 hour 30 minutes: 10:00–11:30." in said
    assert "30 minutes are not planned yet. What are they for?" in said
    assert [each for each in ("**10:00**", "**10:15**", "**11:15**") if each in said] == [
        "**10:00**",
        "**10:15**",
        "**11:15**",
    ]
    screen.button(key=f"up_{ids[1]}").click().run()
    assert stored(site, people, meeting_id) == [("Circle", 60), ("Arriving", 15), ("Closing", 15)]
    assert "**11:00**" in texts(screen)


def test_the_ends_of_the_list_do_not_move_further(
    site: Site, people: People, meeting_id: int, ids: list[int]
) -> None:
    screen = opened(site, people, meeting_id)
    assert screen.button(key=f"up_{ids[0]}").disabled
    assert screen.button(key=f"down_{ids[2]}").disabled
    assert not screen.button(key=f"down_{ids[0]}").disabled


def test_a_block_is_added_in_a_dialog(site: Site, people: People, meeting_id: int) -> None:
    assert opened(site, people, meeting_id).button(key="agenda_primary").click().run().text_input
    screen = dialog(add_dialog, meeting_id)
    screen.text_input(key="block_title").input("Stress test")
    screen.number_input(key="block_minutes").set_value(45)
    screen.selectbox(key="block_format").select(BlockFormat.STRESS_TEST)
    screen.text_input(key="block_lead").input("Noor")
    next(each for each in screen.button if each.label == "Save").click().run()
    with site.reading() as session:
        (found,) = queries.blocks(session, people.alice, meeting_id)
    assert (found.title, found.minutes, found.format, found.lead) == (
        "Stress test",
        45,
        BlockFormat.STRESS_TEST,
        "Noor",
    )


def test_a_block_without_title_stays_in_the_dialog(
    site: Site, people: People, meeting_id: int
) -> None:
    screen = dialog(add_dialog, meeting_id)
    next(each for each in screen.button if each.label == "Save").click().run()
    assert [each.value for each in screen.error] == ["Please fill this in\\."]
    assert stored(site, people, meeting_id) == []


def test_a_block_is_edited_in_a_dialog(
    site: Site, people: People, meeting_id: int, ids: list[int]
) -> None:
    screen = dialog(edit_dialog, meeting_id)
    assert screen.text_input(key="block_title").value == "Arriving"
    screen.text_input(key="block_title").input("Welcome")
    next(each for each in screen.button if each.label == "Save").click().run()
    assert stored(site, people, meeting_id)[0] == ("Welcome", 15)
    assert ids


def test_a_template_can_take_the_place_of_what_is_there(
    site: Site, people: People, meeting_id: int, ids: list[int]
) -> None:
    screen = dialog(template_dialog, meeting_id)
    screen.selectbox(key="template_name").select("listening_session")
    screen.radio(key="template_replace").set_value(True).run()
    screen.button(key="template_apply").click().run()
    found = stored(site, people, meeting_id)
    assert (len(found), found[0], sum(minutes for _, minutes in found)) == (
        6,
        ("Arriving", 15),
        120,
    )
    assert ids


def test_a_facilitator_edits_the_agenda_too(
    site: Site, people: People, meeting_id: int, ids: list[int]
) -> None:
    site.sign_in(people.bob)
    screen = opened(site, people, meeting_id)
    screen.button(key=f"down_{ids[0]}").click().run()
    assert [title for title, _ in stored(site, people, meeting_id)] == [
        "Circle",
        "Arriving",
        "Closing",
    ]


def test_a_cancelled_convening_shows_its_agenda_and_no_buttons(
    site: Site, people: People, meeting_id: int, ids: list[int]
) -> None:
    with site.writing() as session:
        session.get_one(work.Convening, meeting_id).state = ConveningState.CANCELLED
    screen = opened(site, people, meeting_id)
    assert "**Circle** · Plenary" in texts(screen)
    assert [each.key for each in screen.button] == []
    assert screen.info[0].value.startswith("This convening is cancelled")
    assert ids


def test_another_team_s_agenda_answers_as_a_missing_one(
    site: Site, people: People, meeting_id: int, ids: list[int]
) -> None:
    site.sign_in(people.charlie)
    for initiative_id in (people.initiative_id, people.foreign_id):
        screen = site.run("agenda", chosen_initiative=initiative_id, chosen_convening=meeting_id)
        assert screen.info[0].value.startswith("There is no such")
        assert "Arriving" not in texts(screen)
    assert ids


def test_what_people_wrote_is_no_markdown(site: Site, people: People, meeting_id: int) -> None:
    with site.writing() as session:
        draft = BlockDraft(meeting_id, "![x](https://e.example/p.png)", goal="# **b**", lead="_l_")
        commands.add_block(session, people.alice, draft)
    screen = opened(site, people, meeting_id)
    shown = [each.value for each in (*screen.markdown, *screen.caption)]
    assert all("![" not in each and "# **" not in each and " _l_" not in each for each in shown)


def test_the_screen_speaks_arabic(
    site: Site, people: People, meeting_id: int, ids: list[int]
) -> None:
    site.speak(Language.ARABIC)
    said = texts(opened(site, people, meeting_id))
    assert "3 فقرات، ساعة واحدة و30 دقيقة: 10:00–11:30." in said
    assert ids


def test_the_last_edits_are_named_and_taken_back_one_by_one(
    site: Site, people: People, meeting_id: int
) -> None:
    for title in ("Arriving", "Circle", "Closing"):
        with transaction.writing(
            site.engines, actor_id=people.alice.user_id, command="add_block"
        ) as session:
            commands.add_block(session, people.alice, BlockDraft(meeting_id, title))
    screen = opened(site, people, meeting_id)
    last = next(each.value for each in screen.caption if "Added the block" in each.value)
    assert re.fullmatch(r"Added the block Closing\\, \d\d\\:\d\d", last)
    screen.button(key="undo_last").click().run()
    screen.button(key="undo_last").click().run()
    assert [title for title, _ in stored(site, people, meeting_id)] == ["Arriving"]
    assert re.fullmatch(r"Taken back \d\d:\d\d", screen.session_state["_toast"])


def test_an_edit_on_which_others_have_built_says_why_it_stays(
    site: Site, people: People, meeting_id: int
) -> None:
    ids: list[int] = []
    for actor in (people.alice, people.bob):
        with transaction.writing(
            site.engines, actor_id=actor.user_id, command="add_block" if not ids else "edit_block"
        ) as session:
            if not ids:
                ids.append(commands.add_block(session, actor, BlockDraft(meeting_id, "Arriving")))
            else:
                changed = BlockDraft(meeting_id, "By Bob", id=ids[0], version=1)
                commands.edit_block(session, actor, changed)
    screen = opened(site, people, meeting_id)
    screen.button(key="undo_last").click().run()
    assert [each.value for each in screen.error] == [
        "This was changed again later\\, by you\\, a colleague or a guest\\'s answer\\. "
        "Take back the later change first\\."
    ]
    assert stored(site, people, meeting_id) == [("By Bob", 15)]
