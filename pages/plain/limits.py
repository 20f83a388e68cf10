"""Counting what somebody does too often, in the memory of this process alone.

A page behind a token asks ``stopped`` before it looks the token up, and calls ``missed`` where
nobody was given such a token.
"""

import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from convening.i18n import Translator, Wording
from pages.plain import page
from pages.plain.files import language_of
from pages.plain.origin import ADDRESS_HEADER

_MOST_KEYS = 10_000


class Limit:
    """At most ``most`` counts of one key within ``seconds``, from its first count on.

    For what a guesser would do without end and nobody else more than a few times. Called from the
    event loop alone.
    """

    def __init__(
        self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._counts: dict[str, tuple[int, float]] = {}

    def wait(self, key: str) -> int:
        """Whole seconds that the key has to wait, 0 when it need not."""
        count, ends = self._counts.get(key, (0, 0.0))
        left = ends - self._clock()
        return int(left) + 1 if count >= self._most and left > 0 else 0

    def count(self, key: str) -> None:
        at = self._clock()
        count, ends = self._counts.pop(key, (0, 0.0))
        if ends <= at:
            count, ends = 0, at + self._seconds
        self._counts[key] = (count + 1, ends)
        if len(self._counts) > _MOST_KEYS:
            self._forget(at)

    def clear(self) -> None:
        self._counts.clear()

    def _forget(self, at: float) -> None:
        """Drops what is over; where that is not enough, the keys counted longest ago too."""
        living = {key: each for key, each in self._counts.items() if each[1] > at}
        surplus = max(0, len(living) - _MOST_KEYS // 2)
        self._counts = dict(list(living.items())[surplus:])


MISSES = Limit(50, 600)  # made-up tokens of one address; a whole venue shares one


def missed(request: Request) -> None:
    """Counts a token that nobody was given."""
    MISSES.count(address(request))


def stopped(request: Request, wait: int = 0, t: Wording | None = None) -> Response | None:
    """A page that asks whoever tries many of them, or has to ``wait`` otherwise, for patience.

    In the words of ``t``, or else in the language of the browser.
    """
    wait = MISSES.wait(address(request)) or wait
    if not wait:
        return None
    response = page.note("rsvp.too_often", t or Translator(language_of(request)), status=429)
    response.headers["retry-after"] = str(wait)
    return response


def address(request: Request) -> str:
    """Where a request comes from; everybody in one house may share it."""
    return request.headers.get(ADDRESS_HEADER, "")
