"""Lines of the grid that somebody else has saved meanwhile: never silently written over."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from convening import drafts
from convening.community import GridEdit, ListedPerson, PersonDraft, PersonFilter
from convening.vocabulary import Group, GuidingQuestion, Relationship
from db import transaction
from db.commands import community
from db.queries import community as reading
from db.queries import people as persons
from tests import builders
from tests.builders import People
from tests.pages.site import Site


def grid() -> None:
    """What the grid does with its lines, without the table itself."""
    import streamlit as st

    from pages.components import community_grid_conflicts as conflicts
    from pages.components import forms, language, state

    t = language.translator()
    found: Any = ()
    if st.button("save", key="save"):
        found = conflicts.save(1, state.get("rows"), state.get("edits"), t)
    if conflicts.pending() is not None:
        found = conflicts.decide(1, t)
    if found is None:
        forms.saved(t)
        st.success("done")
    elif found:
        forms.problems(found, t)


@pytest.fixture
def people(site: Site) -> People:
    with site.writing() as session:
        found = builders.people(session)
        for name in ("Amina", "Omar"):
            community.add_person(
                session, found.alice, found.initiative_id, PersonDraft(name, place="Zarqa")
            )
    site.sign_in(found.alice)
    return found


def rows(site: Site, people: People) -> list[ListedPerson]:
    with site.reading() as session:
        return list(
            reading.people(session, people.alice, people.initiative_id, PersonFilter()).rows
        )


def places(site: Site, people: People) -> list[tuple[str, str, Relationship]]:
    return [(each.name, each.place, each.relationship) for each in rows(site, people)]


def do(site: Site, people: People, command: Callable[..., Any], *args: Any) -> Any:
    with transaction.writing(
        site.engines, actor_id=people.alice.user_id, command=command.__name__
    ) as session:
        return command(session, people.alice, *args)


def by_another(site: Site, people: People, person_id: int, **values: Any) -> None:
    with site.reading() as session:
        now = drafts.person(persons.person_in_full(session, people.alice, person_id))
    do(site, people, community.edit_person, replace(now, **values))


def typed(site: Site, people: People, *changes: dict[str, Any]) -> AppTest:
    """The grid with these changes to its lines, before they are saved."""
    held = rows(site, people)
    test = AppTest.from_function(grid, default_timeout=30)
    test.session_state["rows"] = held
    test.session_state["edits"] = [
        replace(drafts.line(row, number), **values)
        for number, (row, values) in enumerate(zip(held, changes, strict=False), 1)
    ]
    return test.run()


def press(test: AppTest, label: str) -> AppTest:
    next(each for each in test.button if each.label == label).click().run()
    assert not test.exception, test.exception
    return test


def plain(text: str) -> str:
    return re.sub("[\\\\\N{WORD JOINER}]", "", text)


def test_both_values_of_a_cell_stand_to_choose_from_line_by_line(
    site: Site, people: People
) -> None:
    screen = typed(site, people, {"place": "Amman"}, {"place": "Aqaba"})
    by_another(site, people, 1, place="Irbid", relationship=Relationship.ESTABLISHED)
    press(screen, "save")
    assert places(site, people)[1] == ("Omar", "Zarqa", Relationship.NONE)
    assert plain(screen.markdown[0].value) == "**1 · Amina**"
    (radio,) = screen.radio
    assert [plain(each) for each in radio.options] == ["Yours: Amman", "Alice: Irbid"]
    radio.set_value("theirs")
    press(screen, "Save the choice")
    assert places(site, people) == [
        ("Amina", "Irbid", Relationship.ESTABLISHED),
        ("Omar", "Aqaba", Relationship.NONE),
    ]


def test_cells_that_only_the_other_changed_are_taken_over(site: Site, people: People) -> None:
    question = GuidingQuestion.LIFE_SHAPED
    screen = typed(site, people, {"groups": {Group.STEWARD: question}})
    by_another(site, people, 1, place="Irbid")
    press(screen, "save")
    assert [each.value for each in screen.success] == ["done"]
    (amina, _) = rows(site, people)
    assert (amina.place, amina.groups[Group.STEWARD].question) == ("Irbid", question)


def test_a_line_whose_person_is_gone_is_there_to_copy_and_the_others_are_saved(
    site: Site, people: People
) -> None:
    screen = typed(site, people, {"place": "Amman"}, {"place": "Aqaba"})
    do(site, people, community.delete_stakeholders, people.initiative_id, [1])
    press(screen, "save")
    assert plain(screen.warning[0].value) == (
        "Line 1: Amina is no longer on the map. This is what you typed:"
    )
    assert screen.code[0].value == "Amina · Amman"
    press(screen, "Save the choice")
    assert places(site, people) == [("Omar", "Aqaba", Relationship.NONE)]


def test_a_third_editor_is_met_from_what_was_shown(site: Site, people: People) -> None:
    screen = typed(site, people, {"place": "Amman"})
    by_another(site, people, 1, place="Irbid")
    press(screen, "save")
    screen.radio[0].set_value("mine")
    by_another(site, people, 1, place="Salt")
    press(screen, "Save the choice")
    (radio,) = [each for each in screen.radio if each.value is None]
    assert [plain(each) for each in radio.options] == ["Yours: Amman", "Alice: Salt"]
    radio.set_value("mine")
    press(screen, "Save the choice")
    assert places(site, people)[0] == ("Amina", "Amman", Relationship.NONE)


def test_other_problems_are_told_as_before(site: Site, people: People) -> None:
    screen = typed(site, people, {"name": ""})
    press(screen, "save")
    assert [plain(each.value) for each in screen.error] == ["Name: Please fill this in."]
    assert isinstance(screen.session_state["edits"][0], GridEdit)
