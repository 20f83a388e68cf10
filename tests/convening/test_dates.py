"""When a convening is, in words of both languages."""

from dataclasses import replace
from datetime import datetime

import pytest

from convening.convenings import Convening
from convening.dates import when, when_in_zone
from convening.i18n import Translator
from convening.vocabulary import Language
from tests.convening.test_convenings import MEETING

ENGLISH, ARABIC = Translator(Language.ENGLISH), Translator(Language.ARABIC)
DAY = replace(
    MEETING, starts_local=datetime(2026, 3, 2, 18, 0), ends_local=datetime(2026, 3, 2, 20, 30)
)


@pytest.mark.parametrize(
    ("meeting", "expected"),
    [
        (DAY, "Mon 2 Mar 2026, 18:00–20:30"),
        (replace(DAY, ends_local=None), "Mon 2 Mar 2026, 18:00"),
        (
            replace(DAY, ends_local=datetime(2026, 3, 3, 1, 0)),
            "Mon 2 Mar 2026, 18:00 to Tue 3 Mar 2026, 01:00",
        ),
        (replace(DAY, starts_local=None, ends_local=None), ""),
    ],
)
def test_day_and_times(meeting: Convening, expected: str) -> None:
    assert when(meeting, ENGLISH) == expected


def test_the_zone_stands_beside_it() -> None:
    assert when_in_zone(DAY, ENGLISH) == "Mon 2 Mar 2026, 18:00–20:30 (Asia/Amman, UTC+03:00)"
    assert when_in_zone(replace(DAY, starts_local=None), ENGLISH) == ""


def test_arabic_has_its_own_months_and_western_digits() -> None:
    assert when(DAY, ARABIC) == "الاثنين 2 آذار 2026، 18:00–20:30"
