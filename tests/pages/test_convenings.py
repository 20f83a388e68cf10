"""The convenings screen: what comes next, planning in steps, and what each role can do."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from convening.convening_drafts import ConveningDraft, StakeDraft
from convening.readiness import Answer
from convening.vocabulary import (
    ConveningKind,
    ConveningState,
    Group,
    InvitationStatus,
    Language,
    Openness,
    Stake,
)
from convening.vocabulary import ConveningQuestion as Question
from db.commands import convenings as commands
from db.queries import convenings as queries
from db.tables import work
from pages.components.markdown import escape
from tests import builders
from tests.builders import People
from tests.pages.site import Site

TODAY = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
ALL_YES = {question: Answer(True) for question in Question}


@pytest.fixture
def people(site: Site) -> People:
    with site.writing() as session:
        found = builders.people(session)
        builders.stage(session, found.initiative_id)
    site.at(TODAY)
    site.sign_in(found.alice)
    return found


def stage_id(site: Site) -> int:
    with site.reading() as session:
        return session.exec(select(work.Stage.id)).first() or 0


def plan(site: Site, people: People, **facts: object) -> int:
    """A workshop on Saturday 6 June in Amman, with everything answered."""
    draft = ConveningDraft(
        initiative_id=people.initiative_id,
        stage_id=stage_id(site),
        title="Design workshop",
        purpose="Sketch three answers",
        starts_local=datetime(2026, 6, 6, 10, 0),
        ends_local=datetime(2026, 6, 6, 12, 0),
        zone="Asia/Amman",
        answers=ALL_YES,
        stakes=(StakeDraft(Stake.COULD_LOSE, "Tenants"),),
    )
    with site.writing() as session:
        return commands.plan_convening(session, people.alice, replace(draft, **facts))  # type: ignore[arg-type]


def opened(site: Site, people: People, meeting_id: int | None = None, **url: str) -> AppTest:
    """The screen as it comes with the initiative, and a convening, in hand."""
    remembered = {"chosen_initiative": people.initiative_id, "chosen_convening": meeting_id}
    return site.run("convenings", url=url, **remembered)


def plain(text: str) -> str:
    """Without the marks that escaping and mixed directions leave in it."""
    return re.sub(
        "[\\\\\N{WORD JOINER}\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}]", "", text
    )


def texts(screen: AppTest) -> str:
    return plain("\n".join(each.value for each in screen.markdown))


def captions(screen: AppTest) -> str:
    return plain("\n".join(each.value for each in screen.caption))


def stored(site: Site, people: People, meeting_id: int) -> ConveningDraft:
    with site.reading() as session:
        return queries.draft(session, people.alice, meeting_id)


def test_an_empty_screen_offers_the_first_step(site: Site, people: People) -> None:
    screen = opened(site, people)
    assert screen.header[0].value == "No convening yet"
    screen.button(key="convenings_first").click().run()
    assert screen.query_params["edit"] == "new"
    keys = [each.key for each in screen.button_group]
    assert keys[1:] == [f"answer_{question.value}_None" for question in Question]


def test_the_next_convening_and_its_readiness_come_first(site: Site, people: People) -> None:
    plan(site, people)
    said = texts(opened(site, people))
    assert said.startswith("**Next: Design workshop, Sat 6 Jun 2026, 10:00–12:00, in 5 days.**")
    assert "Six times yes: there is a case for convening." in said
    assert "Sat 6 Jun 2026, 10:00–12:00 (Asia/Amman, UTC+03:00)" in said
    assert "Tenants could block it or lose by it and is not invited." in said


def test_noes_are_put_as_a_question(site: Site, people: People) -> None:
    answers = {**ALL_YES, Question.RESOURCES: Answer(False), Question.ISSUE_RIPE: Answer(False)}
    plan(site, people, answers=answers)
    said = texts(opened(site, people))
    assert "2 answers are no. Would a visit serve better than a meeting?" in said


def test_a_card_tells_who_is_expected(site: Site, people: People) -> None:
    meeting_id = plan(site, people, capacity=12)
    with site.writing() as session:
        for number, (status, groups) in enumerate(
            (
                (InvitationStatus.ACCEPTED, (Group.STEWARD, Group.GATEWAY)),
                (InvitationStatus.INVITED, (Group.STEWARD,)),
                (InvitationStatus.DECLINED, (Group.INFLUENCER,)),
            )
        ):
            person = builders.person(session, people.initiative_id, f"P{number}", *groups)
            builders.invitation(session, meeting_id, person, status)
    said = texts(opened(site, people))
    assert "3 invited, 1 accepted, 12 places." in said
    assert "Expected: :green[●] 2 stewards · :orange[■] 1 gateway · :blue[▲] 0 influencers." in said


def test_a_draft_says_what_is_missing(site: Site, people: People) -> None:
    plan(site, people, purpose="", starts_local=None, ends_local=None)
    said = texts(opened(site, people))
    assert "No convening has a date ahead. One draft waits to be finished." in said
    assert "Not planned yet; still open: Purpose and Date." in said


def test_planning_step_by_step_keeps_a_draft_from_the_title_on(site: Site, people: People) -> None:
    screen = opened(site, people, edit="new")
    screen.text_input(key="convening_title_None").input("Listening in the square")
    screen.button_group(key="answer_clear_purpose_None").set_value(True)
    screen.button(key="editor_next").click().run()
    assert not screen.exception
    meeting_id = int(screen.query_params["convening"])
    assert screen.query_params["edit"] == "facts"
    first = stored(site, people, meeting_id)
    assert (first.title, first.answers) == (
        "Listening in the square",
        {Question.CLEAR_PURPOSE: Answer(True)},
    )
    screen.text_area(key=f"convening_purpose_{meeting_id}").input("To hear the tenants")
    screen.selectbox(key=f"convening_kind_{meeting_id}").select(ConveningKind.LISTENING)
    screen.date_input(key=f"convening_date_{meeting_id}").set_value(date(2026, 7, 4))
    screen.time_input(key=f"convening_starts_{meeting_id}").set_value(time(18, 0))
    screen.time_input(key=f"convening_ends_{meeting_id}").set_value(time(20, 30))
    screen.selectbox(key=f"convening_zone_{meeting_id}").select("Asia/Amman")
    screen.number_input(key=f"convening_capacity_{meeting_id}").set_value(40)
    screen.radio(key=f"convening_openness_{meeting_id}").set_value(Openness.EVERYTHING_OPEN)
    screen.run()
    assert "There: Sat 4 Jul 2026, 18:00–20:30, UTC+03:00." in captions(screen)
    screen.button(key="editor_next").click().run()
    assert screen.query_params["edit"] == "stakes"
    screen.button(key="editor_next").click().run()
    assert "edit" not in screen.query_params
    final = stored(site, people, meeting_id)
    assert (final.purpose, final.kind, final.zone, final.capacity, final.openness) == (
        "To hear the tenants",
        ConveningKind.LISTENING,
        "Asia/Amman",
        40,
        Openness.EVERYTHING_OPEN,
    )
    assert (final.starts_local, final.ends_local) == (
        datetime(2026, 7, 4, 18, 0),
        datetime(2026, 7, 4, 20, 30),
    )


def test_a_no_offers_another_way_and_asks_why(site: Site, people: People) -> None:
    meeting_id = plan(site, people)
    screen = opened(site, people, meeting_id, edit="questions")
    answer = screen.button_group(key=f"answer_critical_stakeholders_{meeting_id}")
    answer.set_value(False).run()
    said = texts(screen)
    assert "Instead: Go to those who cannot come: one-to-one visits" in said
    why = screen.text_input(key=f"why_critical_stakeholders_{meeting_id}")
    why.input("The tenants work nights").run()
    assert "Would a visit serve better" in screen.warning[0].value
    screen.button(key="editor_finish").click().run()
    assert stored(site, people, meeting_id).answers == {
        **ALL_YES,
        Question.CRITICAL_STAKEHOLDERS: Answer(False, "The tenants work nights"),
    }


def test_moving_between_steps_saves_first(site: Site, people: People) -> None:
    meeting_id = plan(site, people)
    screen = opened(site, people, meeting_id, edit="facts")
    screen.text_input(key=f"convening_place_{meeting_id}").input("The school")
    steps = next(each for each in screen.button_group if str(each.key).startswith("editor_steps"))
    steps.set_value("stakes").run()
    assert screen.query_params["edit"] == "stakes"
    assert stored(site, people, meeting_id).place == "The school"


def test_a_step_with_problems_stays_open_and_names_the_fields(site: Site, people: People) -> None:
    meeting_id = plan(site, people)
    screen = opened(site, people, meeting_id, edit="facts")
    screen.text_input(key=f"convening_link_{meeting_id}").input("meet.example.org")
    screen.time_input(key=f"convening_ends_{meeting_id}").set_value(time(9, 0))
    screen.button(key="editor_next").click().run()
    assert [plain(each.value) for each in screen.error] == [
        "Link: Please give a whole web address, beginning with https://.",
        "End: The end has to be later than the start.",
    ]
    assert screen.query_params["edit"] == "facts"
    assert screen.text_input(key=f"convening_link_{meeting_id}").value == "meet.example.org"
    assert stored(site, people, meeting_id).link == ""


def test_an_hour_that_the_clocks_skip_is_named_while_it_is_typed(
    site: Site, people: People
) -> None:
    meeting_id = plan(site, people)
    screen = opened(site, people, meeting_id, edit="facts")
    screen.date_input(key=f"convening_date_{meeting_id}").set_value(date(2026, 3, 29))
    screen.time_input(key=f"convening_starts_{meeting_id}").set_value(time(2, 30))
    screen.selectbox(key=f"convening_zone_{meeting_id}").select("Europe/Berlin").run()
    assert plain(screen.warning[0].value) == (
        "The clocks are put forward: Sun 29 Mar 2026, 02:30 does not exist there. "
        "They show Sun 29 Mar 2026, 03:30 instead."
    )


def test_a_decision_already_made_is_asked_back_at_once(site: Site, people: People) -> None:
    meeting_id = plan(site, people)
    screen = opened(site, people, meeting_id, edit="facts")
    openness = screen.radio(key=f"convening_openness_{meeting_id}")
    openness.set_value(Openness.ALREADY_DECIDED).run()
    assert plain(screen.warning[0].value) == (
        "If it is decided already, what can those who come still change?"
    )


def test_a_meeting_may_end_on_another_day(site: Site, people: People) -> None:
    meeting_id = plan(site, people)
    screen = opened(site, people, meeting_id, edit="facts")
    screen.checkbox(key=f"convening_other_day_{meeting_id}").check().run()
    screen.date_input(key=f"convening_end_date_{meeting_id}").set_value(date(2026, 6, 7))
    screen.button(key="editor_next").click().run()
    assert stored(site, people, meeting_id).ends_local == datetime(2026, 6, 7, 12, 0)


def test_the_zone_of_the_last_convening_and_the_stage_of_today_are_suggested(
    site: Site, people: People
) -> None:
    plan(site, people)
    with site.writing() as session:
        pilot = builders.stage(session, people.initiative_id, position=1)
        row = session.get_one(work.Stage, pilot)
        row.starts_on, row.ends_on = date(2026, 5, 1), date(2026, 6, 30)
    screen = opened(site, people, edit="new")
    screen.text_input(key="convening_title_None").input("Once more")
    screen.button(key="editor_next").click().run()
    made = stored(site, people, 2)
    assert (made.zone, made.stage_id) == ("Asia/Amman", pilot)


def test_who_could_block_it_is_chosen_from_the_map_or_typed(site: Site, people: People) -> None:
    meeting_id = plan(site, people)
    with site.writing() as session:
        mayor = builders.person(session, people.initiative_id, "The mayor", Group.INFLUENCER)
        builders.invitation(session, meeting_id, mayor, InvitationStatus.ACCEPTED)
    screen = opened(site, people, meeting_id, edit="stakes")
    screen.multiselect(key=f"convening_could_block_{meeting_id}").set_value([mayor]).run()
    said = texts(screen)
    assert "- The mayor: invited (Accepted)" in said
    assert "- Tenants: not on the map yet" in said
    assert plain(screen.info[0].value).startswith("Tenants could block it")
    screen.button(key="editor_next").click().run()
    assert stored(site, people, meeting_id).stakes == (
        StakeDraft(Stake.COULD_LOSE, "Tenants"),
        StakeDraft(Stake.COULD_BLOCK, stakeholder_id=mayor),
    )


def by_another(site: Site, people: People, meeting_id: int, **facts: object) -> None:
    with site.writing() as session:
        other = replace(queries.draft(session, people.alice, meeting_id), **facts)  # type: ignore[arg-type]
        commands.edit_convening(session, people.alice, other)


def asked(screen: AppTest, kind: str) -> list[Any]:
    """The widgets with which two editors' values are decided on."""
    return [each for each in screen.get(kind) if str(each.key).startswith("conflict_")]


