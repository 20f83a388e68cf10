"""Which language a browser gets before and after one was chosen."""

import pytest

from convening.vocabulary import Language
from pages.components import language


@pytest.mark.parametrize(
    ("chosen", "accepted", "found"),
    [
        ("", "", Language.ENGLISH),
        ("", "ar-JO,ar;q=0.9,en;q=0.8", Language.ARABIC),
        ("", "fr,AR;q=0.5", Language.ARABIC),
        ("", "fr;q=0.9, de", Language.ENGLISH),
        ("en", "ar", Language.ENGLISH),
        ("xx", "ar", Language.ARABIC),
    ],
)
def test_a_choice_comes_before_what_the_browser_asks_for(
    chosen: str, accepted: str, found: Language
) -> None:
    assert language.of(chosen, accepted) is found
