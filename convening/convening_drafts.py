"""What an organiser types to plan a convening, and what keeps it from being saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from convening import walltime
from convening.convenings import Convening
from convening.fields import checked
from convening.initiatives import Stage
from convening.problems import Problem
from convening.readiness import Answer
from convening.vocabulary import ConveningKind, ConveningQuestion, ConveningState, Openness, Stake

TITLE_LENGTH = 200
PURPOSE_LENGTH = 5000
PLACE_LENGTH = 500
LINK_LENGTH = 2000
NOTE_LENGTH = 1000
WHO_LENGTH = 200
PROMISE_LENGTH = 1000
TENSIONS_LENGTH = 2000
MOST_CAPACITY = 10_000
MOST_STAKES = 100


@dataclass(frozen=True)
class StakeDraft:
    """Somebody who could block the decision or lose by it: a person of the map, or words."""

    stake: Stake
    who: str = ""
    stakeholder_id: int | None = None


@dataclass(frozen=True)
class ConveningDraft:
    """What an organiser typed; ``id`` and ``version`` are None for a new one.

    ``answers`` and ``stakes`` replace what was stored; None leaves it as it is.
    """

    initiative_id: int
    stage_id: int | None = None
    title: str = ""
    purpose: str = ""
    kind: ConveningKind = ConveningKind.WORKSHOP
    starts_local: datetime | None = None
    ends_local: datetime | None = None
    zone: str = walltime.FALLBACK_ZONE
    place: str = ""
    link: str = ""
    capacity: int | None = None
    openness: Openness | None = None
    promise: str = ""
    promise_by: date | None = None
    tensions: str = ""
    remind: bool = True
    answers: Mapping[ConveningQuestion, Answer] | None = None
    stakes: tuple[StakeDraft, ...] | None = None
    id: int | None = None
    version: int | None = None


def cleaned(draft: ConveningDraft) -> tuple[ConveningDraft, list[Problem]]:
    """The draft with its texts cleaned, and every problem that keeps it from being saved.

    Codes by field: required, too_long, zone_unknown, date_out_of_range, time_skipped,
    end_not_after_start, capacity_out_of_range, link_not_web, too_many_stakes,
    promise_before_convening.
    """
    problems: list[Problem] = []
    result = replace(
        draft,
        title=checked(draft.title, "title", problems, longest=TITLE_LENGTH, required=True),
        purpose=checked(draft.purpose, "purpose", problems, longest=PURPOSE_LENGTH, multiline=True),
        place=checked(draft.place, "place", problems, longest=PLACE_LENGTH),
        link=checked(draft.link, "link", problems, longest=LINK_LENGTH),
        promise=checked(draft.promise, "promise", problems, longest=PROMISE_LENGTH, multiline=True),
        tensions=checked(
            draft.tensions, "tensions", problems, longest=TENSIONS_LENGTH, multiline=True
        ),
        answers=_cleaned_answers(draft.answers, problems),
        stakes=_cleaned_stakes(draft.stakes, problems),
    )
    if draft.stage_id is None:
        problems.append(Problem("required", field="stage_id"))
    if result.link and not is_web_link(result.link):
        problems.append(Problem("link_not_web", field="link"))
    if draft.capacity is not None and not 1 <= draft.capacity <= MOST_CAPACITY:
        problems.append(Problem("capacity_out_of_range", {"most": MOST_CAPACITY}, "capacity"))
    start = draft.starts_local
    if draft.promise_by is not None and start is not None and draft.promise_by < start.date():
        problems.append(Problem("promise_before_convening", field="promise_by"))
    return result, [*problems, *time_problems(draft)]


def is_web_link(link: str) -> bool:
    """Whether a browser can follow it safely: http or https, with a host and without blanks."""
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and not any(map(str.isspace, link))


def missing(draft: ConveningDraft | Convening) -> list[Problem]:
    """What a convening needs before it is more than a draft: purpose, stage and date."""
    fields = {
        "purpose": bool(draft.purpose),
        "stage_id": draft.stage_id is not None,
        "starts_local": draft.starts_local is not None,
    }
    return [Problem("required", field=name) for name, there in fields.items() if not there]


def stage_on(stages: Sequence[Stage], day: date) -> Stage | None:
    """The stage to suggest: the first whose dates hold ``day``, else simply the first."""
    dated = [each for each in stages if each.starts_on or each.ends_on]
    current = (
        each for each in dated if (each.starts_on or day) <= day and day <= (each.ends_on or day)
    )
    return next(current, next(iter(stages), None))


def state_of(draft: ConveningDraft) -> ConveningState:
    """DRAFT or PLANNED, as the draft is complete or not."""
    return ConveningState.DRAFT if missing(draft) else ConveningState.PLANNED


def time_problems(draft: ConveningDraft) -> list[Problem]:
    """What is wrong with zone, start and end; see ``cleaned`` for the codes."""
    if not walltime.known_zone(draft.zone):
        return [Problem("zone_unknown", {"zone": draft.zone[:100]}, "zone")]
    start, end = draft.starts_local, draft.ends_local
    problems = [] if start is None else walltime.check(start, draft.zone, "starts_local")
    if end is None:
        return problems
    problems += walltime.check(end, draft.zone, "ends_local")
    if start is None:
        problems.append(Problem("required", field="starts_local"))
    elif not problems and walltime.utc(end, draft.zone) <= walltime.utc(start, draft.zone):
        problems.append(Problem("end_not_after_start", field="ends_local"))
    return problems


def _cleaned_answers(
    answers: Mapping[ConveningQuestion, Answer] | None, problems: list[Problem]
) -> Mapping[ConveningQuestion, Answer] | None:
    if answers is None:
        return None
    return {
        question: Answer(
            answer.yes, checked(answer.note, question.value, problems, longest=NOTE_LENGTH)
        )
        for question, answer in answers.items()
    }


def _cleaned_stakes(
    stakes: tuple[StakeDraft, ...] | None, problems: list[Problem]
) -> tuple[StakeDraft, ...] | None:
    """Without repetitions and empty lines; a person of the map needs no words beside."""
    if stakes is None:
        return None
    tidy = [
        each
        if each.stakeholder_id is not None
        else replace(each, who=checked(each.who, "stakes", problems, longest=WHO_LENGTH))
        for each in stakes
    ]
    kept = {
        (each.stake, each.stakeholder_id or each.who): replace(
            each, who="" if each.stakeholder_id is not None else each.who
        )
        for each in tidy
        if each.stakeholder_id is not None or each.who
    }
    if len(kept) > MOST_STAKES:
        problems.append(Problem("too_many_stakes", {"most": MOST_STAKES}, "stakes"))
    return tuple(kept.values())
