"""What messages say in each language, and that nobody's text becomes markup or a link."""

import re
from dataclasses import replace
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from convening import mail
from convening.mail import LINK, AccountLetter, Letter, compose
from convening.vocabulary import Language, MailKind, Part

EN, AR = Language.ENGLISH, Language.ARABIC
LETTER = Letter(
    kind=MailKind.INVITATION,
    name="Amina",
    inviter="Renewing the quarter",
    title="Evening session",
    zone="Asia/Amman",
    starts_local=datetime(2026, 12, 1, 17, 0),
    ends_local=datetime(2026, 12, 1, 19, 0),
    place="Community hall",
    link="https://meet.example.org/a?b=1&c=2",
    purpose="Which repairs come first?\nWho decides?",
    promise="We publish what was said.",
    promise_by=date(2026, 12, 24),
    part=Part.CO_DESIGN,
    attached=True,
)
COMING = [MailKind.INVITATION, MailKind.UPDATE, MailKind.REMINDER]


class Reader(HTMLParser):
    """Which elements stand in a document, and where they lead."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ("href", "src")]


def with_text(field: str, text: str) -> Letter:
    changed: dict[str, Any] = {field: text}
    return replace(LETTER, **changed)


def read(html: str) -> Reader:
    found = Reader()
    found.feed(html)
    return found


@pytest.mark.parametrize("kind", COMING)
def test_whoever_is_asked_to_come_reads_all_that_matters(kind: MailKind) -> None:
    written = compose(replace(LETTER, kind=kind), [EN])
    for words in (
        "Hello Amina,",
        "Renewing the quarter",
        "Evening session",
        "Tue 1 Dec 2026, 17:00–19:00 (Asia/Amman, UTC+03:00)",
        "Community hall",
        "Which repairs come first?\nWho decides?",
        "We publish what was said.",
        "By Thu 24 Dec 2026.",
        LINK,
    ):
        assert words in written.text
    assert LINK in written.html


def test_in_arabic_lines_run_from_the_right_and_english_ones_keep_their_full_stop() -> None:
    written = compose(LETTER, [AR])
    lines = [line for line in written.text.split("\n") if line]
    arabic = [line for line in lines if re.search("[\u0621-\u064a]", line)]
    assert len(arabic) > 5
    assert all(line.startswith("\u200f") for line in arabic)
    assert {"Who decides?", "We publish what was said."} <= set(lines)
    assert written.html.startswith('<!doctype html>\n<html lang="ar" dir="rtl">')
    assert 'dir="ltr" style="text-align:left"' not in written.html
    assert written.subject == "دعوة: Evening session"


def test_without_a_known_language_both_stand_below_each_other() -> None:
    written = compose(LETTER, [])
    english, arabic = written.text.split("\n\n* * *\n\n")
    assert "Hello Amina," in english
    assert "تحية طيبة" in arabic
    assert (english.count(LINK), arabic.count(LINK)) == (1, 1)
    assert '<div lang="en" dir="ltr"' in written.html
    assert '<div lang="ar" dir="rtl"' in written.html
    assert read(written.html).tags.count("img") == 1


def test_only_what_can_be_checked_in_with_has_a_code() -> None:
    codes = {
        kind: "cid:check-in" in compose(replace(LETTER, kind=kind), [EN]).html
        for kind in (*COMING, MailKind.CANCELLATION)
    }
    assert codes == {
        MailKind.INVITATION: True,
        MailKind.UPDATE: True,
        MailKind.REMINDER: False,
        MailKind.CANCELLATION: False,
    }


def test_nothing_is_fetched_from_outside() -> None:
    assert set(read(compose(LETTER, []).html).addresses) == {
        LINK,
        "cid:check-in",
        "https://meet.example.org/a?b=1&c=2",
    }


@pytest.mark.parametrize(
    ("because", "words"),
    [
        ("called_off", "does not take place"),
        ("withdrawn", "withdraw your invitation"),
        ("waitlisted", "on the waitlist"),
    ],
)
def test_a_cancellation_says_why_and_has_no_link(because: mail.Because, words: str) -> None:
    letter = replace(LETTER, kind=MailKind.CANCELLATION, because=because)
    written = compose(letter, [EN])
    assert words in written.text
    assert LINK not in written.text + written.html + written.description


def test_what_is_not_known_yet_is_said_so() -> None:
    letter = replace(
        LETTER, starts_local=None, ends_local=None, place="", link="", promise="", attached=False
    )
    text = compose(letter, [EN]).text
    assert "When: the date is not set yet" in text
    assert "Where: the place is not set yet" in text
    assert "What happens" not in text
    assert "a file is attached" not in text


@pytest.mark.parametrize("kind", [MailKind.ACCOUNT, MailKind.PASSWORD])
@pytest.mark.parametrize("language", list(Language))
def test_links_to_accounts_say_how_long_they_work(kind: MailKind, language: Language) -> None:
    written = compose(AccountLetter(kind, "Ada", "ada@example.org", 7), [language])
    assert (written.text.count(LINK), "7" in written.text) == (1, True)
    assert "ada@example.org" in written.text
    assert "cid:" not in written.html


FIELDS = ["name", "inviter", "title", "place", "link", "purpose", "promise"]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "hostile",
    [
        '<script>alert(1)</script><img src="https://beacon.example.org/x.png">',
        '"><a href="https://evil.example.org">here</a>',
        "javascript:alert(1)",
        "</div></body><h1>Heading</h1>",
    ],
)
def test_no_text_becomes_markup(field: str, hostile: str) -> None:
    plain, found = (
        read(compose(letter, []).html)
        for letter in (with_text(field, "text"), with_text(field, hostile))
    )
    assert found.tags == plain.tags
    assert found.addresses == plain.addresses


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "hostile", [LINK, "[[li[[link]]nk]]", "[[[link]]]", "[[li\u200bnk]]", "[[li\x00nk]]"]
)
def test_no_text_passes_for_the_personal_link(field: str, hostile: str) -> None:
    usual = compose(with_text(field, "text"), [])
    written = compose(with_text(field, hostile), [])
    for one, other in (
        (usual.text, written.text),
        (usual.html, written.html),
        (usual.description, written.description),
        (usual.subject, written.subject),
    ):
        assert one.count(LINK) == other.count(LINK)


@pytest.mark.parametrize("hostile", ["a\r\nBcc: b", "a\nb", "a\u2028b\x85c", "a\u2066b\u2069"])
def test_a_subject_is_one_line_without_invisible_marks(hostile: str) -> None:
    subject = compose(replace(LETTER, title=hostile), []).subject
    assert subject.isprintable()
    assert not set(subject) & set("\u2066\u2067\u2068\u2069")
