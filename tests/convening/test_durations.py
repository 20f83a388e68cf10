"""Lengths of time in both languages."""

import pytest

from convening.durations import after_start, in_words
from convening.i18n import Translator
from convening.vocabulary import Language


@pytest.mark.parametrize(
    ("minutes", "english", "arabic"),
    [
        (0, "0 minutes", "0 دقيقة"),
        (45, "45 minutes", "45 دقيقة"),
        (60, "1 hour", "ساعة واحدة"),
        (135, "2 hours 15 minutes", "ساعتان و15 دقيقة"),
        (605, "10 hours 5 minutes", "10 ساعات و5 دقائق"),
    ],
)
def test_minutes_in_words(minutes: int, english: str, arabic: str) -> None:
    assert in_words(minutes, Translator(Language.ENGLISH)) == english
    assert in_words(minutes, Translator(Language.ARABIC)) == arabic


def test_times_without_a_start_count_like_a_clock() -> None:
    assert [after_start(each) for each in (0, 5, 95, 600)] == ["+0:00", "+0:05", "+1:35", "+10:00"]