def test_a_second_editor_chooses_and_overwrites_nothing(site: Site, people: People) -> None:
    meeting_id = plan(site, people)
    screen = opened(site, people, meeting_id, edit="facts")
    by_another(site, people, meeting_id, place="The school", link="https://example.org/room")
    screen.text_input(key=f"convening_place_{meeting_id}").input("The square")
    screen.button(key="editor_next").click().run()
    assert stored(site, people, meeting_id).place == "The school"
    (radio,) = asked(screen, "radio")
    assert radio.label == "Place"
    radio.set_value("mine").run()
    next(each for each in screen.button if each.label == "Save the choice").click().run()
    found = stored(site, people, meeting_id)
    assert (found.place, found.link) == ("The square", "https://example.org/room")
    assert screen.query_params["edit"] == "stakes"


def test_two_edits_of_a_purpose_become_one_text(site: Site, people: People) -> None:
    meeting_id = plan(site, people)
    screen = opened(site, people, meeting_id, edit="facts")
    by_another(site, people, meeting_id, purpose="Today: sketch three answers")
    screen.text_area(key=f"convening_purpose_{meeting_id}").input("Sketch three answers together")
    screen.button(key="editor_finish").click().run()
    (merged,) = asked(screen, "text_area")
    assert merged.value == "Today: sketch three answers together"
    merged.set_value("Today we sketch three answers together").run()
    next(each for each in screen.button if each.label == "Save the choice").click().run()
    assert stored(site, people, meeting_id).purpose == "Today we sketch three answers together"
    assert "edit" not in screen.query_params


