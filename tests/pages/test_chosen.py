"""Screens of an initiative or a convening, when there is none."""

import pytest
import streamlit as st

from convening.i18n import Translator
from convening.vocabulary import Language, Role
from tests import builders
from tests.pages.screens import Screens, ran, texts

OF_INITIATIVE = ("community", "convenings", "balance", "mail", "definition", "dissent", "opinion")
OF_CONVENING = ("agenda", "invitees", "door", "room", "wall", "after")
ENGLISH = Translator(Language.ENGLISH)


@pytest.mark.parametrize("screen", [*OF_INITIATIVE, *OF_CONVENING])
def test_without_an_initiative_a_screen_says_where_one_is_and_what_to_do_first(
    screens: Screens, screen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "page_link", lambda *_, **__: None)  # it needs the whole site
    roles = (Role.ORGANISER, Role.FACILITATOR)
    screens.enter(screens.build(builders.user, "Olga", *roles))
    app = ran(screens.open(screen))
    assert [each.value for each in app.title] == [ENGLISH(f"screen.{screen}")]
    assert [each.value for each in app.header] == [ENGLISH("chosen.no_initiative")]
    assert ENGLISH("chosen.no_initiative_help") in texts(app)
