"""Agendas to start from. A new one is an entry here and its texts under ``agenda_template``.

The texts of a slot are ``agenda_template.<template>.<slot>.title``, ``.goal`` and ``.materials``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from convening.agenda import STEP, BlockDraft
from convening.i18n import Translator
from convening.vocabulary import BlockFormat as Format
from convening.vocabulary import ConveningKind, StageKind

# A template is stretched or pressed to the length of the convening within these bounds; beyond
# them its blocks would lose their sense (an arrival of an hour, a circle of four minutes).
SHORTEST, LONGEST = 0.6, 1.5


@dataclass(frozen=True)
class Slot:
    name: str
    minutes: int
    format: Format


@dataclass(frozen=True)
class Template:
    """``kind`` and ``stage`` are what it suits best, for the order in which they are offered."""

    name: str
    slots: tuple[Slot, ...]
    kind: ConveningKind
    stage: StageKind | None = None

    @property
    def minutes(self) -> int:
        return sum(slot.minutes for slot in self.slots)


TEMPLATES: tuple[Template, ...] = (
    Template(
        "listening_session",
        (
            Slot("arrival", 15, Format.WELCOME),
            Slot("opening", 20, Format.CIRCLE),
            Slot("stories", 40, Format.SMALL_GROUPS),
            Slot("rest", 15, Format.BREAK),
            Slot("heard", 20, Format.PLENARY),
            Slot("farewell", 10, Format.CLOSING),
        ),
        ConveningKind.LISTENING,
    ),
    Template(
        "problem_definition",
        (
            Slot("arrival", 15, Format.WELCOME),
            Slot("lives", 30, Format.CIRCLE),
            Slot("text", 10, Format.PRESENTATION),
            Slot("otherwise", 10, Format.SILENT_WRITING),
            Slot("rewrite", 45, Format.SMALL_GROUPS),
            Slot("rest", 15, Format.BREAK),
            Slot("dissent", 30, Format.CIRCLE),
            Slot("contested", 15, Format.PLENARY),
            Slot("farewell", 10, Format.CLOSING),
        ),
        ConveningKind.WORKSHOP,
        StageKind.PROBLEM_DEFINITION,
    ),
    Template(
        "co_design",
        (
            Slot("arrival", 10, Format.WELCOME),
            Slot("wishes", 25, Format.CIRCLE),
            Slot("ideas", 10, Format.SILENT_WRITING),
            Slot("sketches", 50, Format.SMALL_GROUPS),
            Slot("rest", 15, Format.BREAK),
            Slot("gallery", 25, Format.PLENARY),
            Slot("doubts", 35, Format.STRESS_TEST),
            Slot("farewell", 10, Format.CLOSING),
        ),
        ConveningKind.WORKSHOP,
        StageKind.DESIGN,
    ),
    Template(
        "mobilisation",
        (
            Slot("arrival", 10, Format.WELCOME),
            Slot("needs", 10, Format.PRESENTATION),
            Slot("bring", 30, Format.CIRCLE),
            Slot("match", 30, Format.SMALL_GROUPS),
            Slot("rest", 10, Format.BREAK),
            Slot("assumptions", 20, Format.STRESS_TEST),
            Slot("commitments", 10, Format.CLOSING),
        ),
        ConveningKind.WORKSHOP,
        StageKind.MOBILISATION,
    ),
    Template(
        "stress_test",
        (
            Slot("arrival", 10, Format.WELCOME),
            Slot("pilot", 15, Format.PRESENTATION),
            Slot("fails", 10, Format.SILENT_WRITING),
            Slot("breaking", 45, Format.STRESS_TEST),
            Slot("rest", 15, Format.BREAK),
            Slot("repairs", 35, Format.SMALL_GROUPS),
            Slot("changes", 10, Format.DECISION),
            Slot("farewell", 10, Format.CLOSING),
        ),
        ConveningKind.STRESS_TEST,
        StageKind.PILOT,
    ),
    Template(
        "decision_meeting",
        (
            Slot("arrival", 10, Format.WELCOME),
            Slot("still_open", 10, Format.PRESENTATION),
            Slot("options", 30, Format.SMALL_GROUPS),
            Slot("objections", 10, Format.SILENT_WRITING),
            Slot("rest", 10, Format.BREAK),
            Slot("hearing", 25, Format.CIRCLE),
            Slot("deciding", 15, Format.DECISION),
            Slot("next_steps", 10, Format.CLOSING),
        ),
        ConveningKind.DECISION,
    ),
    Template(
        "learning_review",
        (
            Slot("arrival", 10, Format.WELCOME),
            Slot("expected", 15, Format.SILENT_WRITING),
            Slot("happened", 25, Format.CIRCLE),
            Slot("why", 25, Format.SMALL_GROUPS),
            Slot("rest", 10, Format.BREAK),
            Slot("change", 25, Format.PLENARY),
            Slot("farewell", 10, Format.CLOSING),
        ),
        ConveningKind.REVIEW,
        StageKind.LEARNING,
    ),
)


def template(name: str) -> Template:
    """The template of that name; KeyError when there is none."""
    return {each.name: each for each in TEMPLATES}[name]


def suited(kind: ConveningKind, stage: StageKind) -> list[Template]:
    """All templates, those first that suit the kind and the stage of a convening."""
    return sorted(TEMPLATES, key=lambda each: -_fitness(each, kind, stage))


def _fitness(each: Template, kind: ConveningKind, stage: StageKind) -> int:
    """A special kind says more than the stage; a workshop says less than it."""
    special = each.kind is kind and kind is not ConveningKind.WORKSHOP
    return 4 * special + 2 * (each.stage is stage) + (each.kind is kind)


def blocks(
    chosen: Template, t: Translator, convening_id: int, available: int | None = None
) -> tuple[BlockDraft, ...]:
    """The template's blocks in the words of a language, fitted to ``available`` minutes."""
    own = [slot.minutes for slot in chosen.slots]
    minutes = own if available is None else fit(own, available)
    return tuple(
        BlockDraft(
            convening_id=convening_id,
            title=_text(chosen, slot, "title", t),
            minutes=length,
            format=slot.format,
            goal=_text(chosen, slot, "goal", t),
            materials=_text(chosen, slot, "materials", t),
        )
        for slot, length in zip(chosen.slots, minutes, strict=True)
    )


def fit(minutes: Sequence[int], available: int) -> list[int]:
    """Lengths in the same proportions that add up to ``available`` minutes, in steps of 5.

    Largest remainders decide the rounding, the longest block takes what is not a multiple of 5.
    Outside the bounds of SHORTEST and LONGEST the lengths stay as they are.
    """
    total = sum(minutes)
    if not SHORTEST * total <= available <= LONGEST * total:
        return list(minutes)
    steps, rest = divmod(available, STEP)
    exact = [each * steps / total for each in minutes]
    fitted = [max(1, int(each)) for each in exact]
    by_remainder = sorted(range(len(exact)), key=lambda n: fitted[n] - exact[n])
    for n in by_remainder[: max(0, steps - sum(fitted))]:
        fitted[n] += 1
    result = [STEP * each for each in fitted]
    result[result.index(max(result))] += rest + STEP * (steps - sum(fitted))
    return result


def _text(chosen: Template, slot: Slot, what: str, t: Translator) -> str:
    key = f"agenda_template.{chosen.name}.{slot.name}.{what}"
    return t(key) if t.has(key) else ""
