"""The language of somebody without an account: as chosen on the page, or as the browser asks.

A choice stands in the address (``?language=fr``) and in the forms of a page; nothing is kept.
"""

from starlette.requests import Request

from convening.i18n.participants import Translator, language_for
from pages.components.language import COOKIE

PARAMETER = "language"


def translator(request: Request, *preferred: str) -> Translator:
    """The words for whoever asks; ``preferred`` languages go before those of the browser."""
    chosen = (request.query_params.get(PARAMETER, ""), *preferred)
    accepted = request.headers.get("accept-language", "")
    return Translator(language_for((*chosen, request.cookies.get(COOKIE, "")), accepted))


def address(path: str, t: Translator) -> str:
    """A path of ours in the language that is being read."""
    return f"{path}?{PARAMETER}={t.language}"
