"""The colours carry enough contrast, in the charts and in the application around them."""

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from convening.charts import theme
from convening.vocabulary import Group

ROOT = Path(__file__).parents[3]
ASSETS = ROOT / "pages" / "assets"
CONFIG: dict[str, Any] = tomllib.loads(
    (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
)["theme"]
NAMED = ("red", "orange", "yellow", "blue", "green", "violet", "gray")


def section(dark: bool) -> dict[str, Any]:
    found: dict[str, Any] = CONFIG["dark" if dark else "light"]
    return found


def mixed(colour: str, background: str, part: float) -> str:
    def channels(of: str) -> list[int]:
        return [int(of[start : start + 2], 16) for start in (1, 3, 5)]

    pairs = zip(channels(colour), channels(background), strict=True)
    return "#" + "".join(f"{round(part * over + (1 - part) * under):02x}" for over, under in pairs)


def test_contrast_is_that_of_wcag() -> None:
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert theme.contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)
    assert theme.contrast("#009E73", "#009E73") == 1


def test_group_colours_are_the_same_everywhere() -> None:
    light, dark = theme.LIGHT.groups, theme.DARK.groups
    assert light == {
        Group.STEWARD: "#009E73",
        Group.GATEWAY: "#B26A00",
        Group.INFLUENCER: "#0072B2",
    }
    assert dark == {
        Group.STEWARD: "#009E73",
        Group.GATEWAY: "#E69F00",
        Group.INFLUENCER: "#56B4E9",
    }
    for groups, config in ((light, CONFIG["light"]), (dark, CONFIG["dark"])):
        badges = [config["greenColor"], config["orangeColor"], config["blueColor"]]
        assert badges == list(groups.values())
        assert config["chartCategoricalColors"][:3] == list(groups.values())
    assert list(theme.GROUP_SHAPES.values()) == ["circle", "square", "triangle-up"]


def test_charts_stand_on_the_colours_of_the_application(dark: bool) -> None:
    colours, config = theme.palette(dark), section(dark)
    assert colours.background == config["backgroundColor"]
    assert colours.surface == config["secondaryBackgroundColor"]
    assert colours.text == config["textColor"]
    assert colours.line == config["borderColor"]
    assert colours.accent == config["primaryColor"]


def test_text_reaches_four_and_a_half(dark: bool) -> None:
    colours, config = theme.palette(dark), section(dark)
    for ground in (colours.background, colours.surface):
        for text in (colours.text, colours.muted, config["linkColor"]):
            assert theme.contrast(text, ground) >= 4.5
        # Captions and placeholders are the text colour at 60 %.
        assert theme.contrast(mixed(colours.text, ground, 0.6), ground) >= 4.5
    assert theme.contrast("#FFFFFF", colours.accent) >= 4.5
    assert theme.contrast(config["codeTextColor"], config["codeBackgroundColor"]) >= 4.5
    header = config["dataframeHeaderBackgroundColor"]
    assert theme.contrast(config["dataframeHeaderTextColor"], header) >= 4.5
    for name in NAMED:
        text = config[f"{name}TextColor"]
        assert theme.contrast(text, config[f"{name}BackgroundColor"]) >= 4.5, name
        assert theme.contrast(text, colours.background) >= 4.5, name


def test_shapes_lines_and_controls_reach_three(dark: bool) -> None:
    colours = theme.palette(dark)
    drawn = (*colours.groups.values(), colours.line, colours.accent, colours.muted)
    for ground in (colours.background, colours.surface):
        for colour in drawn:
            assert theme.contrast(colour, ground) >= 3, (colour, ground)
    assert theme.contrast(colours.text, colours.faint) >= 4.5


def test_text_on_every_fill_reaches_four_and_a_half(dark: bool) -> None:
    colours = theme.palette(dark)
    fills = (*colours.ramp, colours.faint, colours.background, colours.accent, colours.muted)
    for fill in fills:
        assert theme.contrast(theme.text_on(fill, colours), fill) >= 4.5, fill


def test_the_ramp_moves_away_from_the_background_step_by_step(dark: bool) -> None:
    colours = theme.palette(dark)
    away = [theme.contrast(fill, colours.background) for fill in colours.ramp]
    assert away == sorted(away)
    assert all(later / earlier > 1.15 for earlier, later in pairwise(away))


def test_every_font_is_ours_and_small() -> None:
    files = [ASSETS / face["url"].removeprefix("/assets/") for face in CONFIG["fontFaces"]]
    assert {face["family"] for face in CONFIG["fontFaces"]} == {"Noto Sans", "Noto Sans Arabic"}
    assert sorted(files) == sorted((ASSETS / "fonts").glob("*.woff2"))
    assert sum(file.stat().st_size for file in files) < 400_000
    assert all(face["unicodeRange"] for face in CONFIG["fontFaces"])
    for folder in (ASSETS / "fonts", ROOT / "convening" / "charts" / "fonts"):
        licences = sorted(file.name for file in folder.glob("OFL-*.txt"))
        assert licences == ["OFL-noto-sans-arabic.txt", "OFL-noto-sans.txt"]


def test_arabic_text_carries_its_direction_into_the_chart(english: Any, arabic: Any) -> None:
    assert theme.embed("4 of 23", english) == "4 of 23"
    assert theme.embed("4 من 23", arabic) == "\u20674 من 23\u2069"
    assert theme.lines("المؤثرون في قضايا المجتمع", 14, arabic) == [
        "\u2067المؤثرون في\u2069",
        "\u2067قضايا المجتمع\u2069",
    ]


def test_long_names_end_in_an_ellipsis_after_two_lines(english: Any) -> None:
    assert theme.lines("people who live in the three streets around it", 14, english) == [
        "people who",
        "live in the…",
    ]


def test_lines_begin_at_the_right_in_arabic() -> None:
    left, right = theme.Sides(rtl=False, gutter=100), theme.Sides(rtl=True, gutter=100)
    assert (left.start, left.end) == ("left", "right")
    assert (right.start, right.end) == ("right", "left")
    encoded: list[Any] = [sides.columns("step", ["a", "b"]) for sides in (left, right)]
    first, turned = (each["scale"] for each in encoded)
    assert (first["domain"], first["range"]) == (["a", "b"], [100, {"expr": "width"}])
    assert (turned["domain"], turned["range"]) == (["b", "a"], [0, {"expr": "width - 100"}])
