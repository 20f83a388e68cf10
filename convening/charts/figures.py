"""Figures that charts and their tables word alike."""

from convening.balance import TOLERANCE
from convening.i18n import Translator
from convening.vocabulary import Range, Standing


def standing(value: float, target: Range) -> Standing:
    """Below, within or above, both ends of the target included."""
    if value < target.min - TOLERANCE:
        return Standing.BELOW
    return Standing.ABOVE if value > target.max + TOLERANCE else Standing.WITHIN


def or_withheld(number: int | None, t: Translator) -> int | str:
    """The number, or the one mark that stands for every number that is withheld."""
    return t("charts.withheld") if number is None else number