def test_what_two_editors_changed_apart_is_saved_without_a_question(
    site: Site, people: People
) -> None:
    meeting_id = plan(site, people)
    screen = opened(site, people, meeting_id, edit="facts")
    tenants, shops = (StakeDraft(Stake.COULD_LOSE, who) for who in ("Tenants", "Shopkeepers"))
    by_another(site, people, meeting_id, capacity=30, stakes=(tenants, shops))
    screen.text_input(key=f"convening_place_{meeting_id}").input("The square")
    screen.button(key="editor_next").click().run()
    found = stored(site, people, meeting_id)
    assert (found.place, found.capacity, found.stakes) == ("The square", 30, (tenants, shops))
    assert screen.query_params["edit"] == "stakes"


def test_a_foreign_convening_in_the_url_answers_as_a_missing_one(
    site: Site, people: People
) -> None:
    with site.writing() as session:
        foreign = builders.convening(
            session, builders.stage(session, people.foreign_id), "Secret meeting"
        )
    for meeting_id in (foreign, 999_999):
        screen = opened(site, people, meeting_id, edit="facts")
        assert [each.value for each in screen.info] == ["There is no such convening here\\."]
        assert not screen.text_input


def test_a_facilitator_reads_and_plans_nothing(site: Site, people: People) -> None:
    meeting_id = plan(site, people)
    site.sign_in(people.bob)
    screen = opened(site, people)
    assert "Next: Design workshop" in texts(screen)
    keys = {each.key for each in screen.button}
    assert keys == {f"agenda_{meeting_id}", f"invitees_{meeting_id}"}
    screen = opened(site, people, meeting_id, edit="facts")
    assert not screen.text_input


