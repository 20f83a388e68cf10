"""A version of a shared definition on paper, with the dissenting views that stand.

There are two copies. The team's has every standing view in its words. The one to publish has the
words of a view only where its owner agreed to them; the others are counted, without their group.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from convening import definitions
from convening.definitions import Definition, Evidence, Version
from convening.exports import typesetting
from convening.i18n import Translator
from convening.ledger import Entry
from convening.vocabulary import (
    GROUP_SIGNS,
    Attribution,
    DefinitionField,
    DissentState,
    Group,
    VersionState,
)

TEMPLATE = "definition.typ"


@dataclass(frozen=True)
class Sheet:
    """What is printed. The moments of ``version`` are on the clock of whoever prints it, and
    ``standing`` are the standing views on it and on all before it."""

    initiative: str
    definition: Definition
    version: Version
    standing: Sequence[Entry]
    public: bool = False


def write(sheet: Sheet, t: Translator) -> bytes:
    """The PDF; the same sheet in the same language gives the same bytes."""
    return typesetting.pdf(TEMPLATE, content(sheet, t), t)


def content(sheet: Sheet, t: Translator) -> dict[str, Any]:
    """What the template sets, all of it worded."""
    definition, version = sheet.definition, sheet.version
    printed = [each for each in sheet.standing if not sheet.public or each.agreed_to_publish]
    left_out = len(sheet.standing) - len(printed)
    return {
        "title": t.isolated(definition.title),
        "words": {
            "head": t("definition.pdf_head", kind=definition.kind),
            "number": t("definition.number", number=version.number),
            "page": t("definition.pdf_page", page="{page}", pages="{pages}"),
            "footer": "" if sheet.public else t("definition.pdf_footer_team"),
            "rests": t("definition.pdf_rests"),
            "standing": t("definition.standing"),
            "none_stand": "" if sheet.standing else t("definition.pdf_none_stand"),
            "left_out": t("definition.pdf_unpublished", count=left_out) if left_out else "",
        },
        "notice": "" if version.adopted_at is not None else t("definition.pdf_not_adopted"),
        "facts": _facts(sheet, t),
        "parts": _parts(version, t),
        "evidence": [_source(each, t) for each in definition.evidence],
        "knowledge": knowledge(definition.evidence, t),
        "standing": [view(each, t, additions=not sheet.public) for each in printed],
    }


def knowledge(evidence: Sequence[Evidence], t: Translator) -> str:
    """Whose knowledge is missing, as a question back; or that every group's is there."""
    found = definitions.knowledge(evidence)
    if not found.sources:
        return t("definition.evidence_none")
    if not found.missing:
        return t("definition.evidence_whole")
    return t("definition.evidence_missing", groups=list(found.missing))


def view(entry: Entry, t: Translator, *, additions: bool = True) -> dict[str, Any]:
    """A standing view in words: ``head``, ``statement``, the ``lines`` below it and the
    ``verdict``. ``additions`` came later with the receipt code, after any consent to the wording.
    """
    lines = [
        t(f"definition.{name}", text=text)
        for name, text in (("reason", entry.reason), ("resolution", entry.resolution))
        if text
    ]
    if entry.passage:
        lines.insert(0, t("definition.passage", passage=entry.passage))
    if additions:
        lines += [t("definition.addition", text=each) for each in entry.additions]
    lines += _responses(entry, t)
    head = t("definition.standing_head", strength=entry.strength, who=who(entry, t))
    return {
        "head": " · ".join((head, t("definition.standing_on", number=entry.number))),
        "statement": _prose(entry.statement, t),
        "lines": lines,
        "verdict": verdict(entry, t),
    }


def _responses(entry: Entry, t: Translator) -> list[str]:
    """The reasons of each response; of two it is said which came first."""
    twice = {1: "definition.response_first", 2: "definition.response_second"}
    keys = twice if len(entry.answers) > 1 else {}
    return [
        t(keys.get(each.round, "definition.response"), text=each.rationale)
        for each in entry.answers
        if each.rationale
    ]


def who(entry: Entry, t: Translator) -> str:
    """Whose view it is: a name only where its owner agreed to be named."""
    if entry.person:
        return t.isolated(entry.person)
    if entry.groups:
        return t("definition.who_group", groups=_signed(entry.groups, t))
    anonymous = entry.attribution is Attribution.ANONYMOUS
    return t("definition.who_anonymous" if anonymous else "definition.who_unknown")


def verdict(entry: Entry, t: Translator) -> str:
    """What its owner said of the response, and who signed that it is published nevertheless."""
    said = {
        DissentState.CONFIRMED: "definition.said_yes",
        DissentState.NO_REPLY: "definition.said_nothing",
        DissentState.STILL_NO: "definition.said_no",
    }.get(entry.state)
    if said is None:
        return ""
    if entry.state is not DissentState.STILL_NO:
        return t(said)
    return f"{t(said)} {t('definition.signed', names=list(entry.signed_by))}"


def _facts(sheet: Sheet, t: Translator) -> list[list[str]]:
    version = sheet.version
    facts = [
        [t("definition.pdf_initiative"), t.isolated(sheet.initiative)],
        [t("definition.pdf_state"), t.word(version.state)],
    ]
    if version.adopted_at is not None:
        facts.append([t("definition.pdf_adopted"), _adopted(version, t)])
    elif version.state is VersionState.IN_DISCUSSION and version.opened_at is not None:
        since = t("definition.pdf_since", date=version.opened_at.date())
        facts.append([t("definition.pdf_open"), since])
    return facts


def _adopted(version: Version, t: Translator) -> str:
    """The day, with who adopted it and in which convening as far as they are known."""
    assert version.adopted_at is not None
    parts: dict[str, Any] = {"date": version.adopted_at.date()}
    if version.adopted_by:
        parts["name"] = version.adopted_by
    if version.adopted_in:
        parts["convening"] = version.adopted_in
    key = {(True, True): "by_in", (True, False): "by", (False, True): "in"}.get(
        (bool(version.adopted_by), bool(version.adopted_in))
    )
    return t(f"definition.pdf_{key}", **parts) if key else t.date(parts["date"])


def _parts(version: Version, t: Translator) -> list[dict[str, str]]:
    """The parts that are written, and what changed since the version before."""
    parts = [
        {"title": t.word(part), "text": _prose(version.text[part], t)}
        for part in DefinitionField
        if version.text.get(part)
    ]
    if version.changed:
        lines = [_prose(version.changed, t)]
        if version.why:
            lines.append(t("definition.because", why=version.why))
        title = t("definition.pdf_changed", number=version.number - 1)
        parts.append({"title": title, "text": "\n".join(lines)})
    return parts


def _source(source: Evidence, t: Translator) -> dict[str, str]:
    groups = _signed(source.groups, t)
    known = t("definition.pdf_source_of", groups=groups) if groups else ""
    return {
        "title": t.isolated(source.title),
        "line": " · ".join(filter(None, (t.word(source.kind), known))),
        "note": _prose(source.note, t),
        "link": source.link,
    }


def _prose(text: str, t: Translator) -> str:
    """What somebody wrote, each line with its full stop at its own end."""
    return "\n".join(map(t.isolated, text.split("\n")))


def _signed(groups: Collection[Group], t: Translator) -> list[str]:
    return [f"{GROUP_SIGNS[group]} {t.word(group)}" for group in Group if group in groups]
