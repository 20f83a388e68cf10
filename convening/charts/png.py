"""A chart as a picture, made on the server without a browser."""

from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from convening.charts import theme

FONTS = Path(__file__).parent / "fonts"
#: The renderer takes one font for a whole line: this one holds Latin and Arabic together.
FAMILY = "Halqa Chart Sans"
WIDTH = 800


def png(chart: alt.LayerChart, width: int = WIDTH, scale: float = 2.0) -> bytes:
    """A PNG, ``width`` pixels wide before it is enlarged by ``scale``."""
    _register_fonts()
    return vl_convert.vegalite_to_png(
        specification(chart, width), vl_version=_version(), scale=scale, allowed_base_urls=[]
    )


def svg(chart: alt.LayerChart, width: int = WIDTH) -> bytes:
    """An SVG in UTF-8; its text stays text."""
    _register_fonts()
    drawn = vl_convert.vegalite_to_svg(
        specification(chart, width), vl_version=_version(), allowed_base_urls=[]
    )
    return drawn.encode("utf-8")


def specification(chart: alt.LayerChart, width: int) -> dict[str, Any]:
    """The chart's Vega-Lite with a width of its own and the font of pictures."""
    found: dict[str, Any] = chart.to_dict()
    found["width"] = width
    found["config"]["font"] = f"{FAMILY}, {theme.FONT}"
    found.pop("usermeta", None)
    return found


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(FONTS))


def _version() -> str:
    """Altair's "v6.4.1" as the renderer names it: "6.4"."""
    return ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