def test_what_was_held_stands_in_a_table_below(site: Site, people: People) -> None:
    meeting_id = plan(site, people)
    with site.writing() as session:
        session.get_one(work.Convening, meeting_id).state = ConveningState.HELD
        person = builders.person(session, people.initiative_id, "Noor", Group.STEWARD)
        builders.invitation(session, meeting_id, person, InvitationStatus.ATTENDED)
    table = opened(site, people).dataframe[0].value
    assert table.iloc[0].to_list() == [
        "Design workshop",
        "Sat 6 Jun 2026",
        "Design",
        1,
        1,
        0,
        0,
    ]


def test_what_people_wrote_is_no_markdown(site: Site, people: People) -> None:
    title = "![x](https://evil.example/p.png) **bold**"
    plan(site, people, title=title, place="# big", purpose="<b>x</b>")
    screen = opened(site, people)
    assert screen.header[0].value == escape(title)
    assert all("![" not in each.value and "\n# " not in each.value for each in screen.markdown)


def test_the_screen_speaks_arabic(site: Site, people: People) -> None:
    plan(site, people)
    site.speak(Language.ARABIC)
    said = texts(opened(site, people))
    assert "القادم: Design workshop، السبت 6 حزيران 2026، 10:00–12:00، بعد 5 أيام." in said


