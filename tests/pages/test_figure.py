"""A figure on a screen: answer first, a description for screen readers, a table, two downloads."""

import io
import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from PIL import Image
from sqlmodel import delete
from streamlit.testing.v1 import AppTest

from convening.vocabulary import Role
from db.queries.accounts import actor
from db.tables.accounts import LoginSession
from pages.components.markdown import escape
from tests import builders
from tests.pages.site import Site

READING = "None of the 14 people is a steward *yet* ![x](https://example.org/x.png)"


def screen() -> None:
    import pandas as pd

    from convening.balance import OVERLAPS
    from convening.charts import overlaps
    from convening.i18n import Translator
    from convening.vocabulary import Language
    from pages.components import figure

    t = Translator(Language.ENGLISH)
    figure.show(
        overlaps.chart(dict.fromkeys(OVERLAPS, 1400), t),
        key="overlaps",
        reading="None of the 14 people is a steward *yet* ![x](https://example.org/x.png)",
        table=pd.DataFrame({"Name": ["=1+1", "Amal"], "People": [1400, "withheld"]}),
        t=t,
        note="Each person counts [once](https://example.org).",
    )


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """What the download buttons would hand out, by file name."""
    made: dict[str, Callable[[], bytes]] = {}
    real = st.download_button

    def spy(label: str, **options: Any) -> bool:
        made[options["file_name"]] = options["data"]
        return bool(real(label, **options))

    monkeypatch.setattr(st, "download_button", spy)
    return made


@pytest.fixture
def shown(site: Site, files: dict[str, Callable[[], bytes]]) -> AppTest:
    assert files == {}
    with site.writing() as session:
        alice = builders.user(session, "Alice", Role.ORGANISER)
    with site.reading() as session:
        site.sign_in(actor(session, alice))
    test = AppTest.from_function(screen, default_timeout=30).run()
    assert not test.exception
    return test


def test_the_answer_stands_first_and_is_not_read_as_markdown(shown: AppTest) -> None:
    (text,) = shown.text
    assert text.value == READING
    (figure,) = shown.main.children.values()
    assert next(iter(figure.children.values())).type == "text"


def test_the_note_is_escaped(shown: AppTest) -> None:
    (note,) = shown.caption
    assert "](http" not in note.value
    assert "Each person counts" in note.value


def test_screen_readers_hear_the_answer_in_place_of_the_picture(shown: AppTest) -> None:
    (drawn,) = shown.get("vega_lite_chart")
    assert drawn.proto.alt == READING
    assert drawn.proto.theme == ""
    specification = json.loads(drawn.proto.spec)
    assert specification["usermeta"]["embedOptions"] == {"actions": False, "renderer": "svg"}


def test_the_table_writes_numbers_as_we_do(shown: AppTest) -> None:
    (table,) = shown.table
    expected = pd.DataFrame(
        {"Name": [escape("=1+1"), "Amal"], "People": [escape("1,400"), "withheld"]}
    )
    assert table.value.astype(object).equals(expected.astype(object))


@pytest.mark.usefixtures("shown")
def test_the_csv_holds_no_formula(files: dict[str, Callable[[], bytes]]) -> None:
    lines = files["overlaps.csv"]().decode("utf-8-sig").split("\r\n")
    assert lines == ["Name,People", "'=1+1,1400", "Amal,withheld", ""]


@pytest.mark.usefixtures("shown")
def test_the_picture_is_made_when_it_is_asked_for(files: dict[str, Callable[[], bytes]]) -> None:
    picture = Image.open(io.BytesIO(files["overlaps.png"]()))
    assert (picture.format, picture.width) == ("PNG", 1600)


@pytest.mark.usefixtures("shown")
def test_nothing_is_made_once_the_login_has_ended(
    site: Site, files: dict[str, Callable[[], bytes]]
) -> None:
    with site.writing() as session:
        session.execute(delete(LoginSession))
    with pytest.raises(PermissionError):
        files["overlaps.csv"]()
