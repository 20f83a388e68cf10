"""The messages screen: what became of them, what is to be handed over, and who sees none of it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import streamlit as st
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest

from convening import settings
from convening.vocabulary import InvitationStatus, Language, MailState
from db.commands import invitations
from db.tables import work
from db.tables.community import Stakeholder
from db.tables.mail import OutboxEmail
from tests import builders, mail
from tests.builders import People
from tests.pages.site import Site

M = MailState
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=20)


@pytest.fixture
def people(site: Site, monkeypatch: pytest.MonkeyPatch) -> People:
    """Alice's initiative, and a mail server that nobody connects to."""
    monkeypatch.setattr(st, "page_link", lambda _page, *, label, **_rest: st.markdown(label))
    mail.name_server(monkeypatch)
    with site.writing() as session:
        found = builders.people(session)
        stage = builders.stage(session, found.initiative_id)
        builders.convening(session, stage, "Evening session", starts_at=SOON)
    site.sign_in(found.alice)
    return found


def room(site: Site) -> int:
    with site.reading() as session:
        return session.exec(select(work.Convening.id)).one() or 0


def invite(site: Site, people: People, **states: MailState) -> list[int]:
    """Invites these people; their messages then stand as told."""
    meeting = room(site)
    with site.writing() as session:
        ids = []
        for name, state in states.items():
            person = builders.person(session, people.initiative_id, name)
            with_address = state is not M.BY_HAND
            session.get_one(Stakeholder, person).email = f"{name}@example.org" * with_address
            ids.append(builders.invitation(session, meeting, person))
        session.flush()
        invitations.move_status(session, people.alice, meeting, ids, InvitationStatus.INVITED)
        rows = session.exec(select(OutboxEmail).order_by(col(OutboxEmail.id))).all()
        for row, state in zip(rows, states.values(), strict=True):
            row.state, row.attempts = state, int(state is not M.BY_HAND)
            if state is M.FAILED:
                row.problem = "recipient_refused 550 no such user"
        return [row.key for row in rows]


def opened(site: Site, people: People) -> AppTest:
    return site.run("mail", chosen_initiative=people.initiative_id, chosen_convening=room(site))


def everything(test: AppTest) -> str:
    shown = [*test.text, *test.markdown, *test.caption, *test.info, *test.warning, *test.error]
    return re.sub(r"\\(.)", r"\1", "\n".join(str(each.value) for each in shown))


def states(site: Site) -> list[str]:
    with site.reading() as session:
        return [
            row.state for row in session.exec(select(OutboxEmail).order_by(col(OutboxEmail.id)))
        ]


def choose(monkeypatch: pytest.MonkeyPatch, row: int) -> None:
    """Chooses a line of the list; AppTest has no way of its own to do so."""
    monkeypatch.setattr(st, "dataframe", lambda *_, **__: {"selection": {"rows": [row]}})


def keys(test: AppTest) -> set[str | None]:
    return {each.key for each in test.button}


def test_without_messages_it_says_where_they_come_from(site: Site, people: People) -> None:
    test = opened(site, people)
    assert "Nothing has been written yet" in everything(test)
    assert len(test.dataframe) == 0


def test_the_answer_comes_first(site: Site, people: People) -> None:
    invite(site, people, a=M.SENT, b=M.SENT, c=M.WAITING, d=M.FAILED, e=M.UNCERTAIN, f=M.BY_HAND)
    text = everything(opened(site, people))
    assert "2 messages sent, 1 waiting, 1 not delivered, 1 uncertain and 1 to hand over." in text
    assert "2 messages need you: open them to see why." in text


def test_in_arabic_too(site: Site, people: People) -> None:
    invite(site, people, a=M.SENT, b=M.FAILED)
    site.speak(Language.ARABIC)
    assert "أُرسلت رسالة واحدة وواحدة لم تصل." in everything(opened(site, people))


def test_the_list_says_why_something_failed(site: Site, people: People) -> None:
    invite(site, people, a=M.SENT, b=M.FAILED)
    [table] = opened(site, people).dataframe
    why = (
        "The mail server does not take messages for this address. The server said: 550 no such user"
    )
    assert list(table.value["Why"]) == [why, ""]
    assert list(table.value["State"]) == ["Not delivered", "Sent"]


def test_a_message_is_copied_with_its_real_link_and_handed_over(
    site: Site, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    invite(site, people, Amina=M.BY_HAND)
    choose(monkeypatch, 0)
    test = opened(site, people)
    assert "https://halqa.example.org/rsvp/" in test.code[0].value
    assert "Hello Amina" in test.code[0].value
    assert keys(test) >= {"mail_hand_over"}
    assert "mail_send_again" not in keys(test)  # no address is known
    test.button(key="mail_hand_over").click().run()
    assert states(site) == [M.SENT]


def test_what_failed_is_sent_again(
    site: Site, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    invite(site, people, Amina=M.FAILED)
    choose(monkeypatch, 0)
    opened(site, people).button(key="mail_send_again").click().run()
    assert states(site) == [M.WAITING]


def test_what_may_have_arrived_is_sent_again_only_after_a_question(
    site: Site, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    invite(site, people, Amina=M.UNCERTAIN)
    choose(monkeypatch, 0)
    test = opened(site, people).button(key="mail_send_again").click().run()
    assert states(site) == [M.UNCERTAIN]
    assert "the person may get it twice" in everything(test)
    test.button(key="mail_twice_yes").click().run()
    assert states(site) == [M.WAITING]


@pytest.mark.parametrize("state", [M.SENT, M.WAITING])
def test_what_needs_nobody_offers_nothing(
    site: Site, people: People, monkeypatch: pytest.MonkeyPatch, state: MailState
) -> None:
    invite(site, people, Amina=state)
    choose(monkeypatch, 0)
    assert not keys(opened(site, people)) & {"mail_hand_over", "mail_send_again"}


def test_those_without_an_answer_are_reminded_after_a_question(site: Site, people: People) -> None:
    invite(site, people, a=M.SENT, b=M.SENT)
    test = opened(site, people).button(key="mail_primary").click().run()
    assert "2 people have not answered." in everything(test)
    test.button(key="mail_primary").click()  # holds the dialog open
    test.button(key="confirm_yes").click().run()
    assert states(site) == [M.SENT, M.SENT, M.WAITING, M.WAITING]
    assert "mail_primary" not in keys(opened(site, people))


def test_without_a_mail_server_it_says_so(
    site: Site, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HALQA_SMTP_URL")
    settings.current.cache_clear()
    invite(site, people, a=M.BY_HAND)
    assert "No mail server is set" in everything(opened(site, people))


def test_of_a_sample_it_says_that_nothing_is_sent_and_offers_no_sending(
    site: Site, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    (message,) = invite(site, people, Amina=M.FAILED)
    with site.writing() as session:
        session.get_one(work.Initiative, people.initiative_id).sample = True
        session.get_one(OutboxEmail, message).state = M.BY_HAND
    choose(monkeypatch, 0)
    test = opened(site, people)
    assert "nothing is ever sent to its people" in everything(test)
    assert "mail_hand_over" in keys(test)
    assert "mail_send_again" not in keys(test)


def test_another_team_sees_nothing(site: Site, people: People) -> None:
    invite(site, people, Amina=M.BY_HAND)
    site.sign_in(people.charlie)
    test = opened(site, people)
    assert "Amina" not in everything(test)
    assert len(test.dataframe) == 0
