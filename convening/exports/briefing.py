"""The briefing in words: the same sections on the screen and on paper, for the team alone."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from convening.briefing import COMING, MAY_COME, Briefing, Guest
from convening.convenings import Convening
from convening.dates import when_in_zone
from convening.exports import typesetting
from convening.i18n import Translator
from convening.visits import Visit
from convening.vocabulary import GROUP_SIGNS, Consent, Group, Money, Stake

TEMPLATE = "briefing.typ"


@dataclass(frozen=True)
class Section:
    """One part of the briefing; ``note`` is a sentence above its ``lines``."""

    name: str
    title: str
    lines: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """What is printed; ``stage`` is the stage's name as the viewer reads it."""

    initiative: str
    stage: str
    convening: Convening
    briefing: Briefing
    guests: Sequence[Guest]
    visits: Sequence[Visit] = ()


def write(sheet: Sheet, t: Translator) -> bytes:
    """The PDF; the same sheet in the same language gives the same bytes."""
    return typesetting.pdf(TEMPLATE, content(sheet, t), t)


def content(sheet: Sheet, t: Translator) -> dict[str, Any]:
    """What the template sets, all of it worded."""
    meeting = sheet.convening
    asked = Section("to_ask", t("briefing.to_ask"), questions(sheet.briefing, t))
    parts = [asked, *sections(sheet.briefing, meeting, t), visits_section(sheet.visits, t)]
    return {
        "title": meeting.title,
        "initiative": sheet.initiative,
        "answer": answer(sheet.briefing, t),
        "words": {
            "title": t("briefing.title"),
            "page": t("run_sheet.page", page="{page}", pages="{pages}"),
            "team_only": t("briefing.team_only"),
            "who": t("briefing.who_comes"),
            "columns": [
                t(f"briefing.column_{name}") for name in ("name", "organisation", "groups", "note")
            ],
        },
        "facts": _facts(sheet, t),
        "sections": [
            {"title": each.title, "note": each.note, "lines": list(each.lines)}
            for each in parts
            if each.lines or each.note
        ],
        "people": [_row(each, t) for each in sheet.guests if each.name and each.status in MAY_COME],
    }


def answer(briefing: Briefing, t: Translator) -> str:
    """How many said yes, have not answered, and declined."""
    return t(
        "briefing.answer",
        coming=t("briefing.coming", count=len(briefing.coming)),
        unanswered=t("briefing.unanswered_count", count=len(briefing.unanswered)),
        declined=t("briefing.declined_count", count=len(briefing.declined)),
    )


def questions(briefing: Briefing, t: Translator) -> tuple[str, ...]:
    return tuple(t(each) for each in briefing.problems)


def sections(
    briefing: Briefing, meeting: Convening, t: Translator, most: int | None = None
) -> list[Section]:
    """Every section that has something to say, in the order in which it is read.

    With ``most``, a list of more people ends with how many there are besides.
    """
    everybody = "briefing.everybody_new" if briefing.everybody_new else ""

    def some(guests: Sequence[Guest], line: Callable[[Guest, Translator], str]) -> list[str]:
        lines = [line(each, t) for each in guests[:most]]
        rest = len(guests) - len(lines)
        return [*lines, t("briefing.more", count=rest)] if rest else lines

    found = [
        _section("tense", (*_lines(meeting.tensions), *_at_stake(briefing, t)), t),
        _section("first_time", some(briefing.first_timers, _with_groups), t, everybody),
        _section("money", _money(briefing, t), t),
        _section("interpreters", _interpreters(briefing, t), t),
        _section("needs", some(briefing.needing, _needs), t),
        _section("minors", some(briefing.minors, _minor), t, "briefing.minors_note"),
        _section("unanswered", some(briefing.unanswered, _with_groups), t),
        _section("declined", some(briefing.declined, _declined), t),
        _section("not_asked", some(briefing.not_asked, _with_groups), t),
    ]
    return [each for each in found if each.lines]


def visits_section(visits: Iterable[Visit], t: Translator) -> Section:
    """The talks beforehand: those to come, and what came of those that were held."""
    lines = []
    for each in visits:
        said = t("briefing.visit", name=each.name or t("invitees.erased"), visitor=each.visitor)
        if each.done_at is not None:
            said = t("briefing.visit_done", visit=said)
        elif each.planned_on is not None:
            said = t("briefing.visit_on", visit=said, date=each.planned_on)
        note = " ".join(_lines(each.note))
        lines.append(f"{said} {note}".strip())
    return Section("visits", t("briefing.visits"), tuple(lines))


