"""Wording of records that several screens show."""

from convening.i18n import Translator
from convening.initiatives import Stage
from convening.vocabulary import StageKind


def stage_label(stage: Stage, t: Translator) -> str:
    """A stage's preset name, or its own."""
    return stage.name if stage.kind is StageKind.CUSTOM else t.word(stage.kind)
