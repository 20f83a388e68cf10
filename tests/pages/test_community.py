"""The community screen: the answer, the list, placing, nominations, duplicates and import."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from convening.community import GridEdit, PersonDraft, PersonFilter, Placement
from convening.vocabulary import (
    Capital,
    Consent,
    Group,
    GuidingQuestion,
    Language,
    Money,
    Relationship,
)
from db.commands import circles, community
from db.queries import community as maps
from db.queries import nominations, people
from db.tables import community as table
from pages.components import community_grid
from tests import builders
from tests.builders import People
from tests.pages.site import Site

DATA = Path(__file__).parents[1] / "data" / "selection"


@pytest.fixture
def team(site: Site) -> People:
    with site.writing() as session:
        found = builders.people(session)
    site.sign_in(found.alice)
    return found


def add(site: Site, team: People, name: str, *groups: Group, **values: object) -> int:
    draft = PersonDraft(name, groups=dict.fromkeys(groups, Placement()), **values)  # type: ignore[arg-type]
    with site.writing() as session:
        return community.add_person(session, team.alice, team.initiative_id, draft)


def opened(site: Site, team: People, view: str = "people", **remembered: Any) -> AppTest:
    return site.run(
        "community",
        chosen_initiative=team.initiative_id,
        community_view=view,
        **remembered,
    )


def plain(text: str) -> str:
    """Without the marks that escaping, colours and mixed directions leave in it."""
    bare = re.sub(r":(?:green|orange|blue)\[(.)\]", r"\1", text)
    return re.sub(
        "[\\\\*\N{WORD JOINER}\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}]", "", bare
    )


def markdown(screen: AppTest) -> list[str]:
    return [plain(each.value) for each in screen.markdown]


def captions(screen: AppTest) -> list[str]:
    return [plain(each.value) for each in screen.caption]


def keys(screen: AppTest) -> set[str]:
    return {each.key for each in screen.button if each.key}


def add_dialog(initiative_id: int) -> None:
    from pages.components import community_person, language

    community_person.add(initiative_id, language.translator())


def person_dialog(stakeholder_id: int) -> None:
    from pages.components import community_person, language

    community_person.show(stakeholder_id, True, language.translator())


def nominate_dialog(initiative_id: int) -> None:
    from pages.components import community_nominations, language

    community_nominations.edit(initiative_id, None, language.translator())


def onto_map_dialog(initiative_id: int) -> None:
    from db import queries
    from pages.components import community_nominations, language, store

    (nomination,) = store.read(queries.nominations.listing, initiative_id)
    community_nominations.onto_map(nomination, [], language.translator())


def names_dialog(initiative_id: int) -> None:
    from pages.components import community_names, language

    community_names.ask(initiative_id, language.translator())


def dialog(component: Callable[[int], None], about: int) -> AppTest:
    """A dialog that stands open, as in the browser while only its own part runs again."""
    test = AppTest.from_function(component, default_timeout=30, args=(about,)).run()
    assert not test.exception, test.exception
    return test


def listed(site: Site, team: People) -> list[str]:
    with site.reading() as session:
        page = maps.people(session, team.alice, team.initiative_id, PersonFilter())
    return [row.name for row in page.rows]


def test_an_empty_map_says_what_it_is_for_and_offers_the_first_step(
    site: Site, team: People
) -> None:
    screen = opened(site, team)
    assert [each.value for each in screen.header] == ["Nobody is on the map yet"]
    screen.button(key="community_first_import").click().run()
    assert not screen.exception
    assert screen.segmented_control(key="community_view").value == "import"


def test_the_answer_counts_heads_and_a_person_in_two_groups_in_both(
    site: Site, team: People
) -> None:
    add(site, team, "Amina", Group.STEWARD, Group.GATEWAY)
    add(site, team, "Omar", Group.STEWARD)
    add(site, team, "Zed")
    screen = opened(site, team)
    assert (
        "3 people on the map: ● 2 stewards, ■ 1 gateway and ▲ 0 influencers."
        " 1 person is not placed yet."
    ) in markdown(screen)
    assert "1 person is in more than one group and counts in each." in captions(screen)


def test_the_answer_uses_the_names_that_the_team_gave_its_groups(site: Site, team: People) -> None:
    add(site, team, "Amina", Group.STEWARD)
    with site.writing() as session:
        names = {Group.STEWARD: "Residents *of* Qantara"}
        circles.name_groups(session, team.alice, team.initiative_id, names)
    answer = next(each for each in markdown(opened(site, team)) if "on the map" in each)
    assert "● 1 Residents of Qantara" in answer


def test_in_arabic_every_text_has_its_words(site: Site, team: People) -> None:
    add(site, team, "أمينة", Group.STEWARD)
    add(site, team, "عمر")
    site.speak(Language.ARABIC)
    screen = opened(site, team)
    assert any(each.startswith("شخصان على الخريطة") for each in markdown(screen))
    for view in ("place", "nominations", "duplicates", "import"):
        assert not opened(site, team, view).exception


def frame(screen: AppTest) -> list[dict[Any, Any]]:
    return screen.dataframe[0].value.to_dict("records")


def test_the_list_shows_each_person_once_with_their_groups(site: Site, team: People) -> None:
    add(site, team, "Amina", Group.STEWARD, Group.GATEWAY, organisation="Union", place="Zarqa")
    add(site, team, "Star", minor=True, consent=Consent.GUARDIAN)
    rows = frame(opened(site, team))
    assert [row["name"] for row in rows] == ["Amina", "Star"]
    assert list(rows[0]["groups"]) == ["● stewards", "■ gateways"]
    assert (rows[0]["organisation"], rows[0]["place"]) == ("Union", "Zarqa")
    assert rows[1]["consent"] == "Under 18 · Given by a guardian"


def test_search_and_filters_narrow_the_list(site: Site, team: People) -> None:
    add(site, team, "أمينة الحدّاد", Group.STEWARD)
    add(site, team, "Omar", Group.GATEWAY)
    add(site, team, "Zed")
    screen = opened(site, team)
    screen.text_input(key="people_search").set_value("امينه").run()
    assert [row["name"] for row in frame(screen)] == ["أمينة الحدّاد"]
    screen.text_input(key="people_search").set_value("").run()
    screen.selectbox(key="people_circle").set_value(1).run()
    assert [row["name"] for row in frame(screen)] == ["Zed"]
    screen.selectbox(key="people_circle").set_value(3).run()
    assert [row["name"] for row in frame(screen)] == ["Omar"]
    screen.text_input(key="people_search").set_value("nobody").run()
    assert screen.dataframe.len == 0
    screen.button(key="people_clear").click().run()
    assert len(frame(screen)) == 3
    fields = (screen.text_input(key="people_search"), screen.selectbox(key="people_circle"))
    assert [each.proto.set_value for each in fields] == [True, True]  # the browser is told


def test_the_grid_knows_which_lines_were_changed_and_how(site: Site, team: People) -> None:
    add(site, team, "Amina", Group.STEWARD)
    omar = add(site, team, "Omar", place="Zarqa")
    with site.reading() as session:
        rows = maps.people(session, team.alice, team.initiative_id, PersonFilter()).rows
    edited = community_grid.frame(rows)
    assert community_grid.changes(rows, edited) == []
    edited.loc[1, ["place", "gateway"]] = [None, "serves_directly"]
    edited.loc[1, "relationship"] = "established"
    assert community_grid.changes(rows, edited) == [
        GridEdit(
            row=2,
            id=omar,
            version=1,
            name="Omar",
            organisation="",
            place="",
            relationship=Relationship.ESTABLISHED,
            money=Money.NONE,
            groups={Group.GATEWAY: GuidingQuestion.SERVES_DIRECTLY},
        )
    ]
    edited.loc[0, "steward"] = "life_shaped"
    (amina, _) = community_grid.changes(rows, edited)
    assert amina.groups == {Group.STEWARD: GuidingQuestion.LIFE_SHAPED}
    edited.loc[0, "steward"] = community_grid.OUT
    assert community_grid.changes(rows, edited)[0].groups == {}


def test_the_grid_stands_in_place_of_the_list(site: Site, team: People) -> None:
    add(site, team, "Amina")
    screen = opened(site, team)
    screen.toggle(key="people_grid").set_value(True).run()
    assert not screen.exception
    assert "bulk_place" not in keys(screen)
    assert "people_grid_save" not in keys(screen)


def test_a_person_is_added_in_the_dialog(site: Site, team: People) -> None:
    omar = add(site, team, "Omar")
    screen = dialog(add_dialog, team.initiative_id)
    screen.selectbox(key="person_new_tie_0").set_value(omar).run()
    screen.button(key="person_new_tie_add").click().run()
    screen.text_input(key="person_new_name").set_value("Amina Haddad")
    screen.text_input(key="person_new_place").set_value("Zarqa")
    screen.text_area(key="person_new_social").set_value("Neighbours trust her")
    screen.pills(key="person_new_groups_steward").set_value("life_shaped")
    screen.button(key="person_save").click().run()
    assert not screen.exception
    with site.reading() as session:
        wanted = PersonFilter(search="amina")
        (amina,) = people.everybody(session, team.alice, team.initiative_id, wanted)
    assert (amina.name, amina.place) == ("Amina Haddad", "Zarqa")
    assert amina.capitals == {Capital.SOCIAL: "Neighbours trust her"}
    assert amina.groups == {Group.STEWARD: Placement(GuidingQuestion.LIFE_SHAPED)}
    assert [(tie.person_id, tie.strength) for tie in amina.ties] == [(omar, 3)]


def test_a_draft_with_problems_is_not_saved_and_says_all_of_them(site: Site, team: People) -> None:
    screen = dialog(add_dialog, team.initiative_id)
    screen.text_input(key="person_new_email").set_value("amina at example")
    screen.button(key="person_save").click().run()
    assert [plain(each.value) for each in screen.error] == [
        "Name: Please fill this in.",
        "E-mail: “amina at example” does not look like an e-mail address. What is missing?",
    ]
    assert listed(site, team) == []


def test_under_18_a_pseudonym_and_a_guardian_are_asked_for(site: Site, team: People) -> None:
    screen = dialog(add_dialog, team.initiative_id)
    screen.checkbox(key="person_new_minor").check().run()
    name = screen.text_input(key="person_new_name")
    assert name.label == "Pseudonym"
    name.set_value("Star")
    screen.selectbox(key="person_new_consent").set_value(Consent.GIVEN).run()
    screen.button(key="person_save").click().run()
    assert [plain(each.value) for each in screen.error] == [
        "Consent: For somebody under 18 a guardian consents. Has a guardian agreed?"
    ]
    screen.selectbox(key="person_new_consent").set_value(Consent.GUARDIAN).run()
    screen.button(key="person_save").click().run()
    assert listed(site, team) == ["Star"]


def test_a_person_is_changed_in_the_dialog_that_their_row_opens(site: Site, team: People) -> None:
    amina = add(site, team, "Amina", Group.STEWARD)
    assert opened(site, team, community_open=amina).text_input(key=f"person_{amina}_name")
    screen = dialog(person_dialog, amina)
    screen.text_input(key=f"person_{amina}_name").set_value("Amina Haddad")
    screen.button(key="person_save").click().run()
    assert listed(site, team) == ["Amina Haddad"]
    with site.reading() as session:
        found = people.person_in_full(session, team.alice, amina)
    assert found.groups == {Group.STEWARD: Placement()}


def test_deleting_a_person_asks_first_and_can_be_undone(site: Site, team: People) -> None:
    amina = add(site, team, "Amina")
    screen = dialog(person_dialog, amina)
    screen.button(key="person_delete").click().run()
    assert listed(site, team) == ["Amina"]
    screen.button(key="person_delete_yes").click().run()
    assert listed(site, team) == []
    opened(site, team).button(key="undo_last").click().run()
    assert listed(site, team) == ["Amina"]


def test_what_was_done_last_is_named_and_taken_back(site: Site, team: People) -> None:
    screen = dialog(add_dialog, team.initiative_id)
    screen.text_input(key="person_new_name").set_value("Amina")
    screen.button(key="person_save").click().run()
    screen = opened(site, team)
    assert any(each.startswith("Added Amina, ") for each in captions(screen))
    screen.button(key="undo_last").click().run()
    assert listed(site, team) == []


def test_people_are_placed_one_after_another(site: Site, team: People) -> None:
    first, _, third = (add(site, team, each) for each in ("Amina", "Omar", "Zed"))
    screen = opened(site, team, "place")
    assert [plain(each.value) for each in screen.header] == ["Amina"]
    screen.button(key="place_next").click().run()
    assert [plain(each.value) for each in screen.info] == [
        "Which of these is true? Skip the person if you do not know yet."
    ]
    screen.pills(key=f"place_{first}_steward").set_value("life_shaped").run()
    screen.button(key="place_next").click().run()
    assert [plain(each.value) for each in screen.header] == ["Omar"]
    screen.button(key="place_skip").click().run()
    screen.pills(key=f"place_{third}_gateway").set_value("serves_directly").run()
    screen.button(key="place_next").click().run()
    assert [each.value for each in screen.text] == ["1 person was skipped."]
    screen.button(key="place_again").click().run()
    assert [plain(each.value) for each in screen.header] == ["Omar"]
    with site.reading() as session:
        assert people.person_in_full(session, team.alice, first).groups == {
            Group.STEWARD: Placement(GuidingQuestion.LIFE_SHAPED)
        }


def test_a_nomination_is_noted_and_moved_onto_the_map(site: Site, team: People) -> None:
    screen = dialog(nominate_dialog, team.initiative_id)
    screen.text_input(key="nomination_new_name").set_value("Rana")
    screen.text_area(key="nomination_new_reason").set_value("Knows every mother")
    screen.button(key="nomination_save").click().run()
    with site.reading() as session:
        (nomination,) = nominations.listing(session, team.alice, team.initiative_id)
    screen = dialog(onto_map_dialog, team.initiative_id)
    screen.pills(key=f"onto_map_{nomination.id}_steward").set_value("most_affected").run()
    screen.button(key="onto_map_yes").click().run()
    assert listed(site, team) == ["Rana"]
    screen = opened(site, team, "nominations")
    screen.button(key=f"reopen_{nomination.id}").click().run()
    screen.button(key=f"set_aside_{nomination.id}").click().run()
    with site.reading() as session:
        (nomination,) = nominations.listing(session, team.alice, team.initiative_id)
    assert nomination.state == "set_aside"


def test_the_nominated_may_be_somebody_who_is_there_already(site: Site, team: People) -> None:
    rana = add(site, team, "Rana Saleh")
    with site.writing() as session:
        nomination = builders.nomination(session, team.initiative_id, "Rana Saleh")
    screen = dialog(onto_map_dialog, team.initiative_id)
    who = screen.radio(key=f"onto_map_{nomination}_who")
    assert [plain(each) for each in who.options] == ["No, somebody new", "Rana Saleh"]
    who.set_value(rana).run()
    screen.button(key="onto_map_yes").click().run()
    assert listed(site, team) == ["Rana Saleh"]


def test_duplicates_come_pair_by_pair_and_a_person_decides(site: Site, team: People) -> None:
    first = add(site, team, "Amina Haddad", email="a@example.org", place="Zarqa")
    second = add(site, team, "Amina Hadad", email="a@example.org", organisation="Union")
    add(site, team, "Omar Nasser", email="o@example.org")
    third = add(site, team, "Omar Naser", email="o@example.org")
    screen = opened(site, team, "duplicates")
    screen.button(key="duplicates_find").click().run()
    assert "2 pairs to look at" in [each.value for each in screen.header]
    screen.button(key="duplicates_later").click().run()
    organisation = screen.radio(key=f"pair_{first}_{second}_{first}_organisation")
    assert [plain(each) for each in organisation.options] == ["(empty)", "Union"]
    assert organisation.value == "dropped"
    screen.button(key="duplicates_merge").click().run()
    assert sorted(listed(site, team)) == ["Amina Haddad", "Omar Naser", "Omar Nasser"]
    with site.reading() as session:
        amina = people.person_in_full(session, team.alice, first)
    assert (amina.organisation, amina.place) == ("Union", "Zarqa")
    screen.button(key="duplicates_keep").click().run()
    assert [plain(each.value) for each in screen.success] == ["No pair is left to look at."]
    screen.button(key="duplicates_find").click().run()
    assert [plain(each.value) for each in screen.success] == ["No pair is left to look at."]
    assert len(listed(site, team)) == 3
    assert third


def test_groups_get_the_teams_own_names_and_sub_circles(site: Site, team: People) -> None:
    screen = dialog(names_dialog, team.initiative_id)
    screen.text_input(key="circle_new_steward_0").set_value("Tenants")
    screen.button(key="circle_add_steward").click().run()
    screen.text_input(key="names_gateway").set_value("Clinics")
    screen.button(key="names_save").click().run()
    with site.reading() as session:
        found = maps.sub_circles(session, team.alice, team.initiative_id)
        names = maps.group_names(session, team.alice, team.initiative_id)
    assert [(each.group, each.name) for each in found] == [(Group.STEWARD, "Tenants")]
    assert names == {Group.GATEWAY: "Clinics"}


def upload(screen: AppTest, name: str, data: bytes) -> AppTest:
    screen.file_uploader[0].set_value((name, data, "text/csv")).run()
    assert not screen.exception
    return screen


def test_the_respondents_are_imported_and_the_next_step_is_offered(
    site: Site, team: People
) -> None:
    screen = opened(site, team, "import")
    upload(screen, "respondents.csv", (DATA / "opendlp-respondents.csv").read_bytes())
    screen.button(key="import_now").click().run()
    assert not screen.exception
    assert [plain(each.value) for each in screen.success] == ["100 people added."]
    assert "100 of them are in no group yet." in [each.value for each in screen.text]
    screen.button(key="import_place").click().run()
    assert [plain(each.value) for each in screen.header] == ["Amina Darane"]


def test_quotas_are_refused_with_the_reason(site: Site, team: People) -> None:
    for name in ("opendlp-categories.csv", "opendlp-sample_targets.csv"):
        screen = upload(opened(site, team, "import"), name, (DATA / name).read_bytes())
        (error,) = screen.error
        assert "targets" in error.value
        assert "import_now" not in keys(screen)


def test_an_error_is_named_by_row_and_column_and_keeps_the_list_out(
    site: Site, team: People
) -> None:
    lines = ["Name,Email"] + [f"Person {n},p{n}@example.org" for n in range(2, 101)]
    lines[56] = f"Person 57,{'x' * 300}"
    screen = upload(opened(site, team, "import"), "people.csv", "\n".join(lines).encode())
    assert "1 place keeps the list" in screen.error[0].value
    row = screen.dataframe[-1].value.to_dict("records")[0]
    assert (row["Row"], row["Column"]) == ("57", "Email")
    assert "import_now" not in keys(screen)
    assert listed(site, team) == []


def test_a_warning_has_to_be_accepted_first(site: Site, team: People) -> None:
    data = b"Name,Email\nAmina,not an address\n"
    screen = upload(opened(site, team, "import"), "people.csv", data)
    assert "import_now" not in keys(screen)
    accept = next(each for each in screen.checkbox if str(each.key).startswith("import_accept"))
    accept.check().run()
    screen.button(key="import_now").click().run()
    assert listed(site, team) == ["Amina"]


def test_who_is_on_the_map_already_is_skipped_unless_somebody_decides_otherwise(
    site: Site, team: People
) -> None:
    add(site, team, "Amina Haddad", place="Zarqa")
    data = b"Name,Email,Place\nAmina Haddad,a@example.org,Zarqa\nOmar Nasser,,\n"
    screen = upload(opened(site, team, "import"), "people.csv", data)
    assert "1 person may be on the map already" in [each.value for each in screen.header]
    assert screen.button(key="import_now").label == "Import 1 person"
    screen.selectbox(key="import_all_known").set_value(1).run()
    assert screen.button(key="import_now").label == "Import 2 people"
    screen.button(key="import_now").click().run()
    assert [plain(each.value) for each in screen.success] == ["1 person added and 1 updated."]
    with site.reading() as session:
        everybody = people.everybody(session, team.alice, team.initiative_id)
    assert [(each.name, each.email) for each in everybody] == [
        ("Amina Haddad", "a@example.org"),
        ("Omar Nasser", ""),
    ]


def test_a_facilitator_reads_the_map_and_is_offered_no_change(site: Site, team: People) -> None:
    amina = add(site, team, "Amina", Group.STEWARD, note="Evenings only")
    with site.writing() as session:
        builders.nomination(session, team.initiative_id, "Rana")
    site.sign_in(team.bob)
    screen = opened(site, team, community_open=amina)
    assert "Evenings only" in [each.value for each in screen.text]
    assert not keys(screen) & {"community_primary", "person_save", "person_delete", "bulk_place"}
    assert len(screen.text_input) == 1  # the search
    views = screen.segmented_control(key="community_view")
    assert [plain(each) for each in views.options] == ["People", "Nominations (1)"]
    screen = opened(site, team, "nominations")
    assert keys(screen) == set()


@pytest.mark.parametrize("who", ["charlie", "dana"])
def test_outside_the_team_the_map_is_not_there(site: Site, team: People, who: str) -> None:
    """Charlie organises elsewhere, Dana leads; the map holds somebody who could leak."""
    amina = add(site, team, "Amina Haddad", Group.STEWARD)
    site.sign_in(getattr(team, who))
    screen = opened(site, team, community_open=amina)
    shown = [each.value for each in (*screen.markdown, *screen.text, *screen.caption)]
    assert not any("Amina" in each for each in shown)
    assert screen.dataframe.len == 0


def test_a_link_opens_one_part_of_the_screen(site: Site, team: People) -> None:
    add(site, team, "Amina")
    screen = site.run("community", chosen_initiative=team.initiative_id, url={"view": "place"})
    assert [plain(each.value) for each in screen.header] == ["Amina"]


def test_a_name_with_marks_of_markdown_stays_a_name(site: Site, team: People) -> None:
    name = "![x](https://example.org/x.png) *Amina*"
    add(site, team, name)
    screen = opened(site, team, "place")
    (title,) = screen.header
    assert "![" not in title.value
    with site.reading() as session:
        (row,) = session.exec(select(table.Stakeholder)).all()
    assert row.name == name
