"""Agendas to start from: complete in both languages, and fitted to a convening's length."""

import pytest

from convening import agenda
from convening.agenda import BlockDraft
from convening.agenda_templates import TEMPLATES, Template, blocks, fit, suited, template
from convening.i18n import Translator
from convening.vocabulary import BlockFormat, ConveningKind, Language, StageKind


def test_there_are_seven_under_names_of_their_own() -> None:
    assert len({each.name for each in TEMPLATES}) == len(TEMPLATES) == 7


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("each", TEMPLATES, ids=lambda each: each.name)
def test_every_template_makes_blocks_that_can_be_saved(each: Template, language: Language) -> None:
    t = Translator(language)
    drafts = blocks(each, t, 1)
    assert t(f"agenda_template.{each.name}.name")
    assert t(f"agenda_template.{each.name}.use")
    assert [problem for draft in drafts for problem in agenda.cleaned(draft)[1]] == []
    assert all(draft.goal or draft.format is BlockFormat.BREAK for draft in drafts)


@pytest.mark.parametrize("each", TEMPLATES, ids=lambda each: each.name)
def test_a_template_follows_the_advice_that_agendas_get(each: Template) -> None:
    slots = [
        agenda.Block(n, 1, n, slot.minutes, slot.name, slot.format, "", "", "", 1)
        for n, slot in enumerate(each.slots)
    ]
    assert agenda.questions(slots, each.minutes) == []


def test_a_template_is_worded_in_the_language_of_whoever_uses_it() -> None:
    first = blocks(template("listening_session"), Translator(Language.ENGLISH), 4)[1]
    assert first == BlockDraft(
        convening_id=4,
        title="Opening circle",
        minutes=20,
        format=BlockFormat.CIRCLE,
        goal="Each person says who they are and what brought them.",
        materials="Chairs in one circle",
    )
    arabic = blocks(template("listening_session"), Translator(Language.ARABIC), 4)[1]
    assert arabic.title == "حلقة الافتتاح"


@pytest.mark.parametrize(
    ("available", "expected"),
    [
        (120, [15, 20, 40, 15, 20, 10]),
        (90, [10, 15, 30, 10, 15, 10]),
        (93, [10, 15, 33, 10, 15, 10]),
        (180, [25, 30, 60, 20, 30, 15]),
        (60, [15, 20, 40, 15, 20, 10]),
        (480, [15, 20, 40, 15, 20, 10]),
    ],
)
def test_lengths_are_fitted_in_steps_of_five_minutes(available: int, expected: list[int]) -> None:
    assert fit([15, 20, 40, 15, 20, 10], available) == expected


@pytest.mark.parametrize("each", TEMPLATES, ids=lambda each: each.name)
def test_whatever_is_fitted_fills_the_time_exactly(each: Template) -> None:
    own = [slot.minutes for slot in each.slots]
    for available in range(round(each.minutes * 0.6) + 1, round(each.minutes * 1.5)):
        fitted = fit(own, available)
        assert (sum(fitted), min(fitted) >= 5) == (available, True)


@pytest.mark.parametrize(
    ("kind", "stage", "first"),
    [
        (ConveningKind.LISTENING, StageKind.DESIGN, "listening_session"),
        (ConveningKind.STRESS_TEST, StageKind.DESIGN, "stress_test"),
        (ConveningKind.WORKSHOP, StageKind.DESIGN, "co_design"),
        (ConveningKind.WORKSHOP, StageKind.MOBILISATION, "mobilisation"),
        (ConveningKind.DECISION, StageKind.PILOT, "decision_meeting"),
        (ConveningKind.OTHER, StageKind.LEARNING, "learning_review"),
    ],
)
def test_what_suits_the_convening_is_offered_first(
    kind: ConveningKind, stage: StageKind, first: str
) -> None:
    offered = suited(kind, stage)
    assert offered[0].name == first
    assert len(offered) == len(TEMPLATES)
