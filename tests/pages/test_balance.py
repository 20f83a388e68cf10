"""Balance by stage: whole for the team, suppressed for leadership, nothing for others."""

import re

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from convening.vocabulary import ConveningState, Group, InvitationStatus, Language, StageKind
from tests import builders
from tests.builders import People
from tests.pages.site import Site

S = InvitationStatus
STEWARD, GATEWAY, INFLUENCER = Group


@pytest.fixture
def people(site: Site, monkeypatch: pytest.MonkeyPatch) -> People:
    monkeypatch.setattr(st, "page_link", lambda _page, *, label, **_rest: st.markdown(label))
    with site.writing() as session:
        found = builders.people(session)
    site.sign_in(found.alice)
    return found


@pytest.fixture
def story(site: Site, people: People) -> int:
    """24 people on the map, 8 of each group; 12 in the room, 2 of them stewards."""
    with site.writing() as session:
        stage = builders.stage(session, people.initiative_id)
        room = builders.convening(session, stage, "First sketch", state=ConveningState.HELD)
        for number in range(24):
            group = list(Group)[number % 3]
            groups = (group, INFLUENCER) if number == 1 else (group,)
            person = builders.person(session, people.initiative_id, f"Name {number}", *groups)
            if number < (4 if group is STEWARD else 15):
                builders.invitation(session, room, person, S.ATTENDED)
    return room


def opened(site: Site, people: People) -> AppTest:
    return site.run("balance", chosen_initiative=people.initiative_id)


def everything(test: AppTest) -> str:
    shown = [*test.text, *test.markdown, *test.caption, *test.header, *test.info]
    return re.sub(r"\\(.)", r"\1", "\n".join(str(each.value) for each in shown))


def tables(test: AppTest) -> str:
    return "\n".join(each.value.to_csv(index=False) for each in test.table)


@pytest.mark.usefixtures("story")
def test_the_team_sees_the_funnel_the_overlaps_and_each_convening(
    site: Site, people: People
) -> None:
    test = opened(site, people)
    shown = everything(test)
    assert (
        "8 of 24 people on the map are stewards. In the room of “Design”: 2 of 12 people." in shown
    )
    assert "1 of 24 is in several groups." in shown
    assert "One convening, First sketch. Of 12 people: stewards 2, gateways 5" in shown
    assert shown.count("counts in both.") == 3
    assert "Design,stewards,8,2,2,2" in tables(test)


@pytest.mark.usefixtures("story")
def test_the_funnel_is_held_against_the_targets(site: Site, people: People) -> None:
    test = opened(site, people)
    test.segmented_control(key="balance_view").set_value(True).run()
    assert not test.exception
    assert "No targets yet, so the map's own shares are the reference: Design." in everything(test)


@pytest.mark.usefixtures("story")
def test_overlaps_are_shown_of_a_room_too(site: Site, people: People) -> None:
    test = opened(site, people)
    where = test.selectbox(key="balance_where")
    assert where.options == ["Everybody on the map", "In the room: Design"]
    where.select_index(1).run()
    assert "1 of 12 is in several groups." in everything(test)


@pytest.mark.usefixtures("story")
def test_leadership_sees_small_counts_withheld_and_no_single_room(
    site: Site, people: People
) -> None:
    site.sign_in(people.dana)
    test = opened(site, people)
    shown, figures = everything(test), tables(test)
    assert "Design,stewards,8,withheld,withheld,withheld" in figures
    assert "Counts below 5, and those that would give them away, are withheld." in shown
    assert (len(test.table), len(test.dataframe)) == (1, 0)
    assert "First sketch" not in shown + figures
    assert "Name" not in shown + figures


@pytest.mark.usefixtures("story")
def test_what_reaches_leaderships_browser_holds_no_withheld_number(
    site: Site, people: People
) -> None:
    site.sign_in(people.dana)
    test = opened(site, people)
    (chart,) = test.get("vega_lite_chart")
    sent = str(chart.proto)
    assert re.findall(r'\\?"heads\\?": ?2\b', sent) == []
    assert "withheld" in sent


@pytest.mark.usefixtures("story")
def test_leaderships_sentence_claims_nothing_of_what_is_withheld(
    site: Site, people: People
) -> None:
    site.sign_in(people.dana)
    shown = everything(opened(site, people))
    assert "2 of 12" not in shown
    assert "In the room of “Design” their share was larger: 6 of 12 people." in shown


def test_where_figures_are_withheld_leadership_reads_no_more_than_was_compared(
    site: Site, people: People
) -> None:
    with site.writing() as session:
        stage = builders.stage(session, people.initiative_id)
        room = builders.convening(session, stage, state=ConveningState.HELD)
        for groups, on_the_map, came in (
            ((STEWARD,), 16, 4),
            ((GATEWAY,), 16, 5),
            ((INFLUENCER,), 16, 5),
            ((), 2, 2),
        ):
            for number in range(on_the_map):
                person = builders.person(session, people.initiative_id, f"N {number}", *groups)
                if number < came:
                    builders.invitation(session, room, person, S.ATTENDED)
    site.sign_in(people.dana)
    shown = everything(opened(site, people))
    assert "Where figures can be shown, no group is far below or above its share" in shown


@pytest.mark.usefixtures("story")
def test_another_team_is_told_that_there_is_no_such_initiative(site: Site, people: People) -> None:
    site.sign_in(people.charlie)
    test = opened(site, people)
    assert "There is no such initiative here." in everything(test)
    assert not [*test.table, *test.dataframe]


def test_an_initiative_without_stages_or_people_says_what_comes_first(
    site: Site, people: People
) -> None:
    assert "Add its first stage" in everything(opened(site, people))
    with site.writing() as session:
        builders.stage(session, people.initiative_id, StageKind.PILOT)
    assert "Bring in the people of its community" in everything(opened(site, people))
    site.sign_in(people.dana)
    assert "Nobody is on the map yet." in everything(opened(site, people))


@pytest.mark.usefixtures("story")
def test_the_screen_speaks_arabic(site: Site, people: People) -> None:
    site.speak(Language.ARABIC)
    shown = everything(opened(site, people))
    assert "تركيبة كل لقاء" in shown
    assert "واحد من 24 في أكثر من مجموعة." in shown