def groups(found: Collection[Group], t: Translator) -> str:
    """The groups of a person with their signs, which black and white keeps apart."""
    return t.join(f"{GROUP_SIGNS[group]} {t.of_person(group)}" for group in Group if group in found)


def _section(name: str, lines: Iterable[str], t: Translator, note: str = "") -> Section:
    return Section(name, t(f"briefing.{name}"), tuple(lines), t(note) if note else "")


def _declined(guest: Guest, t: Translator) -> str:
    if not guest.declined_because:
        return guest.name
    return t("briefing.named", name=guest.name, said=guest.declined_because)


def _with_groups(guest: Guest, t: Translator) -> str:
    """The name with the organisation and the groups."""
    parts = (guest.name, guest.invitation.organisation, groups(guest.groups, t))
    return " · ".join(t.isolated(each) for each in parts if each)


def _at_stake(briefing: Briefing, t: Translator) -> list[str]:
    lines = []
    for stake in Stake:
        for each in briefing.at_stake:
            if each.stake is stake:
                status = t.word(each.status) if each.status else t("briefing.not_invited")
                said = t("briefing.named", name=each.name, said=status)
                lines.append(f"{t.word(stake)}: {said}")
    return lines


def _money(briefing: Briefing, t: Translator) -> list[str]:
    """Who has money from the foundation or hopes for it, by organisation."""
    lines = []
    for kind in (Money.GRANTEE, Money.APPLICANT):
        of_kind = [each for each in briefing.funded if each.money is kind]
        for organisation in dict.fromkeys(each.invitation.organisation for each in of_kind):
            names = [e.name for e in of_kind if e.invitation.organisation == organisation]
            who = t.join(t.isolated(name) for name in names)
            if organisation:
                who = t("briefing.named", name=organisation, said=who)
            lines.append(f"{t.word(kind)} · {who}")
    if briefing.funders:
        names = [_with_organisation(each, t) for each in briefing.funders]
        lines.append(t("briefing.funders", names=t.join(names)))
    return lines


def _with_organisation(guest: Guest, t: Translator) -> str:
    organisation = guest.invitation.organisation
    return t.isolated(f"{guest.name} ({organisation})" if organisation else guest.name)


def _interpreters(briefing: Briefing, t: Translator) -> list[str]:
    lines = []
    for key, guests in (
        ("briefing.interpretation_needed", briefing.interpretation_needed),
        ("briefing.interpretation_offered", briefing.interpretation_offered),
    ):
        if guests:
            names = t.join(t.isolated(each.name) for each in guests)
            lines.append(t(key, count=len(guests), names=names))
    return lines


def _needs(guest: Guest, t: Translator) -> str:
    """What somebody asked for, what stands in their way, and what is offered."""
    named = [t.join(map(t.word, guest.needs))] if guest.needs else []
    asked = " · ".join([*named, *map(t.isolated, _lines(guest.needs_note))])
    parts = []
    if asked:
        parts.append(t("briefing.asks_for", needs=asked))
    if guest.invitation.barriers:
        parts.append(t("briefing.barrier", barriers=" ".join(_lines(guest.invitation.barriers))))
    if guest.support:
        parts.append(t("briefing.offered", support=t.join(map(t.word, guest.support))))
    return t("briefing.named", name=guest.name, said=" · ".join(parts))


def _minor(guest: Guest, t: Translator) -> str:
    key = "agreed" if guest.consent is Consent.GUARDIAN else "not_agreed"
    return t("briefing.named", name=guest.name, said=t(f"briefing.guardian_{key}"))


def _row(guest: Guest, t: Translator) -> list[str]:
    notes = []
    if guest.status not in COMING:
        notes.append(t("briefing.note_unanswered"))
    if not guest.came_before:
        notes.append(t("briefing.note_first"))
    if guest.needs or guest.needs_note:
        notes.append(t("briefing.note_needs"))
    return [
        guest.name,
        guest.invitation.organisation,
        groups(guest.groups, t),
        t.join(notes),
    ]


def _facts(sheet: Sheet, t: Translator) -> list[list[str]]:
    meeting = sheet.convening
    facts = {
        "purpose": meeting.purpose,
        "when": when_in_zone(meeting, t),
        "where": meeting.place,
        "link": meeting.link,
        "stage": sheet.stage,
        "openness": t.word(meeting.openness) if meeting.openness else "",
    }
    found = [[t(f"run_sheet.{name}"), value] for name, value in facts.items() if value]
    if meeting.promise:
        promise = meeting.promise
        if meeting.promise_by is not None:
            promise = t("briefing.promise_by", promise=promise, date=meeting.promise_by)
        found.append([t("briefing.promise"), promise])
    return found


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]
