"""What every chart shares: colours for light and dark, the groups' shapes, fonts and layout.

Charts place their marks and texts themselves, in pixels, instead of leaving them to axes and
legends: those have no right-to-left order and cut labels on a phone.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from convening.i18n import Translator
from convening.vocabulary import Group

FONT = "Noto Sans, Noto Sans Arabic, sans-serif"
SMALL, NORMAL = 12, 14
LINE_HEIGHT = 16

_TYPES = {"N": "nominal", "O": "ordinal", "Q": "quantitative"}

Channel = dict[str, Any]  # what one channel of a mark follows, as Vega-Lite writes it
Layer = dict[str, Any]

GROUP_SHAPES: Mapping[Group, str] = {
    Group.STEWARD: "circle",
    Group.GATEWAY: "square",
    Group.INFLUENCER: "triangle-up",
}


@dataclass(frozen=True)
class Palette:
    """The colours of a theme; ``.streamlit/config.toml`` repeats the first five.

    ``ramp`` runs from the weakest to the strongest colour of a share; ``ink`` and ``paper`` are
    the two colours of text that may stand on it.
    """

    background: str
    surface: str
    text: str
    line: str
    accent: str
    muted: str
    faint: str
    ink: str
    paper: str
    ramp: tuple[str, ...]
    groups: Mapping[Group, str]


LIGHT = Palette(
    background="#FDFBF7",
    surface="#F7F2EA",
    text="#1A1512",
    line="#8C8073",
    accent="#7A2F5E",
    muted="#655B52",
    faint="#DDD3C6",
    ink="#1A1512",
    paper="#FFFFFF",
    ramp=("#F3E6EE", "#E3C2D6", "#CE97B8", "#9B4F80", "#7A2F5E"),
    groups={Group.STEWARD: "#009E73", Group.GATEWAY: "#B26A00", Group.INFLUENCER: "#0072B2"},
)
DARK = Palette(
    background="#1D1916",
    surface="#2A2521",
    text="#F1EAE1",
    line="#857A6E",
    accent="#B2568A",
    muted="#BDB1A4",
    faint="#4A423B",
    ink="#1A1512",
    paper="#FFFFFF",
    ramp=("#3A2833", "#5A3149", "#8F4570", "#D08BB3", "#EDC3DC"),
    groups={Group.STEWARD: "#009E73", Group.GATEWAY: "#E69F00", Group.INFLUENCER: "#56B4E9"},
)


def palette(dark: bool) -> Palette:
    return DARK if dark else LIGHT


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours like "#1A1512", 1 to 21 (WCAG 2.2, relative luminance)."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def text_on(fill: str, colours: Palette) -> str:
    """The colour of text that stands out most on a filled cell."""
    return max((colours.ink, colours.paper), key=lambda each: contrast(each, fill))


def embed(text: str, t: Translator) -> str:
    """One line of text in the direction of the language, whatever direction the page has.

    A chart is laid out from left to right: without the isolate "4 من 23" would read backwards.
    """
    return f"\u2067{text}\u2069" if t.rtl and text else text


def lines(text: str, width: int, t: Translator, most: int = 2) -> list[str]:
    """``text`` in at most ``most`` lines of about ``width`` characters, each in its direction."""
    parts = textwrap.wrap(text, width, max_lines=most, placeholder="…", break_on_hyphens=False)
    return [embed(part, t) for part in parts]


def stacked(text: str, width: int, t: Translator, y: float, **fields: Any) -> list[dict[str, Any]]:
    """One row per line of a wrapped text, centred on height ``y``, each with ``fields``."""
    parts = lines(text, width, t)
    first = y - (len(parts) - 1) * LINE_HEIGHT / 2
    return [
        {"text": part, "y": first + number * LINE_HEIGHT} | fields
        for number, part in enumerate(parts)
    ]


@dataclass(frozen=True)
class Sides:
    """Where a line begins and ends: at the left and right in English, the other way in Arabic.

    ``gutter`` pixels, on the side where lines begin, are kept for labels.
    """

    rtl: bool
    gutter: int = 0

    @property
    def start(self) -> str:
        return "right" if self.rtl else "left"

    @property
    def end(self) -> str:
        return "left" if self.rtl else "right"

    def at_start(self, pixels: float = 0) -> Channel:
        """``pixels`` from the edge at which lines begin."""
        return value(expression(f"width - {pixels}") if self.rtl else pixels)

    def at_end(self, pixels: float = 0) -> Channel:
        """``pixels`` before the edge at which lines end."""
        return value(pixels if self.rtl else expression(f"width - {pixels}"))

    def columns(self, name: str, domain: Sequence[str], **scale: Any) -> Channel:
        """Columns beside the gutter, the first one where lines begin."""
        inner = expression(f"width - {self.gutter}")
        return field(
            f"{name}:N",
            scale={
                "domain": list(domain)[:: -1 if self.rtl else 1],
                "range": [0, inner] if self.rtl else [self.gutter, expression("width")],
                **scale,
            },
            axis=None,
        )


def field(name: str, **settings: Any) -> Channel:
    """A channel of Vega-Lite that follows a field: "heads:Q", "name:N"."""
    column, _, kind = name.partition(":")
    return {"field": column, "type": _TYPES[kind], **settings}


def value(of: Any) -> Channel:
    """A channel that is the same for every row."""
    return {"value": of}


def expression(text: str) -> dict[str, str]:
    """What the browser works out: "width - 20"."""
    return {"expr": text}


def rows_to_y(name: str, height: float) -> Channel:
    """A vertical position in pixels from the top."""
    return field(f"{name}:Q", scale={"domain": [height, 0], "nice": False}, axis=None)


def told() -> dict[str, Channel]:
    """The field ``tip`` as tooltip and as what a screen reader says of a mark."""
    return {"tooltip": field("tip:N"), "description": field("tip:N")}


def draw(
    mark: str,
    rows: Sequence[Mapping[str, Any]],
    style: Mapping[str, Any],
    **encoding: Any,
) -> Layer:
    """One layer: a mark of Vega-Lite ("rect", "text", ...) for each row.

    A channel in words ("value:Q") follows that field.
    """
    return {
        "data": {"values": list(rows)},
        "mark": {"type": mark, **style},
        "encoding": {name: _channel(name, each) for name, each in encoding.items()},
    }


def _channel(name: str, given: Channel | str) -> Channel:
    if not isinstance(given, str):
        return given
    # The second end of a mark has the type of the first one
    return {"field": given.partition(":")[0]} if name in ("x2", "y2") else field(given)


def texts(
    rows: Sequence[Mapping[str, Any]],
    x: Any,
    height: float,
    *,
    colour: str,
    **style: Any,
) -> Layer:
    """Plain text from field ``text`` at height ``y``, which screen readers hear from the marks."""
    return draw(
        "text", rows, text_style(colour, **style), x=x, y=rows_to_y("y", height), text="text:N"
    )


def line(text: str, x: Any, y: Any, *, colour: str, **style: Any) -> Layer:
    """One line of text at ``y`` pixels (a number or an expression), apart from all scales."""
    where = {"x": x, "y": value(y), "text": "text:N"}
    return draw("text", [{"text": text}], text_style(colour, **style), **where)


def text_style(colour: str, **style: Any) -> dict[str, Any]:
    return {"fontSize": SMALL, "baseline": "middle", "aria": False, "color": colour} | style


def shapes(
    rows: Sequence[Mapping[str, Any]],
    x: Any,
    height: float,
    size: float = 110,
    **style: Any,
) -> Layer:
    """Symbols at height ``y``: fields ``shape`` (a name or an SVG path) and ``colour``."""
    return draw(
        "point",
        rows,
        {"filled": True, "opacity": 1, "size": size, "aria": False} | style,
        x=x,
        y=rows_to_y("y", height),
        shape=field("shape:N", scale=None),
        color=field("colour:N", scale=None),
    )


def configure(layers: Sequence[Layer], dark: bool, height: float) -> alt.LayerChart:
    """The layers as one chart, as wide as its place, in the fonts and colours of the theme."""
    colours = palette(dark)
    return Drawn(
        {
            "$schema": alt.SCHEMA_URL,
            "width": "container",
            "height": height,
            "padding": {"left": 2, "right": 2, "top": 2, "bottom": 6},
            "autosize": {"type": "fit-x", "contains": "padding"},
            "background": colours.background,
            "usermeta": {"embedOptions": {"actions": False, "renderer": "svg"}},
            "config": {
                "font": FONT,
                "view": {"stroke": None},
                "text": {"color": colours.text, "fontSize": SMALL},
                "legend": {"disable": True},
            },
            "layer": _each_data_once(layers),
        }
    )


def _each_data_once(layers: Sequence[Layer]) -> list[Layer]:
    """The layers, of which those that draw the same rows send them once and name them after that.

    They stay in the layers: whatever stands under "datasets" Streamlit turns into a data frame.
    """
    names: dict[str, str] = {}
    drawn = []
    for layer in layers:
        rows = layer["data"]["values"]
        known = names.get(repr(rows))
        name = names.setdefault(repr(rows), f"rows_{len(names)}")
        drawn.append({**layer, "data": {"name": name} if known else {"name": name, "values": rows}})
    return drawn


class Drawn(alt.LayerChart):
    """A chart of Altair whose Vega-Lite is written already.

    Altair checks every part against its schema when a chart is put together and once more when it
    is sent, which takes a tenth of a second for each figure of a screen. Here the tests ask for
    that check (``validate=True``), and a screen does not.
    """

    def __init__(self, specification: dict[str, Any]) -> None:
        super().__init__()
        object.__setattr__(self, "_specification", specification)

    def to_dict(self, validate: bool = False, **_how: Any) -> dict[str, Any]:
        """The Vega-Lite; the outer two levels are the caller's to change."""
        found: dict[str, Any] = self._specification
        if validate:
            alt.LayerChart.validate(found)
        return {
            name: dict(part) if isinstance(part, dict) else part for name, part in found.items()
        }
