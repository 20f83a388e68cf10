"""Pages without Streamlit: one HTML document, its styles inside it, no script, nothing fetched.

Texts of users reach a template as values alone, which it escapes; a name that a template does not
know is an error.
"""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from convening import settings
from convening.i18n import Wording

TEMPLATES = Path(__file__).parent / "templates"
# A personal page is for its reader alone: it is kept by no cache and found by no search engine.
HEADERS = {"cache-control": "private, no-store", "x-robots-tag": "noindex, nofollow"}


def answer(name: str, t: Wording, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The template ``name`` in the language of ``t``, as an answer that nobody keeps."""
    html = _environment().get_template(f"{name}.html").render(t=t, **values)
    return HTMLResponse(html, status_code=status, headers=HEADERS)


def note(key: str, t: Wording, *, status: int) -> HTMLResponse:
    """A page that says one thing: the texts ``key_title`` and ``key``."""
    return answer("note", t, status=status, key=key)


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