def test_without_a_stage_the_screen_says_what_comes_first(site: Site) -> None:
    with site.writing() as session:
        people = builders.people(session)
    site.sign_in(people.alice)
    screen = opened(site, people)
    assert screen.info[0].value.startswith("A convening stands in a stage")
    assert "convenings_first" not in {each.key for each in screen.button}


def test_a_convening_whose_time_has_passed_is_asked_whether_it_was_held(
    site: Site, people: People
) -> None:
    meeting_id = plan(site, people)
    site.at(datetime(2026, 6, 6, 9, 1, tzinfo=UTC))
    screen = opened(site, people)
    assert "- Its time was Sat 6 Jun 2026. Was it held?" in texts(screen)
    screen.button(key=f"hold_{meeting_id}").click().run()
    assert [each.label for each in screen.button][-2:] == ["Mark as held", "Cancel"]


def test_a_copy_opens_in_the_editor(site: Site, people: People) -> None:
    meeting_id = plan(site, people)
    screen = opened(site, people)
    menu = screen.get_by_key(f"more_{meeting_id}")
    menu.set_value("duplicate").run()  # type: ignore[union-attr]
    assert screen.query_params["edit"] == "questions"
    assert stored(site, people, 2).title == "Design workshop (copy)"


def test_the_promise_and_the_tensions_are_kept_and_stand_on_the_card(
    site: Site, people: People
) -> None:
    meeting_id = plan(site, people)
    asked = "No promise yet: what happens with what is said there, and by when?"
    assert asked in texts(opened(site, people, meeting_id))
    screen = opened(site, people, meeting_id, edit="facts")
    screen.text_area(key=f"convening_promise_{meeting_id}").set_value("You get the notes.")
    screen.date_input(key=f"convening_promise_by_{meeting_id}").set_value(date(2026, 6, 20))
    screen.checkbox(key=f"convening_remind_{meeting_id}").set_value(False)
    screen.button(key="editor_next").click().run()
    screen.text_area(key=f"convening_tensions_{meeting_id}").set_value("Rent")
    screen.button(key="editor_next").click().run()
    assert not screen.exception
    found = stored(site, people, meeting_id)
    assert (found.promise, found.promise_by, found.remind, found.tensions) == (
        "You get the notes.",
        date(2026, 6, 20),
        False,
        "Rent",
    )
    shown = texts(opened(site, people, meeting_id))
    assert "Promise, by Sat 20 Jun 2026: You get the notes." in shown
    assert "Tense: Rent" in shown
    assert asked not in shown
