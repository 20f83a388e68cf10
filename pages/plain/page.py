"""Pages without Streamlit: one HTML document, its styles inside it, no script, nothing fetched.

Texts of users reach a template as values alone, which it escapes; a name that a template does not
know is an error.
"""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from convening import settings
from convening.i18n import Wording
from convening.problems import Problem

TEMPLATES = Path(__file__).parent / "templates"
# A personal page is for its reader alone: it is kept by no cache and found by no search engine.
HEADERS = {"cache-control": "private, no-store", "x-robots-tag": "noindex, nofollow"}


def answer(name: str, t: Wording, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The template ``name`` in the language of ``t``, as an answer that nobody keeps."""
    html = _environment().get_template(f"{name}.html").render(t=t, **values)
    return HTMLResponse(html, status_code=status, headers=HEADERS)


def note(key: str, t: Wording, *, status: int, to_receipt: bool = False) -> HTMLResponse:
    """A page that says one thing: the texts ``key_title`` and ``key``; on wish with the way to
    what became of one's words."""
    return answer("note", t, status=status, key=key, to_receipt=to_receipt)


def by_field(
    problems: Iterable[Problem], whole: str, say: Callable[[Problem], str]
) -> dict[str, str]:
    """The first problem of each field in words; what is about the whole stands with ``whole``."""
    found: dict[str, str] = {}
    for each in problems:
        found.setdefault(each.field or whole, say(each))
    return found


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=settings.current().development,
        trim_blocks=True,
        lstrip_blocks=True,
    )
