"""The page behind a receipt code, and the one of what became of it, as a phone meets them."""

import html
import logging
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from convening.dissent_drafts import ResponseDraft
from convening.i18n.participants import Translator, languages
from convening.vocabulary import Attribution, Group, NoteState, Outcome, VersionState
from db import room_codes, tokens, transaction
from db.base import Table
from db.commands import dissent, responses
from db.engine import Engines
from db.tables.room import AfterLink
from db.tables.understanding import (
    AnonymousNote,
    Definition,
    DefinitionVersion,
    DissentingView,
    DissentResponse,
)
from db.tables.work import Convening
from pages.plain import limits, receipt
from tests import dissent_world
from tests.dissent_world import World
from tests.pages.plain.conftest import HERE

ORIGIN = {"origin": HERE}
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}{% raw %}'
NOTE, VIEW = "23456789ABCD", "WXYZ98765432"
STANDS = ResponseDraft(Outcome.STANDS, "The rent is not in our hands.")


@pytest.fixture(autouse=True)
def nobody_has_written() -> Iterator[None]:
    receipt.WRITES.clear()
    yield
    receipt.WRITES.clear()


class Circle:
    """Alice's world with a note, a view of the stewards, and the link to what became of them."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        made = tokens.new()
        with self.writing() as session:
            self.world: World = dissent_world.world(session)
            self.note = dissent_world.note(session, self.world, "I am afraid")
            session.get_one(AnonymousNote, self.note).receipt_hash = room_codes.keyed(NOTE)
            dissent_world.attended(session, self.world, Group.STEWARD, 5)
            draft = self.world.draft(receipt_code=VIEW)
            self.view = dissent.record_dissent(session, self.world.people.alice, draft)
            convening = self.world.convening_id
            session.add(
                AfterLink(convening_id=convening, salt=made.salt, token_hash=made.token_hash)
            )
        self.became = f"/became/{made.token}"

    def writing(self) -> Any:
        return transaction.writing(self._engines, actor_id=None, journalled=False)

    def change(self, table: type[Any], key: int | str, **values: Any) -> None:
        with self.writing() as session:
            row = session.get_one(table, key)
            for name, value in values.items():
                setattr(row, name, value)

    def respond(self, dissent_id: int | str, draft: ResponseDraft = STANDS) -> None:
        with self.writing() as session:
            responses.respond(session, self.world.people.alice, dissent_id, draft)

    def take_up(self, dissent_id: int | str) -> None:
        """Version 3 says otherwise because of it."""
        third = self.world.versions[2]
        self.change(
            DefinitionVersion,
            third,
            state=VersionState.IN_DISCUSSION.value,
            statement="The square is expensive, and nobody asked why.",
        )
        self.respond(dissent_id, ResponseDraft(Outcome.INCORPORATED, "You are right", third))

    def row(self, table: type[Any], key: int | str) -> Any:
        with transaction.reading(self._engines) as session:
            return session.get_one(table, key)

    def replies(self) -> list[tuple[str, bool | None]]:
        with transaction.reading(self._engines) as session:
            rows = session.exec(select(DissentResponse).order_by(DissentResponse.id))  # type: ignore[arg-type]
            return [(each.outcome, each.answers) for each in rows]

    def additions(self) -> list[str]:
        with transaction.reading(self._engines) as session:
            return sorted(
                session.exec(select(AnonymousNote.text).where(AnonymousNote.strength == ""))
            )


@pytest.fixture
def circle(engines: Engines) -> Circle:
    return Circle(engines)


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def post(client: TestClient, query: str = "", /, **fields: Any) -> Any:
    return client.post(f"/receipt{query}", data=fields, headers=ORIGIN)


def test_the_form_asks_for_a_code_and_says_what_it_is_worth(client: TestClient) -> None:
    answer = client.get("/receipt")
    assert answer.status_code == 200
    assert "Receipt code" in answer.text
    assert "The code tells nobody who you are." in answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    assert "set-cookie" not in answer.headers


def test_a_code_in_the_address_opens_nothing(client: TestClient, circle: Circle) -> None:
    assert circle.note
    for path in (f"/receipt?code={NOTE}", f"/receipt/{NOTE}"):
        assert "I am afraid" not in client.get(path).text


def test_one_reads_ones_words_and_the_answer(client: TestClient, circle: Circle) -> None:
    circle.respond(circle.note)
    answer = post(client, code=" 2345-6789-abcd ")
    assert answer.status_code == 200
    for text in (
        "I am afraid",
        "Concern",
        "On version 2 of “The square”",
        "Workshop, Mon 2 Mar 2026",
        "It was shown to the others, without a name.",
        "Your view stands beside it.",
        "The rent is not in our hands.",
        "Does this answer what you said?",
        "If you say no, the team has to answer once more.",
    ):
        assert text in answer.text
    assert "Alice" not in answer.text


def test_the_words_that_changed_are_told_apart_without_colour(
    client: TestClient, circle: Circle
) -> None:
    circle.take_up(circle.note)
    text = post(client, code=NOTE).text
    assert "Your view changed the text. It is taken up in version 3." in text
    assert "What changed in version 3" in text
    for tag, sign, label, word in (
        ("del", "−", "taken out:", "neglected"),
        ("ins", "+", "added:", "expensive"),
    ):
        found = re.search(rf"<{tag}>(.*?)</{tag}>", text)
        assert found is not None
        shown = html.unescape(re.sub("<[^>]*>", "", found.group(1)))
        assert shown == f"{label} {sign}\u2060{word}"  # no line breaks between the two


def test_a_reply_is_noted_and_can_be_changed(client: TestClient, circle: Circle) -> None:
    circle.respond(circle.note)
    answer = post(client, code=NOTE, do="reply", answers="no")
    assert answer.status_code == 200
    assert "Thank you. Your reply is noted." in answer.text
    assert "You said: this does not answer it." in answer.text
    assert circle.replies() == [("stands", False)]
    post(client, code=NOTE, do="reply", answers="yes")
    post(client, code=NOTE, do="reply", answers="yes")
    assert circle.replies() == [("stands", True)]


def test_the_last_no_says_what_follows_from_it(client: TestClient, circle: Circle) -> None:
    circle.respond(circle.note)
    post(client, code=NOTE, do="reply", answers="no")
    circle.respond(circle.note, ResponseDraft(Outcome.STANDS, "We looked again."))
    text = post(client, code=NOTE).text
    assert "The second answer" in text
    assert "If you say no again, your view stands beside the text" in text


@pytest.mark.parametrize("answers", ["", "maybe"])
def test_a_reply_needs_a_choice(client: TestClient, circle: Circle, answers: str) -> None:
    circle.respond(circle.note)
    answer = post(client, code=NOTE, do="reply", answers=answers)
    assert answer.status_code == 422
    assert "Please choose one of the two replies." in answer.text
    assert circle.replies() == [("stands", None)]


def test_consent_is_asked_for_in_its_own_words(client: TestClient, circle: Circle) -> None:
    circle.respond(circle.view)
    answer = post(client, code=VIEW, do="publish")
    assert answer.status_code == 422
    asked = "Please choose whether your words may be published, or not."
    assert f'id="publish_error">{asked}' in answer.text
    assert "one of the two replies" not in answer.text
    assert circle.row(DissentingView, circle.view).agreed_to_publish is None


def test_one_adds_to_ones_words_once(client: TestClient, circle: Circle) -> None:
    page = post(client, code=NOTE).text
    form = re.search(r'name="form" value="([^"]+)"', page)
    assert form is not None
    assert UUID(form.group(1)).version == 4
    for _ in range(2):
        answer = post(client, code=NOTE, do="add", form=form.group(1), addition="And the shops")
        assert "Thank you. What you added is noted." in answer.text
    assert circle.additions() == ["And the shops"]
    assert form.group(1) not in answer.text  # the next addition is another one


@pytest.mark.parametrize("doing", [{"do": "reply", "answers": "no"}, {}])
def test_a_half_written_addition_stays_when_something_else_is_sent(
    client: TestClient, circle: Circle, doing: dict[str, str]
) -> None:
    circle.respond(circle.note)
    form = str(uuid4())
    answer = post(client, code=NOTE, form=form, addition="And the sho", **doing)
    assert "And the sho</textarea>" in answer.text
    assert form in answer.text
    assert circle.additions() == []


def test_what_cannot_be_added_is_kept_in_the_form(client: TestClient, circle: Circle) -> None:
    form = str(uuid4())
    answer = post(client, code=NOTE, do="add", form=form, addition="n" * 2001)
    assert answer.status_code == 422
    assert "2,000 characters fit here; this has 2,001." in answer.text
    assert "n" * 2001 in answer.text
    assert form in answer.text
    assert circle.additions() == []


def test_a_view_is_withdrawn_by_its_owner(client: TestClient, circle: Circle) -> None:
    answer = post(client, code=VIEW, do="withdraw")
    assert "Your view is withdrawn." in answer.text
    assert "Withdrawn by you." in answer.text
    assert 'value="withdraw"' not in answer.text
    assert circle.replies() == [("withdrawn", None)]


def test_a_withdrawn_view_is_no_longer_said_to_stand(client: TestClient, circle: Circle) -> None:
    circle.respond(circle.view)
    stands = "The text stays as it is. Your view stands beside it."
    assert stands in post(client, code=VIEW).text
    text = post(client, code=VIEW, do="withdraw").text
    assert "Withdrawn by you." in text
    assert "stands beside it" not in text
    assert "The text stays as it is." in text
    page = client.get(circle.became).text
    assert "stands beside it" not in page
    assert re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page) == [
        ("Dissenting views", "2"),
        ("Changed the text", "0"),
        ("Stand beside the text", "0"),
        ("Wait for an answer", "1"),
        ("Withdrawn", "1"),
    ]


def test_of_a_view_with_a_name_the_name_is_asked_about_and_not_shown(
    client: TestClient, circle: Circle
) -> None:
    """Whoever finds the slip of paper reads the words, and does not learn whose they are."""
    circle.respond(circle.view)
    assert "The code tells nobody who you are." in post(client, code=VIEW).text
    named = {"attribution": Attribution.NAMED.value, "agreed_to_name": True}
    circle.change(DissentingView, circle.view, owner_id=circle.world.people.bob.user_id, **named)
    shown = post(client, code=VIEW).text
    assert "It is recorded under your name." in shown
    assert "published with the definition, under your name?" in shown
    assert "The code tells nobody who you are." not in shown
    assert "Bob" not in shown


def test_publishing_needs_the_owners_own_yes(client: TestClient, circle: Circle) -> None:
    circle.respond(circle.view)
    assert "May your words be published with the definition?" in post(client, code=VIEW).text
    answer = post(client, code=VIEW, do="publish", publish="yes")
    assert "Thank you. Your choice is noted." in answer.text
    assert circle.row(DissentingView, circle.view).agreed_to_publish is True
    post(client, code=VIEW, do="publish", publish="no")
    assert circle.row(DissentingView, circle.view).agreed_to_publish is False


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (NoteState.HELD, "Only those who facilitate and the keeper of dissent can read it so far."),
        (NoteState.HIDDEN, "The reason given: Names somebody"),
    ],
)
def test_a_note_that_others_do_not_see_says_so(
    client: TestClient, circle: Circle, state: NoteState, said: str
) -> None:
    circle.change(AnonymousNote, circle.note, state=state, hidden_because="Names somebody")
    text = post(client, code=NOTE).text
    assert said in text
    assert "I am afraid" in text


@pytest.mark.parametrize("code", ["", "   "])
def test_an_empty_code_is_asked_for(client: TestClient, code: str) -> None:
    answer = post(client, code=code)
    assert (answer.status_code, "Please type the receipt code." in answer.text) == (422, True)


def test_a_wrong_code_is_not_found_and_guessing_is_stopped(
    client: TestClient, circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert circle.note
    monkeypatch.setattr(limits.MISSES, "_most", 3)
    found = [post(client, code=f"22222222222{n}") for n in (2, 3, 4, 5)]
    assert [each.status_code for each in found] == [404, 404, 404, 429]
    assert "Nothing was left with this code." in found[0].text
    stopped = post(client, "?language=fr", code=NOTE)
    assert stopped.status_code == 429
    assert 590 <= int(stopped.headers["retry-after"]) <= 600
    assert "Un peu de patience" in stopped.text
    assert client.get("/receipt").status_code == 429


def test_one_code_cannot_write_without_end(
    client: TestClient, circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    circle.respond(circle.note)
    monkeypatch.setattr(receipt.WRITES, "_most", 2)
    found = [
        post(client, code=NOTE, do="reply", answers="no").status_code,
        post(client, code=NOTE.lower(), do="reply", answers="yes").status_code,
        post(client, code=NOTE, do="reply", answers="no").status_code,
        post(client, code=NOTE).status_code,
    ]
    assert found == [200, 200, 429, 200]


@pytest.mark.parametrize("headers", [{}, {"origin": "http://evil.example"}])
def test_another_site_cannot_speak_for_somebody(
    client: TestClient, circle: Circle, headers: dict[str, str]
) -> None:
    answer = client.post("/receipt", data={"code": NOTE, "do": "withdraw"}, headers=headers)
    assert answer.status_code == 403
    assert circle.replies() == []


@pytest.mark.parametrize("body", [b"", b"\xff\xfe=%00", b"&" * 100, b"code=%00%00", b"do=add"])
def test_a_damaged_form_is_answered_calmly(client: TestClient, body: bytes) -> None:
    answer = client.post("/receipt", content=body, headers=ORIGIN)
    assert answer.status_code in (404, 422)
    assert "Receipt code" in answer.text


def test_too_much_is_refused_before_it_is_read(client: TestClient) -> None:
    answer = client.post("/receipt", content=b"code=" + b"x" * 70_000, headers=ORIGIN)
    assert (answer.status_code, "This is more text than fits" in answer.text) == (413, True)


@pytest.mark.parametrize("language", languages())
def test_every_language_is_spoken_on_every_page(
    client: TestClient, circle: Circle, language: str
) -> None:
    t = Translator(language)
    circle.respond(circle.note)
    pages = [
        (client.get(f"/receipt?language={language}"), t("receipt.show")),
        (post(client, f"?language={language}", code=NOTE), t("receipt.does_it")),
        (post(client, f"?language={language}", code=NOTE, do="reply"), t("receipt.mend")),
        (client.get(f"{circle.became}?language={language}"), t("became.title")),
        (client.get(f"/became/x?language={language}"), t("became.closed_title")),
    ]
    direction = "rtl" if t.rtl else "ltr"
    for answer, text in pages:
        assert f'<html lang="{language}" dir="{direction}">' in answer.text
        assert text in answer.text
    assert f'action="/receipt?language={language}#done"' in pages[1][0].text


def test_the_browser_is_asked_for_its_language(client: TestClient) -> None:
    answer = client.get("/receipt", headers={"accept-language": "es-MX,es;q=0.9"})
    assert '<html lang="es" dir="ltr">' in answer.text


def test_everybody_reads_what_became_of_it(client: TestClient, circle: Circle) -> None:
    circle.take_up(circle.view)
    answer = client.get(circle.became)
    assert answer.status_code == 200
    for text in (
        "Workshop, Mon 2 Mar 2026",
        "stewards",
        "Rents rise",
        "It changed the text. It is taken up in version 3.",
        "You are right",
        "What changed in version 3",
        "Here without a name",
        "I am afraid",
        "No answer yet.",
        "Nobody's name stands here without their consent.".replace("'", "&#39;"),
    ):
        assert text in answer.text
    counts = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", answer.text)
    assert counts == [
        ("Dissenting views", "2"),
        ("Changed the text", "1"),
        ("Stand beside the text", "0"),
        ("Wait for an answer", "1"),
    ]
    assert "<form" not in answer.text
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"


def test_a_made_up_link_is_not_found_and_guessing_is_stopped(
    client: TestClient, circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.MISSES, "_most", 2)
    found = [client.get(f"/became/guess{n}").status_code for n in range(3)]
    assert found == [404, 404, 429]
    assert client.get(circle.became).status_code == 429


def test_hostile_texts_are_only_ever_text(client: TestClient, circle: Circle) -> None:
    circle.take_up(circle.note)
    circle.change(AnonymousNote, circle.note, text=HOSTILE, reason=HOSTILE, resolution=HOSTILE)
    circle.change(DissentingView, circle.view, statement=HOSTILE, passage=HOSTILE)
    circle.change(DefinitionVersion, circle.world.versions[2], statement=HOSTILE, scope=HOSTILE)
    circle.change(Definition, circle.world.definition_id, title=HOSTILE)
    circle.change(Convening, circle.world.convening_id, title=HOSTILE)
    answers = [
        post(client, code=NOTE, do="add", form=HOSTILE, addition=HOSTILE + "x" * 2000),
        post(client, code=NOTE, do="add", form=HOSTILE, addition=HOSTILE),
        post(client, code=VIEW),
        post(client, code=HOSTILE),
        client.get(circle.became),
    ]
    for answer in answers:
        tags = Tags(answer.text).found
        assert {tag for tag, _ in tags} & {"script", "img", "iframe"} == set()
        assert not [name for _, attrs in tags for name in attrs if name.startswith("on")]
        assert "alert(1)" in answer.text


def test_the_heaviest_page_stays_light(client: TestClient, circle: Circle) -> None:
    circle.respond(circle.note)
    post(client, code=NOTE, do="reply", answers="no")
    circle.take_up(circle.note)
    for language in languages():
        pages = [
            post(client, f"?language={language}", code=NOTE, do="reply"),
            client.get(f"{circle.became}?language={language}"),
            client.get(f"/receipt?language={language}"),
        ]
        assert max(len(each.content) for each in pages) <= 15_000


def test_no_script_and_nothing_fetched(client: TestClient, circle: Circle) -> None:
    circle.respond(circle.note)
    for answer in (client.get("/receipt"), post(client, code=NOTE), client.get(circle.became)):
        tags = Tags(answer.text).found
        assert not [tag for tag, _ in tags if tag == "script"]
        fetched = [attrs["href"] for tag, attrs in tags if tag == "link"]
        assert fetched == ["/assets/favicon.png"]
        labelled = {attrs["for"] for tag, attrs in tags if tag == "label" and "for" in attrs}
        fields = {
            attrs["id"]
            for tag, attrs in tags
            if tag == "textarea" or (tag == "input" and attrs["type"] == "text")
        }
        assert fields == labelled
        ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
        assert len(ids) == len(set(ids))


def test_the_code_stands_in_no_log_and_nowhere_in_the_database(
    client: TestClient, engines: Engines, circle: Circle, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    circle.respond(circle.note)
    post(client, code=NOTE, do="reply", answers="no")
    post(client, code=NOTE, do="add", form=str(uuid4()), addition="Secret words")
    own = [each for each in caplog.records if not each.name.startswith(("httpx", "python_multi"))]
    assert not [each for each in own if NOTE in each.getMessage() or "Secret" in each.getMessage()]
    with Session(engines.read) as session:
        stored = {
            table.name: repr(session.execute(table.select()).all())
            for table in Table.metadata.sorted_tables
        }
    assert not [name for name, rows in stored.items() if NOTE in rows]
    assert [name for name, rows in stored.items() if "Secret words" in rows] == ["anonymous_note"]
