"""Phones without a browser: plain HTTP/1.1 over one connection each, as light as it can be, so that
what is measured is the server."""

import asyncio
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlencode, urlsplit

_NONCE = re.compile(r'name="nonce" value="([0-9a-f]+)"')
_LENGTH = re.compile(rb"(?im)^content-length: *(\d+)\r?$")
_COOKIE = re.compile(r"(?im)^set-cookie: *([^;\r\n]+)")


class PhoneError(Exception):
    """The server answered with something else than what was asked for."""


@dataclass(frozen=True)
class Answer:
    """``waited`` are the milliseconds from the request's first byte to the answer's last."""

    status: int
    head: str
    body: str
    waited: float


@dataclass
class Phone:
    """One phone in the room behind ``token``; its cookie says that it has entered."""

    url: str
    token: str = ""
    cookie: str = ""
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = field(default=None)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.hang_up()

    async def hang_up(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def form(self) -> str:
        """Reads the room's page, and returns the nonce of its form."""
        return _nonce(await self.ask("GET", f"/join/{self.token}"))

    async def enter(self, nonce: str, *groups: str) -> float:
        """Declares groups, or rather not; milliseconds of the post."""
        fields = [("nonce", nonce), *(("group", each) for each in groups)]
        fields += [] if groups else [("rather_not", "1")]
        answer = await self.ask("POST", f"/join/{self.token}/enter", fields, expected=303)
        self.cookie = _COOKIE.findall(answer.head)[0]
        return answer.waited

    async def note(self, nonce: str, text: str) -> float:
        fields = [("nonce", nonce), ("text", text), ("strength", ""), ("attribution", "anonymous")]
        return (await self.ask("POST", f"/join/{self.token}/note", fields)).waited

    async def vote(self, statement_id: int, choice: str) -> float:
        fields = [(f"s{statement_id}", choice)]
        path = f"/join/{self.token}/vote"
        return (await self.ask("POST", path, fields, expected=303)).waited

    async def ask(
        self,
        method: str,
        path: str,
        fields: list[tuple[str, str]] | None = None,
        *,
        sent: Mapping[str, object] | None = None,
        expected: int = 200,
    ) -> Answer:
        """One request, with a form's ``fields`` or with JSON. PhoneError for any other status than
        the expected one."""
        start = time.perf_counter()
        reader, writer = await self._connected()
        body = (json.dumps(sent) if sent else urlencode(fields or [])).encode()
        writer.write(self._head(method, path, len(body)) + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = _LENGTH.search(head.encode("latin-1"))
        content = await reader.readexactly(int(length[1]) if length else 0)
        answer = Answer(
            int(head.split(" ", 2)[1]),
            head,
            content.decode("utf-8", "replace"),
            (time.perf_counter() - start) * 1000,
        )
        if answer.status != expected:
            raise PhoneError(f"{method} {path.split('/')[1]}: {answer.status} {answer.body[:400]}")
        return answer

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The connection, a new one where the server has hung up after a while of silence."""
        if self._streams is not None and self._streams[0].at_eof():
            await self.hang_up()
        if self._streams is None:
            at = urlsplit(self.url)
            self._streams = await asyncio.open_connection(at.hostname, at.port)
        return self._streams

    def _head(self, method: str, path: str, length: int) -> bytes:
        headers: Mapping[str, str] = {
            "Host": urlsplit(self.url).netloc,
            "Origin": self.url,
            "Accept-Language": "en",
            **({"Cookie": self.cookie} if self.cookie else {}),
            **({"Content-Type": "application/x-www-form-urlencoded"} if length else {}),
            "Content-Length": str(length),
        }
        lines = [
            f"{method} {path} HTTP/1.1",
            *(f"{name}: {each}" for name, each in headers.items()),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _nonce(page: Answer) -> str:
    found = _NONCE.search(page.body)
    if found is None:
        raise PhoneError(f"a page without a form: {page.body[:400]}")
    return found[1]
