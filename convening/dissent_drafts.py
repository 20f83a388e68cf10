"""What somebody enters about dissent: a view, the answer to it, and why a glass is broken."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from convening import dissent
from convening.definitions import Text
from convening.dissent import ViewText
from convening.fields import checked
from convening.problems import Problem
from convening.text import clean
from convening.vocabulary import Attribution, DefinitionField, Group, Outcome, Strength

RATIONALE_LENGTH = 5000  # characters
REASON_LENGTH = 500  # why an entry is struck, a note hidden, a glass broken


@dataclass(frozen=True)
class DissentDraft:
    """A dissenting view as it is logged.

    ``uuid`` is made by whoever fills in the form, so that what is sent twice is kept once.
    ``own``: the actor raises it for themselves, with their account. ``receipt_code`` was handed to
    the owner, on paper or on screen; a view without a name needs one.
    """

    uuid: str
    version_id: int
    strength: Strength
    statement: str
    reason: str = ""
    resolution: str = ""
    attribution: Attribution = Attribution.GROUP_ONLY
    groups: frozenset[Group] = frozenset()
    convening_id: int | None = None
    block_id: int | None = None
    passage_field: DefinitionField | None = None
    passage: str = ""
    stakeholder_id: int | None = None
    own: bool = False
    agreed_to_name: bool = False
    afterwards: bool = False
    receipt_code: str = ""


@dataclass(frozen=True)
class ResponseDraft:
    """The answer to a view; ``version_id`` is the version that took it up. ``version`` is that of
    an answer that is written anew before its owner was asked."""

    outcome: Outcome
    rationale: str = ""
    version_id: int | None = None
    version: int | None = None


def cleaned_view(draft: DissentDraft, words: Text) -> tuple[DissentDraft, list[Problem]]:
    """The draft with its texts cleaned, against the ``words`` of its version.

    Codes by field: those of ``dissent.check_text``; uuid_not_valid; passage_not_found; required
    (groups of a view by its group alone, the convening of what was said after it, the code of a
    view without a name, the person behind a name); not_agreed_to_name.
    """
    text, problems = dissent.check_text(
        ViewText(draft.strength, draft.statement, draft.reason, draft.resolution)
    )
    cleaned = replace(
        draft,
        uuid=_uuid(draft.uuid, problems),
        statement=text.statement,
        reason=text.reason,
        resolution=text.resolution,
    )
    cleaned = _passage(cleaned, words, problems)
    problems += _owner(cleaned)
    if cleaned.afterwards and cleaned.convening_id is None:
        problems.append(Problem("required", field="convening"))
    return cleaned, problems


def cleaned_response(draft: ResponseDraft) -> tuple[ResponseDraft, list[Problem]]:
    """The rationale cleaned. Codes by field: required, too_long, withdrawn_by_owner_alone."""
    problems: list[Problem] = []
    if draft.outcome is Outcome.WITHDRAWN:
        problems.append(Problem("withdrawn_by_owner_alone", field="outcome"))
    rationale = checked(
        draft.rationale,
        "rationale",
        problems,
        longest=RATIONALE_LENGTH,
        required=draft.outcome is Outcome.STANDS,
        multiline=True,
    )
    if draft.outcome is Outcome.INCORPORATED and draft.version_id is None:
        problems.append(Problem("required", field="version"))
    taken_up = draft.version_id if draft.outcome is Outcome.INCORPORATED else None
    return replace(draft, rationale=rationale, version_id=taken_up), problems


def cleaned_reason(reason: str) -> tuple[str, list[Problem]]:
    """Why something is done that has to be explained. Codes: required, too_long."""
    problems: list[Problem] = []
    return checked(reason, "reason", problems, longest=REASON_LENGTH, required=True), problems


def _uuid(typed: str, problems: list[Problem]) -> str:
    try:
        return str(UUID(typed))
    except ValueError:
        problems.append(Problem("uuid_not_valid", field="uuid"))
        return ""


def _passage(draft: DissentDraft, words: Text, problems: list[Problem]) -> DissentDraft:
    """The marked passage stands in the part of the version that it was marked in."""
    passage = " ".join(clean(draft.passage).split())
    if draft.passage_field is None or not passage:
        return replace(draft, passage_field=None, passage="")
    if passage not in " ".join(words.get(draft.passage_field, "").split()):
        problems.append(Problem("passage_not_found", field="passage"))
    return replace(draft, passage=passage)


def _owner(draft: DissentDraft) -> list[Problem]:
    needed: Mapping[str, bool] = {
        "groups": draft.attribution is Attribution.GROUP_ONLY and not draft.groups,
        "receipt_code": draft.attribution is Attribution.ANONYMOUS
        and not draft.receipt_code.strip(),
        "person": draft.attribution is Attribution.NAMED
        and draft.stakeholder_id is None
        and not draft.own,
    }
    found = [Problem("required", field=name) for name, missing in needed.items() if missing]
    if (
        draft.attribution is Attribution.NAMED
        and draft.stakeholder_id is not None
        and not draft.agreed_to_name
    ):
        found.append(Problem("not_agreed_to_name", field="agreed_to_name"))
    return found
