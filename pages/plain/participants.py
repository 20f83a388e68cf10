"""The language of somebody without an account: as chosen on the page, or as the browser asks.

A choice stands in the address (``?language=fr``) and in the forms of a page; nothing is kept.
"""

from starlette.requests import Request

from convening.convenings import Convening
from convening.i18n.participants import Translator, language_for
from convening.problems import Problem
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


def said(problem: Problem, t: Translator) -> str:
    """A problem in words, of its field where it has some; one that has none for participants asks
    them to try again."""
    field = (problem.field or "").rpartition("_")[2]  # other_2_name asks what any name asks
    keys = (f"problem.{problem.code}_{field}", f"problem.{problem.code}", "problem.try_again")
    return t(next(each for each in keys if t.has(each)), **problem.params)


def said_in(meeting: Convening, t: Translator) -> str:
    """The convening in which something was said, with its date."""
    if meeting.starts_local is None:
        return meeting.title
    return t("receipt.said_in", convening=meeting.title, date=meeting.starts_local.date())
