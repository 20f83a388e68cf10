"""What messages say, in one language or in two.

Subject, text, HTML and the calendar's description come from one record. Where the personal link
belongs stands ``LINK``: the link is put in when the message leaves, and is never stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from convening.dates import when_in_zone
from convening.i18n import Translator
from convening.mail_parts import (
    CODE_ID,
    LINK,
    Block,
    Facts,
    Paragraph,
    Part,
    PersonalLink,
    Words,
    as_html,
    as_text,
    on_one_line,
)
from convening.text import clean
from convening.vocabulary import Language, MailKind
from convening.vocabulary import Part as PartInConvening

__all__ = [
    "CODE_ID",
    "LINK",
    "AccountLetter",
    "Because",
    "Letter",
    "Written",
    "compose",
    "unmarked",
]

# Why somebody is told not to come
Because = Literal["called_off", "withdrawn", "waitlisted"]


@dataclass(frozen=True)
class Letter:
    """A message about one person's invitation; wall times in the zone of the convening.

    ``inviter`` is the name of the initiative. ``because`` belongs to a cancellation alone.
    ``attached``: a file for the calendar goes along.
    """

    kind: MailKind
    name: str
    inviter: str
    title: str
    zone: str
    starts_local: datetime | None = None
    ends_local: datetime | None = None
    place: str = ""
    link: str = ""
    purpose: str = ""
    promise: str = ""
    promise_by: date | None = None
    part: PartInConvening = PartInConvening.TAKING_PART
    because: Because = "called_off"
    attached: bool = False


@dataclass(frozen=True)
class AccountLetter:
    """A message with a single-use link, which works for ``days`` days."""

    kind: MailKind
    name: str
    email: str
    days: int


@dataclass(frozen=True)
class Written:
    """A message in words. ``description`` is for the calendar; all but the subject hold LINK."""

    subject: str
    text: str
    html: str
    description: str = ""


def compose(letter: Letter | AccountLetter, languages: Sequence[Language]) -> Written:
    """The message in these languages, one after the other; without any, in all of them."""
    letter = _without_marks(letter)
    chosen = [Translator(each) for each in (languages or list(Language))]
    subject = on_one_line(" / ".join(_subject(letter, t) for t in chosen))
    blocks = [_block(letter, t) for t in chosen]
    return Written(
        subject,
        as_text(blocks),
        as_html(blocks, subject),
        "\n\n".join(_description(letter, t) for t in chosen) if isinstance(letter, Letter) else "",
    )


def _without_marks(letter: Letter | AccountLetter) -> Letter | AccountLetter:
    """No text that somebody typed may pass for the link, or bring a line into a header."""
    if isinstance(letter, AccountLetter):
        return replace(letter, name=unmarked(letter.name), email=unmarked(letter.email))
    return replace(
        letter,
        name=unmarked(letter.name),
        inviter=unmarked(letter.inviter),
        title=unmarked(letter.title),
        place=unmarked(letter.place),
        link=unmarked(letter.link),
        purpose=unmarked(letter.purpose, multiline=True),
        promise=unmarked(letter.promise, multiline=True),
    )


def unmarked(text: str, *, multiline: bool = False) -> str:
    """What somebody typed, with a blank in place of the mark, never forming the mark anew."""
    cleaned = clean(text, multiline=multiline).replace(LINK, " ")
    return clean(cleaned, multiline=multiline)


def _subject(letter: Letter | AccountLetter, t: Translator) -> str:
    if isinstance(letter, AccountLetter):
        return t(f"mail_text.subject_{letter.kind.value}")
    cancelled = letter.kind is MailKind.CANCELLATION
    which = letter.because if cancelled else letter.kind.value
    return t(f"mail_text.subject_{which}", title=letter.title)


def _block(letter: Letter | AccountLetter, t: Translator) -> Block:
    greeting = Paragraph(t("mail_text.greeting", name=letter.name))
    if isinstance(letter, AccountLetter):
        return Block(t, (greeting, *_account(letter, t)))
    if letter.kind is MailKind.CANCELLATION:
        return Block(t, (greeting, *_cancellation(letter, t)))
    coded = letter.kind in (MailKind.INVITATION, MailKind.UPDATE)
    return Block(t, (greeting, *_coming(letter, t)), t("mail_text.door") if coded else "")


def _coming(letter: Letter, t: Translator) -> list[Part]:
    """For whoever is asked to come: what stands, what it is for, and how to answer."""
    parts: list[Part] = [
        Paragraph(t(f"mail_text.{letter.kind.value}", inviter=letter.inviter)),
        _facts(letter, t),
    ]
    if letter.purpose:
        parts.append(Words(t("mail_text.purpose"), letter.purpose))
    if letter.promise:
        parts.append(Words(t("mail_text.promise"), letter.promise))
        if letter.promise_by:
            parts.append(Paragraph(t("mail_text.promise_by", date=letter.promise_by)))
    update = letter.kind is MailKind.UPDATE
    parts += [
        Paragraph(t("mail_text.answer_again" if update else "mail_text.answer")),
        PersonalLink(t("mail_text.answer_again_link" if update else "mail_text.answer_link")),
        Paragraph(t("mail_text.private")),
    ]
    if letter.attached:
        parts.append(Paragraph(t("mail_text.calendar")))
    parts.append(Paragraph(letter.inviter))
    return parts


def _cancellation(letter: Letter, t: Translator) -> list[Part]:
    said = t(f"mail_text.{letter.because}", inviter=letter.inviter)
    return [Paragraph(said), _facts(letter, t), Paragraph(letter.inviter)]


def _account(letter: AccountLetter, t: Translator) -> list[Part]:
    kind = letter.kind.value
    return [
        Paragraph(t(f"mail_text.{kind}", email=letter.email)),
        PersonalLink(t(f"mail_text.{kind}_link")),
        Paragraph(t("mail_text.once", count=letter.days)),
        Paragraph(t("mail_text.unexpected")),
    ]


def _facts(letter: Letter, t: Translator) -> Facts:
    rows = [
        ("fact_title", letter.title),
        ("fact_when", when_in_zone(letter, t) or t("mail_text.no_date")),
    ]
    if letter.place or not letter.link:
        rows.append(("fact_place", letter.place or t("mail_text.no_place")))
    if letter.link:
        rows.append(("fact_link", letter.link))
    if letter.kind is not MailKind.CANCELLATION:
        rows.append(("fact_part", t.word(letter.part)))
    return Facts(tuple((t(f"mail_text.{name}"), value) for name, value in rows))


def _description(letter: Letter, t: Translator) -> str:
    if letter.kind is MailKind.CANCELLATION:
        return t(f"mail_text.{letter.because}", inviter=letter.inviter)
    said = t("mail_text.invitation", inviter=letter.inviter)
    lines = [on_one_line(said), letter.purpose, f"{t('mail_text.answer_link')}: {LINK}"]
    return "\n".join(line for line in lines if line)
