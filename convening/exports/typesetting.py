"""Pages set by Typst: a template of ours, and everything that people wrote as data beside it.

User text never becomes markup: the template reads it as strings from one JSON input.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Literal

import typst

from convening.i18n import Translator

FONT = "Halqa Chart Sans"  # Noto Sans with Noto Sans Arabic, the same letters as in charts


def pdf(template: str, data: Mapping[str, Any], t: Translator) -> bytes:
    """The PDF of ``template`` (a file beside this module); the same data give the same bytes."""
    return _compile(template, data, t, "pdf")[0]


def pages_as_png(template: str, data: Mapping[str, Any], t: Translator) -> list[bytes]:
    """The same pages as pictures, to look at without a PDF reader."""
    return _compile(template, data, t, "png")


def _compile(
    template: str, data: Mapping[str, Any], t: Translator, form: Literal["pdf", "png"]
) -> list[bytes]:
    source = files(__package__).joinpath(template).read_bytes()
    content = {
        **data,
        "language": t.language.value,
        "direction": "rtl" if t.rtl else "ltr",
        "font": FONT,
    }
    made = typst.compile(
        source,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(content, ensure_ascii=False, sort_keys=True)},
        format=form,
        ppi=110,
    )
    return list(made) if isinstance(made, list) else [made]


@cache
def _fonts() -> typst.Fonts:
    with as_file(files("convening.charts").joinpath("fonts")) as folder:
        return typst.Fonts(include_system_fonts=False, font_paths=[folder])
