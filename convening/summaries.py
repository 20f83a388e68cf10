"""The summary that goes to everybody who was in a room, with the dissent that was raised in it.

It quotes views that were logged. What came in without a name is counted here and stands on the
page behind the link: its words are in no message.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from convening import ledger
from convening.after import Commitment, Review
from convening.dates import when_in_zone
from convening.i18n import Translator
from convening.mail import Written, unmarked
from convening.mail_parts import (
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
from convening.vocabulary import Attribution, DissentState, Group, Language, Outcome
from convening.walltime import local

LEFT_OUT = frozenset({DissentState.STRUCK, DissentState.WITHDRAWN})


@dataclass(frozen=True)
class Summary:
    """What everybody is told alike, but for ``name``; wall times in the zone of the convening.

    ``views`` are the views raised there, those without a name among them; ``inviter`` is the name
    of the initiative.
    """

    name: str
    inviter: str
    title: str
    zone: str
    starts_local: datetime | None = None
    ends_local: datetime | None = None
    promise: str = ""
    promise_by: date | None = None
    views: tuple[ledger.Entry, ...] = ()
    review: Review = field(default_factory=lambda: Review(0))
    commitments: tuple[Commitment, ...] = ()
    group_names: Mapping[Group, str] = field(default_factory=dict)


def compose(summary: Summary, languages: Sequence[Language]) -> Written:
    """The message in these languages, one after the other; without any, in all of them."""
    chosen = [
        Translator(each).with_groups(summary.group_names) for each in (languages or list(Language))
    ]
    title = unmarked(summary.title)
    subject = on_one_line(" / ".join(t("summary_text.subject", title=title) for t in chosen))
    blocks = [Block(t, tuple(_parts(summary, t))) for t in chosen]
    return Written(subject, as_text(blocks), as_html(blocks, subject))


def told(views: Sequence[ledger.Entry]) -> tuple[list[ledger.Entry], int]:
    """The views that are quoted, and how many came in without a name; struck and withdrawn ones
    are neither."""
    living = [each for each in views if each.state not in LEFT_OUT]
    quoted = [each for each in living if not each.anonymous]
    return quoted, len(living) - len(quoted)


def _parts(summary: Summary, t: Translator) -> list[Part]:
    inviter = unmarked(summary.inviter)
    facts = (
        (t("mail_text.fact_title"), unmarked(summary.title)),
        (t("mail_text.fact_when"), when_in_zone(summary, t) or t("mail_text.no_date")),
    )
    return [
        Paragraph(t("mail_text.greeting", name=unmarked(summary.name))),
        Paragraph(t("summary_text.opening", inviter=inviter)),
        Facts(facts),
        *_dissent(summary, t),
        *_review(summary, t),
        *_commitments(summary, t),
        *_promise(summary, t),
        Paragraph(t("summary_text.page")),
        PersonalLink(t("summary_text.page_link")),
        Paragraph(inviter),
    ]


def _dissent(summary: Summary, t: Translator) -> list[Part]:
    quoted, unnamed = told(summary.views)
    if not quoted and not unnamed:
        return [Paragraph(t("summary_text.no_dissent"))]
    parts: list[Part] = []
    if quoted:
        parts.append(Paragraph(t("summary_text.dissent", count=len(quoted))))
        parts += [Words(_label(each, t), _said(each, t)) for each in quoted]
    if unnamed:
        parts.append(Paragraph(t("summary_text.unnamed", count=unnamed)))
    return parts


def _label(each: ledger.Entry, t: Translator) -> str:
    """How strongly, by whom: a name stands there with its owner's consent alone."""
    groups = t.join(t.word(group) for group in Group if group in each.groups)
    named = each.person if each.attribution is Attribution.NAMED else ""
    return " · ".join(filter(None, (t.word(each.strength), unmarked(named), groups)))


def _said(each: ledger.Entry, t: Translator) -> str:
    """The words, and below them what became of them so far."""
    return f"{unmarked(each.statement, multiline=True)}\n{_became(each, t)}"


def _became(each: ledger.Entry, t: Translator) -> str:
    """Each answer, and what the owner said of it."""
    lines = [line for answer in each.answers for line in _answered(answer, t)]
    return "\n".join(lines) or t("summary_text.unanswered")


def _answered(answer: ledger.Answer, t: Translator) -> list[str]:
    rationale = unmarked(answer.rationale, multiline=True)
    if answer.outcome is Outcome.INCORPORATED and answer.number is not None:
        said = t("summary_text.incorporated", number=answer.number)
    elif rationale:
        said = t("summary_text.stands", rationale=rationale)
    else:
        said = t.word(answer.outcome)
    if answer.answers is None:
        return [said]
    return [said, t("summary_text.owner_yes" if answer.answers else "summary_text.owner_no")]


def _review(summary: Summary, t: Translator) -> list[Part]:
    texts = (("happened", summary.review.happened), ("change", summary.review.change))
    return [
        Words(t(f"summary_text.{name}"), unmarked(text, multiline=True))
        for name, text in texts
        if text
    ]


def _commitments(summary: Summary, t: Translator) -> list[Part]:
    if not summary.commitments:
        return []
    lines = [_promised(each, summary.zone, t) for each in summary.commitments]
    return [Words(t("summary_text.commitments"), "\n".join(lines))]


def _promised(each: Commitment, zone: str, t: Translator) -> str:
    """Who does what until when, or when it was done."""
    what, owner = unmarked(each.what), unmarked(each.owner)
    if each.done_at is not None:
        kept_on = local(each.done_at, zone).date()
        return t("summary_text.commitment_kept", what=what, owner=owner, date=kept_on)
    until = each.due_on or t("mail_text.no_date")
    return t("summary_text.commitment", what=what, owner=owner, date=until)


def _promise(summary: Summary, t: Translator) -> list[Part]:
    if not summary.promise:
        return []
    parts: list[Part] = [Words(t("mail_text.promise"), unmarked(summary.promise, multiline=True))]
    if summary.promise_by:
        parts.append(Paragraph(t("mail_text.promise_by", date=summary.promise_by)))
    return parts
