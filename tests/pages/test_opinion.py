"""The opinion screen: conversations, their statements, and what the groups say."""

import csv
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest

from convening.definitions import DefinitionDraft, VersionDraft
from convening.i18n import Translator
from convening.vocabulary import Choice, DefinitionField, Group, Language, StatementState
from db.commands import definitions
from db.tables.understanding import Conversation, Statement, Vote
from tests import builders
from tests.builders import People
from tests.pages.site import Site

S, G, I = Group  # noqa: E741
W, O, C, H = StatementState  # noqa: E741
EN = Translator(Language.ENGLISH)
DATA = Path(__file__).parents[1] / "data" / "opinion"


@pytest.fixture
def people(site: Site) -> People:
    with site.writing() as session:
        found = builders.people(session)
    site.sign_in(found.bob)
    return found


@pytest.fixture
def room(site: Site, people: People) -> list[int]:
    """Two closed statements: all agree on the first, and not the stewards on the second; then one
    that is open, and one that waits."""
    with site.writing() as session:
        _, ids = builders.conversation(session, people.initiative_id, C, C, O, W)
        for statement, stewards in ((ids[0], Choice.AGREE), (ids[1], Choice.DISAGREE)):
            for group in Group:
                choice = stewards if group is S else Choice.AGREE
                voters = [f"{group}{number}" for number in range(6)]
                builders.votes(session, statement, choice, voters, group)
        builders.votes(session, ids[2], Choice.DISAGREE, ["steward0"], S)
    return ids


def opened(site: Site, people: People) -> AppTest:
    return site.run("opinion", chosen_initiative=people.initiative_id)


def in_dialog(test: AppTest, opener: str, press: str | None = None) -> AppTest:
    """A further run in which the dialog stands open, with one of its buttons pressed."""
    if press is not None:
        next(each for each in test.button if press in (each.key, each.label)).click()
    test.button(key=opener).click().run()
    assert not test.exception, test.exception
    return test


def everything(test: AppTest) -> str:
    shown = [*test.text, *test.markdown, *test.caption, *test.header, *test.info, *test.error]
    return re.sub(r"\\(.)", r"\1", "\n".join(str(each.value) for each in shown))


