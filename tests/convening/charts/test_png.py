"""Charts as pictures: drawn without a browser, in our fonts, without a request to anywhere."""

import io
import json
import re
from typing import Any

import pytest
from PIL import Image

from convening.balance import OVERLAPS
from convening.charts import png, theme
from convening.charts.overlaps import chart

HEADS = dict(zip(OVERLAPS, (14, 9, 17, 3, 0, None, 2), strict=True))


@pytest.mark.parametrize("width", [340, 800])
def test_a_picture_is_as_wide_as_asked_on_the_ground_of_the_theme(
    width: int, dark: bool, t: Any
) -> None:
    picture = Image.open(io.BytesIO(png.png(chart(HEADS, t, dark=dark), width, scale=1)))
    assert picture.size == (width, 286)
    ground = bytes(picture.convert("RGB").tobytes()[:3]).hex().upper()
    assert f"#{ground}" == theme.palette(dark).background


def test_texts_stay_texts_in_our_font(arabic: Any) -> None:
    drawn = png.svg(chart(HEADS, arabic)).decode("utf-8")
    assert "حراس المجتمع" in drawn
    assert set(re.findall(r'font-family="([^"]+)"', drawn)) == {f"{png.FAMILY}, {theme.FONT}"}


def test_the_font_is_there_for_latin_and_arabic(english: Any, arabic: Any) -> None:
    names = sorted(file.name for file in png.FONTS.glob("*.ttf"))
    assert names == ["HalqaChartSans-Regular.ttf", "HalqaChartSans-SemiBold.ttf"]
    images = [png.png(chart(HEADS, t), 340, scale=1) for t in (english, arabic)]
    assert images[0] != images[1]


def test_a_chart_asks_no_other_host_for_anything(t: Any) -> None:
    specification = png.specification(chart(HEADS, t), 340)
    assert specification.pop("$schema").startswith("https://vega.github.io/")
    assert "http" not in json.dumps(specification)
    assert '"url"' not in json.dumps(specification)
