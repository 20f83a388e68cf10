"""The screen after a room, as those who ran it meet it."""

from datetime import date, timedelta

import pytest
import streamlit as st
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from convening.after import CommitmentDraft
from convening.i18n import Translator
from convening.vocabulary import Group, InvitationStatus, Language
from db.base import now
from db.commands import after
from db.tables import room as table
from db.tables.mail import OutboxEmail
from pages.components.markdown import escape
from tests import builders
from tests.pages.screens import errors, texts
from tests.pages.site import Site

EN = Translator(Language.ENGLISH)


class Room:
    """A convening that ended an hour ago, with two people who were there."""

    def __init__(self, site: Site, *, ended: bool = True) -> None:
        self.site = site
        with site.writing() as session:
            self.team = builders.people(session)
            stage = builders.stage(session, self.team.initiative_id)
            starts = now() + timedelta(hours=-3 if ended else 24)
            self.id = builders.convening(session, stage, "The square", starts_at=starts)
            for name in ("Noor", "Sami"):
                person = builders.person(session, self.team.initiative_id, name, Group.STEWARD)
                builders.invitation(session, self.id, person, InvitationStatus.ATTENDED)

    def open(self) -> AppTest:
        return self.site.run(
            "after",
            chosen_initiative=self.team.initiative_id,
            chosen_convening=self.id,
        )

    def promise(self, what: str, due: date) -> None:
        with self.site.writing() as session:
            after.add_commitment(
                session, self.team.alice, CommitmentDraft(self.id, what, "Amal", due)
            )

    def answered(self, **answers: dict[str, int]) -> None:
        with self.site.writing() as session:
            session.add_all(
                table.PulseCount(
                    convening_id=self.id, question=question, answer=answer, people=people
                )
                for question, counts in answers.items()
                for answer, people in counts.items()
            )


@pytest.fixture(autouse=True)
def links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside of the frame there are no pages to link to."""
    monkeypatch.setattr(st, "page_link", lambda _page, *, label, **_rest: st.markdown(label))


@pytest.fixture
def room(site: Site) -> Room:
    found = Room(site)
    site.sign_in(found.team.alice)
    return found


def send(app: AppTest, opener: str) -> AppTest:
    """Submits the form of a dialog: the run has to open the dialog again first."""
    next(each for each in app.button if each.form_id).click()
    return app.button(key=opener).click().run()


def test_before_the_end_only_expectation_and_commitments_are_there(site: Site) -> None:
    room = Room(site, ended=False)
    site.sign_in(room.team.bob)
    app = room.open()
    assert [each.value for each in app.info] == [escape(EN("after.not_over"))]
    assert [each.value for each in app.subheader] == ["Review", "Commitments"]


def test_the_answer_says_how_many_answered_and_what_is_late(room: Room) -> None:
    room.answered(held_back={"yes": 3, "partly": 1, "no": 2}, safe_to_disagree={"no": 2})
    room.promise("Two benches", date(2020, 1, 1))
    room.promise("Light", date(2099, 1, 1))
    app = room.open()
    shown = " ".join(each.value for each in app.markdown).replace("\\", "")
    assert "6 of 2 people who were there answered the questions" in shown
    assert "2 commitments are open. 1 of them is past its day." in shown
    assert "4 of 6 people held something back, at least partly." in texts(app)
    (grid,) = app.table
    assert grid.value.iloc[0].tolist() == [
        escape("Did you hold something back?"),
        "3",
        "1",
        "2",
        "6",
    ]
    assert grid.value.iloc[1].tolist()[1:] == ["withheld", "withheld", "withheld", "2"]
    assert [each.value for each in app.warning] == [escape(EN("after.pulse_many"))]


def test_the_link_is_made_and_shown(site: Site, room: Room) -> None:
    app = room.open()
    app.button(key="make_link").click().run()
    with site.reading() as session:
        assert len(session.exec(select(table.AfterLink)).all()) == 1
    addresses = [each.value for each in app.code]
    assert ["/pulse/" in addresses[0], "/became/" in addresses[1]] == [True, True]


def test_a_review_is_written(site: Site, room: Room) -> None:
    app = room.open()
    app.button(key="write_review").click().run()
    app.text_area(key="review_happened").set_value("A quarrel about rent")
    app = send(app, "write_review")
    assert errors(app) == []
    with site.reading() as session:
        row = session.exec(select(table.ConveningReview)).one()
    assert (row.happened, row.version) == ("A quarrel about rent", 1)


def test_a_commitment_is_noted_kept_and_taken_back(site: Site, room: Room) -> None:
    app = room.open()
    app.button(key="add_commitment").click().run()
    app.text_input(key="what_new").set_value("Two benches")
    app = send(app, "add_commitment")
    assert len(errors(app)) == 2
    app.text_input(key="owner_new").set_value("Amal")
    app.date_input(key="due_on_new").set_value(date(2026, 3, 20))
    app = send(app, "add_commitment")
    with site.reading() as session:
        row = session.exec(select(table.Commitment)).one()
    assert (row.what, row.owner, row.due_on) == ("Two benches", "Amal", date(2026, 3, 20))
    app = room.open()
    app.button(key=f"tick_{row.key}").click().run()
    app.button(key="undo_last").click().run()
    with site.reading() as session:
        assert session.exec(select(table.Commitment)).one().done_at is None


def test_the_summary_is_read_and_sent(site: Site, room: Room) -> None:
    app = room.open()
    assert EN("after.summary_people", count=2) in texts(app)
    app.button(key="preview").click().run()
    assert [each for each in texts(app) if each.startswith("Hello you,")]
    app = room.open()
    app.button(key="send_summary").click().run()
    app.button(key="send_yes").click()
    app.button(key="send_summary").click().run()
    with site.reading() as session:
        assert len(session.exec(select(OutboxEmail)).all()) == 2
    app = room.open()
    assert EN("after.summary_all") in texts(app)
    assert "2 to hand over." in texts(app)


def test_whoever_facilitates_reads_it_and_does_not_send_it(site: Site, room: Room) -> None:
    site.sign_in(room.team.bob)
    app = room.open()
    keys = {each.key for each in app.button}
    assert "preview" in keys
    assert "send_summary" not in keys


def test_what_is_due_stands_on_the_first_screen(site: Site, room: Room) -> None:
    room.promise("Two benches", now().date() - timedelta(days=1))
    room.promise("Light", now().date() + timedelta(days=3))
    room.promise("Trees", now().date() + timedelta(days=30))
    app = site.run("home")
    shown = " ".join(each.value for each in app.markdown)
    assert "2 commitments are due" in shown
    assert [each for each in texts(app) if "past its day" in each]
    assert "Trees" not in shown
