"""The run sheet: what stands on it, in both directions, and that user text stays text."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from importlib.resources import files

import pytest
import typst

from convening.agenda import Block
from convening.exports import run_sheet, typesetting
from convening.exports.run_sheet import RunSheet
from convening.i18n import Translator
from convening.vocabulary import BlockFormat, Language, Openness
from tests.convening.test_convenings import MEETING

ENGLISH, ARABIC = Translator(Language.ENGLISH), Translator(Language.ARABIC)
HOSTILE = '#panic("x") *b* _i_ $x$ <a> @b \\ [c] {d} // e /* f "g'


def block(position: int, minutes: int, title: str, **texts: str) -> Block:
    return Block(
        id=position + 1,
        convening_id=1,
        position=position,
        minutes=minutes,
        title=title,
        format=BlockFormat.CIRCLE,
        goal=texts.get("goal", ""),
        lead=texts.get("lead", ""),
        materials=texts.get("materials", ""),
        version=1,
    )


SHEET = RunSheet(
    initiative="Renewal",
    stage="Pilot",
    convening=replace(
        MEETING,
        starts_local=datetime(2026, 3, 2, 10, 0),
        ends_local=datetime(2026, 3, 2, 11, 0),
        place="Town hall",
        openness=Openness.OPTIONS_GIVEN,
    ),
    blocks=(
        block(0, 15, "Arriving", goal="All are greeted", materials="Food"),
        block(1, 45, "Circle", lead="Noor"),
    ),
)


def test_it_says_when_where_what_for_and_how_open_it_is() -> None:
    assert run_sheet.content(SHEET, ENGLISH)["facts"] == [
        ["Purpose", "Sketch"],
        ["When", "Mon 2 Mar 2026, 10:00–11:00 (Asia/Amman, UTC+03:00)"],
        ["Length", "1 hour"],
        ["Where", "Town hall"],
        ["Stage", "Pilot"],
        ["Still open", "A choice between options"],
    ]


def test_each_block_has_its_time_and_a_form_that_is_not_its_title() -> None:
    assert run_sheet.content(SHEET, ENGLISH)["blocks"] == [
        {
            "time": "10:00–10:15",
            "length": "15 minutes",
            "title": "Arriving",
            "format": "Circle",
            "goal": "All are greeted",
            "lead": "",
            "materials": "Food",
        },
        {
            "time": "10:15–11:00",
            "length": "45 minutes",
            "title": "Circle",
            "format": "",
            "goal": "",
            "lead": "Noor",
            "materials": "",
        },
    ]


def test_without_a_date_times_count_from_the_start() -> None:
    undated = replace(SHEET.convening, starts_local=None, ends_local=None)
    content = run_sheet.content(replace(SHEET, convening=undated), ENGLISH)
    assert ["When", "Times count from the start."] in content["facts"]
    assert [each["time"] for each in content["blocks"]] == ["+0:00", "+0:15"]


@pytest.mark.parametrize("t", [ENGLISH, ARABIC], ids=["en", "ar"])
def test_the_same_sheet_gives_the_same_pdf(t: Translator) -> None:
    first = run_sheet.write(SHEET, t)
    assert first.startswith(b"%PDF-")
    assert first == run_sheet.write(SHEET, t)


def test_the_languages_differ() -> None:
    assert run_sheet.content(SHEET, ARABIC)["words"]["columns"] == [
        "الوقت",
        "الفقرة",
        "من يقودها",
        "المواد",
        "ملاحظات",
    ]
    assert run_sheet.write(SHEET, ENGLISH) != run_sheet.write(SHEET, ARABIC)


def strings(node: object) -> Iterator[str]:
    """Every text that Typst set, wherever it stands in the document."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "text" and isinstance(value, str):
                yield value
            else:
                yield from strings(value)
    elif isinstance(node, list):
        for each in node:
            yield from strings(each)


def test_what_people_wrote_is_set_as_it_stands_and_never_run() -> None:
    sheet = replace(
        SHEET,
        initiative=HOSTILE,
        convening=replace(SHEET.convening, title=HOSTILE, purpose=HOSTILE, place=HOSTILE),
        blocks=(block(0, 60, HOSTILE, goal=HOSTILE, lead=HOSTILE, materials=HOSTILE),),
    )
    content = run_sheet.content(sheet, ENGLISH)
    data = {**content, "language": "en", "direction": "ltr", "font": typesetting.FONT}
    source = files("convening.exports").joinpath(run_sheet.TEMPLATE).read_bytes()
    said = [
        text
        for element in ("heading", "table")
        for text in strings(
            json.loads(typst.query(source, element, sys_inputs={"data": json.dumps(data)}))
        )
    ]
    assert said.count(HOSTILE) == 5  # the heading; title, goal, lead and materials of the block
    assert run_sheet.write(sheet, ENGLISH).startswith(b"%PDF-")


def test_a_long_agenda_goes_on_on_further_pages() -> None:
    blocks = tuple(block(n, 10, f"Block {n}", goal="Goal\nin\nlines") for n in range(40))
    content = run_sheet.content(replace(SHEET, blocks=blocks), ENGLISH)
    pages = typesetting.pages_as_png(run_sheet.TEMPLATE, content, ENGLISH)
    assert len(pages) == 6


def test_a_goal_longer_than_a_page_is_broken_and_not_lost() -> None:
    sheet = replace(SHEET, blocks=(block(0, 60, "Long", goal="word " * 400),))
    content = run_sheet.content(sheet, ENGLISH)
    assert len(typesetting.pages_as_png(run_sheet.TEMPLATE, content, ENGLISH)) == 2


def test_the_font_has_arabic_and_latin_letters() -> None:
    """A family that is not found would fall back to another without a word."""
    folder = files("convening.charts").joinpath("fonts")
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)]
    )
    assert typesetting.FONT in fonts.families()