def tick(test: AppTest, *numbers: int) -> AppTest:
    """Ticks the statements of these numbers in the list."""
    for each in test.checkbox:
        if any(each.label.startswith((f"{number}.", f"{number}\\.")) for number in numbers):
            each.check()
    return test.run()


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What each download button would give, by its label."""
    found: dict[str, Any] = {}

    def button(label: str, data: Any, **_: Any) -> bool:
        found[label] = data
        return False

    monkeypatch.setattr(st, "download_button", button)
    return found


def test_without_a_conversation_the_screen_says_what_it_is_for(site: Site, people: People) -> None:
    shown = everything(opened(site, people))
    assert "No conversation yet" in shown
    assert "where one stands alone" in shown


def test_a_conversation_is_started(site: Site, people: People) -> None:
    test = opened(site, people)
    in_dialog(test, "opinion_primary")
    test.text_input(key="conversation_title").set_value(" The square ")
    in_dialog(test, "opinion_primary", "Save")
    with site.reading() as session:
        assert session.exec(select(Conversation.title)).all() == ["The square"]
    assert "No statement yet." in everything(test)


@pytest.mark.usefixtures("room")
def test_the_answer_names_where_all_agree_and_who_stands_alone(site: Site, people: People) -> None:
    test = opened(site, people)
    shown = everything(test)
    assert "2 statements closed. All groups agree on 1; on 1 one group stands alone." in shown
    assert "stewards: 6 of 6 agree, gateways: 6 of 6 agree and influencers: 6 of 6 agree" in shown
    assert "stewards: 6 of 6 disagree. The others agree." in shown
    assert "1 statement is open, with 1 vote so far." in shown
    assert "Most divided first: Statement 2" in shown


@pytest.mark.usefixtures("room")
def test_nothing_of_an_open_statement_reaches_the_browser(site: Site, people: People) -> None:
    test = opened(site, people)
    (chart,) = test.get("vega_lite_chart")
    assert "Statement 2" in str(chart.proto)
    assert "Statement 3" not in str(chart.proto)


@pytest.mark.usefixtures("room")
def test_the_team_own_figures_are_no_files(
    site: Site, people: People, files: dict[str, Any]
) -> None:
    opened(site, people)
    assert list(files) == ["By group, protected (CSV)", "In the Polis layout (ZIP)"]
    rows = list(csv.reader(io.StringIO(files["By group, protected (CSV)"]().decode("utf-8-sig"))))
    assert rows[6][2:] == ["stewards", "0", "6", "0"]
    with zipfile.ZipFile(io.BytesIO(files["In the Polis layout (ZIP)"]())) as archive:
        votes = archive.read("votes.csv").decode("utf-8-sig").splitlines()
    assert len(votes) == 1 + 36


def test_of_four_voters_no_single_votes_leave(
    site: Site, people: People, files: dict[str, Any]
) -> None:
    with site.writing() as session:
        _, [closed, still_open] = builders.conversation(session, people.initiative_id, C, O)
        builders.votes(session, closed, Choice.AGREE, "abcd", S)
        builders.votes(session, still_open, Choice.AGREE, "efgh", S)
    shown = everything(opened(site, people))
    assert list(files) == ["By group, protected (CSV)"]
    assert "A file of single votes is made from 5 voters on." in shown


def test_a_small_group_is_named_and_not_split(site: Site, people: People) -> None:
    with site.writing() as session:
        _, [closed] = builders.conversation(session, people.initiative_id, C)
        builders.votes(session, closed, Choice.AGREE, "abcdef", G)
        builders.votes(session, closed, Choice.DISAGREE, "xyz", S)
    test = opened(site, people)
    assert "Too few votes to show by themselves: stewards." in everything(test)
    (chart,) = test.get("vega_lite_chart")
    assert "gateway" in str(chart.proto)
    assert "steward" not in str(chart.proto)


def test_ticked_statements_are_opened_shown_and_hidden(
    site: Site, people: People, room: list[int]
) -> None:
    def states() -> list[tuple[str, bool]]:
        with site.reading() as session:
            rows = session.exec(select(Statement).order_by(col(Statement.number))).all()
            return [(each.state, each.revealed) for each in rows]

    test = opened(site, people)
    test.segmented_control[0].set_value("statements").run()
    tick(test, 3, 4)
    shown = everything(test)
    assert "4 statements: 1 waiting, 1 open, 2 closed, 0 hidden." in shown
    labels = [each.label for each in test.button if (each.key or "").startswith("opinion_to_")]
    assert labels == [
        "Open for voting: 1",
        "End the voting: 1",
        "Hide from voting and the wall: 2",
    ]
    test.button(key="opinion_to_open").click().run()
    assert states() == [(C, False), (C, False), (O, False), (O, False)]
    assert not [each for each in test.checkbox if each.value]
    tick(test, 3, 4)
    assert test.button(key="opinion_reveal").label == "End the voting and show on the wall: 2"
    test.button(key="opinion_reveal").click().run()
    assert states()[2:] == [(C, True), (C, True)]
    tick(test, 1)
    assert test.button(key="opinion_reveal").label == "Show on the wall: 1"
    test.button(key="opinion_reveal").click().run()
    tick(test, 3, 4)
    test.button(key="opinion_to_hidden").click().run()
    assert states()[2:] == [(H, False), (H, False)]
    assert not test.exception
    assert len(room) == 4


def test_the_moderated_list_holds_every_text_whole(site: Site, people: People) -> None:
    with site.writing() as session:
        builders.conversation(session, people.initiative_id, *[W] * 22)
        for each in session.exec(select(Statement)):
            each.text = f"{each.number} {'word ' * 70}end"
    test = opened(site, people)
    (every, *listed) = test.checkbox
    assert [each.label.endswith("word end") for each in listed] == [True] * 20
    every.check().run()
    assert test.button(key="opinion_to_open").label == "Open for voting: 20"
    test.button(key="opinion_moderated_to_page_1").click().run()
    assert [each.value for each in test.checkbox] == [False] * 3


def test_a_statement_is_written_and_changed_while_it_waits(site: Site, people: People) -> None:
    with site.writing() as session:
        builders.conversation(session, people.initiative_id)
    test = opened(site, people)
    in_dialog(test, "opinion_write")
    test.text_area(key="statement_text").set_value("Who decides?")
    in_dialog(test, "opinion_write", "Add")
    test = tick(opened(site, people), 1)
    in_dialog(test, "opinion_edit")
    test.text_area(key="statement_text").set_value("Who decides on the money?")
    in_dialog(test, "opinion_edit", "Save")
    with site.reading() as session:
        assert session.exec(select(Statement.text)).all() == ["Who decides on the money?"]


def test_contested_points_are_taken_over_line_by_line(site: Site, people: People) -> None:
    with site.writing() as session:
        builders.conversation(session, people.initiative_id)
        definitions.create_definition(
            session, people.alice, DefinitionDraft(people.initiative_id, "The quarter")
        )
        text = {DefinitionField.CONTESTED: "- Who decides?\n- Who pays?"}
        definitions.write_version(session, people.alice, VersionDraft(1, None, text))
    test = opened(site, people)
    in_dialog(test, "opinion_seed")
    (lines,) = [each for each in test.text_area if (each.key or "").startswith("seed_text_")]
    assert lines.value == "Who decides?\nWho pays?"
    lines.set_value("Who decides?\n\n The tenants should pay. ")
    in_dialog(test, "opinion_seed", "seed_add")
    with site.reading() as session:
        listed = session.exec(select(Statement.text, Statement.version_id)).all()
    assert listed == [("Who decides?", 1), ("The tenants should pay.", 1)]


def test_a_real_conversation_is_brought_in(site: Site, people: People) -> None:
    test = opened(site, people)
    in_dialog(test, "opinion_bring_in")
    given = [
        (f"{name}.csv", (DATA / f"{name}.csv").read_bytes(), "text/csv")
        for name in ("votes", "comments", "participants-votes")
    ]
    test.file_uploader[0].set_value(given)
    in_dialog(test, "opinion_bring_in")
    shown = everything(test)
    assert "39 statements with 638 votes of 26 people." in shown
    assert "3 statements were rejected by a moderator and stay hidden." in shown
    in_dialog(test, "opinion_bring_in", "bring_in_now")
    shown = everything(test)
    assert "36 statements closed, with 26 people. Nothing can be shown by group yet." in shown
    with site.reading() as session:
        assert len(session.exec(select(Vote)).all()) == 638


def test_a_wrong_file_is_named(site: Site, people: People) -> None:
    test = opened(site, people)
    in_dialog(test, "opinion_bring_in")
    test.file_uploader[0].set_value([("x.csv", b"a,b\n1,2\n", "text/csv")])
    in_dialog(test, "opinion_bring_in")
    shown = everything(test)
    assert "x.csv: It begins with the column “a” and is none of the three" in shown
    assert "The file votes.csv is missing." in shown


def test_a_picture_is_no_polis_file(site: Site, people: People) -> None:
    test = opened(site, people)
    in_dialog(test, "opinion_bring_in")
    test.file_uploader[0].set_value([("votes.csv", b"\x89PNG\r\n\x1a\n\x00", "text/csv")])
    in_dialog(test, "opinion_bring_in")
    shown = everything(test)
    assert "votes.csv: This is no file of a Polis export." in shown
    assert "XLSX" not in shown


def test_a_spreadsheet_is_told_how_to_become_a_polis_file(site: Site, people: People) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    test = opened(site, people)
    in_dialog(test, "opinion_bring_in")
    test.file_uploader[0].set_value([("votes.xlsx", target.getvalue(), "text/csv")])
    in_dialog(test, "opinion_bring_in")
    assert "votes.xlsx: This is a spreadsheet. Please export it as CSV" in everything(test)


def test_where_it_was_brought_in_is_said_once(site: Site, people: People) -> None:
    with site.writing() as session:
        row = Conversation(
            initiative_id=people.initiative_id, title=EN("opinion.bring_in_title"), brought_in=True
        )
        session.add(row)
    test = opened(site, people)
    box = next(e for e in test.selectbox if (e.key or "").startswith("opinion_choose_"))
    assert box.options == ["Conversation from Polis · brought in"]


def test_single_votes_stay_with_the_team(site: Site, people: People, room: list[int]) -> None:
    test = opened(site, people)
    shown = everything(test)
    assert "Please do not hand it out" in shown
    heads = [each.value for each in test.subheader]
    assert heads == ["May leave the team", "Stays with the team"]
    assert room


def test_what_all_groups_are_against_is_a_list_of_its_own(site: Site, people: People) -> None:
    with site.writing() as session:
        _, ids = builders.conversation(session, people.initiative_id, *[C] * 8)
        for place, statement in enumerate(ids):
            for group in Group:
                voters = [f"{group}{number}" for number in range(2 if place == 7 else 6)]
                choice = Choice.DISAGREE if place == 0 else Choice.AGREE
                builders.votes(session, statement, choice, voters, group)
    test = opened(site, people)
    shown = everything(test)
    assert "one group stands alone. All groups are against 1 of them." in shown
    assert test.subheader[0].value == "What all groups are against"
    assert "stewards: 6 of 6 disagree, gateways: 6 of 6 disagree" in shown
    assert [each.label for each in test.expander if "more" in each.label] == ["1 more"]
    assert "1 statement comes last, with too few votes to compare" in shown


def test_what_hardly_anybody_voted_on_is_not_quoted_as_most_divided(
    site: Site, people: People
) -> None:
    with site.writing() as session:
        _, [few] = builders.conversation(session, people.initiative_id, C)
        builders.votes(session, few, Choice.AGREE, "ab", S)
        builders.votes(session, few, Choice.DISAGREE, "cd", G)
    shown = everything(opened(site, people))
    assert "Too few votes yet to tell what divides most." in shown
    assert "Most divided first:" not in shown
    assert "1 statement comes last, with too few votes to compare: fewer than 5." in shown


def test_the_conversation_of_the_convening_in_hand_comes_first(site: Site, people: People) -> None:
    with site.writing() as session:
        stage = builders.stage(session, people.initiative_id)
        here, there = (builders.convening(session, stage) for _ in range(2))
        for title, meeting in (("Ours", here), ("Theirs", there), ("Brought", None)):
            row = Conversation(
                initiative_id=people.initiative_id, title=title, convening_id=meeting
            )
            session.add(row)
            session.flush()

    def in_hand(test: AppTest) -> str:
        box = next(e for e in test.selectbox if (e.key or "").startswith("opinion_choose_"))
        return str(box.format_func(box.value)).split(" · ")[0]

    test = site.run("opinion", chosen_initiative=people.initiative_id, chosen_convening=here)
    assert in_hand(test) == "Ours"
    box = next(e for e in test.selectbox if (e.key or "").startswith("opinion_choose_"))
    test = box.select_index(0).run()
    assert in_hand(test) == "Brought"
    assert in_hand(test.run()) == "Brought"
    test.session_state["chosen_convening"] = there
    assert in_hand(test.run()) == "Theirs"


@pytest.mark.usefixtures("room")
def test_the_agreement_of_all_groups_is_told_and_explained(site: Site, people: People) -> None:
    test = opened(site, people)
    (chart,) = test.get("vega_lite_chart")
    assert "Agreement of all groups: 67%" in str(chart.proto)  # (7 / 8) ** 3
    assert "Agreement of all groups: 10%" in str(chart.proto)  # 1 / 8 * (7 / 8) ** 2
    shown = everything(test)
    assert "One agreeing and one other vote are added to each group first" in shown
    assert "how likely" not in shown


@pytest.mark.usefixtures("room")
def test_only_what_nobody_voted_on_can_be_deleted(site: Site, people: People) -> None:
    test = opened(site, people)
    in_dialog(test, "opinion_settings")
    assert "conversation_delete" not in {each.key for each in test.button}
    test.text_input(key="conversation_title").set_value("Renamed")
    in_dialog(test, "opinion_settings", "Save")
    with site.reading() as session:
        assert session.exec(select(Conversation.title)).all() == ["Renamed"]


def test_an_empty_conversation_is_deleted(site: Site, people: People) -> None:
    with site.writing() as session:
        builders.conversation(session, people.initiative_id, W)
    test = opened(site, people)
    in_dialog(test, "opinion_settings")
    in_dialog(test, "opinion_settings", "conversation_delete")
    assert "No conversation yet" in everything(test)


@pytest.mark.usefixtures("room")
def test_another_team_and_leadership_see_nothing(site: Site, people: People) -> None:
    site.sign_in(people.charlie)
    assert "There is no such initiative here." in everything(opened(site, people))
    site.sign_in(people.dana)
    shown = everything(opened(site, people))
    assert "Statement" not in shown


@pytest.mark.usefixtures("room")
def test_the_screen_speaks_arabic(site: Site, people: People) -> None:
    site.speak(Language.ARABIC)
    shown = everything(opened(site, people))
    assert "حيث تقف مجموعة وحدها" in shown
    assert "يعارض 6 من 6. وتوافق المجموعات الأخرى." in shown
