"""Streamlit's own files and ours: compressed once, cached for long; and the page that loads them.

A first visit loads a hundred files of 4.5 MB; Streamlit serves them as they are.
"""

import asyncio
import gzip
import hashlib
import html
import mimetypes
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import streamlit
from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from convening.i18n import Translator
from convening.vocabulary import Language
from pages.components import language, navigation

STREAMLIT = Path(streamlit.__file__).parent / "static"
ASSETS = Path(__file__).parent.parent / "assets"
LINKED = ("frame.css", "frame.js", "theme.js")
FOREVER = "public, max-age=31536000, immutable"
_HOUR = "public, max-age=3600"
_ALWAYS_ASK = "no-cache"
_COMPRESSIBLE = re.compile(r"^(text/|application/(javascript|json|manifest\+json)|image/svg)")
_LEVEL = 6
START = secrets.token_hex(8)  # a page compares it with /session's to know a server started anew

# Inline scripts are not allowed by our policy, and visitors are not agents; the font is ours.
_UNWANTED = (
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"<script>.*?</script>", re.DOTALL),
    re.compile(r'<link\s+rel="service-desc"[^>]*>'),
    re.compile(r'<link\s+rel="preload"[^>]*as="font"[^>]*>'),
    re.compile(r'<link\s+rel="shortcut icon"[^>]*>'),
    re.compile(r"<noscript>.*?</noscript>", re.DOTALL),
    re.compile(r"<title>.*?</title>", re.DOTALL),
)


@dataclass
class Served:
    """One file; its compressed form is made when it is first asked for."""

    content_type: str
    cache_control: str
    path: Path | None = None
    body: bytes = b""
    etag: str = ""
    compressed: bytes | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def prepare(self) -> None:
        async with self.lock:
            if not self.etag:
                await to_thread.run_sync(self._read)

    def _read(self) -> None:
        if self.path is not None:
            self.body = self.path.read_bytes()
        if _COMPRESSIBLE.match(self.content_type):
            self.compressed = gzip.compress(self.body, _LEVEL, mtime=0)
        self.etag = f'"{hashlib.sha256(self.body).hexdigest()[:24]}"'


class Files:
    """Answers for /static, /assets and the addresses of the screens; passes on all others."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._files = {**_streamlit_files(), **_assets()}
        self._screens = screen_paths()
        self._index = {language: _index_file(language) for language in Language}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._find(scope) if scope["type"] == "http" else None
        if found is None:
            return await self._app(scope, receive, send)
        await found.prepare()
        await respond(found, scope, receive, send)

    def _find(self, scope: Scope) -> Served | None:
        if scope["method"] not in ("GET", "HEAD"):
            return None
        if scope["path"] in self._screens:
            return self._index[language_of(HTTPConnection(scope))]
        return self._files.get(scope["path"])


@cache
def screen_paths() -> frozenset[str]:
    """The paths under which a screen is found."""
    return frozenset("/" if page.default else f"/{page.name}" for page in navigation.PAGES)


def language_of(connection: HTTPConnection) -> Language:
    """The language of this browser, as the screens find it."""
    accepted = connection.headers.get("accept-language", "")
    return language.of(connection.cookies.get(language.COOKIE, ""), accepted)


async def respond(file: Served, scope: Scope, receive: Receive, send: Send) -> None:
    asked = Headers(scope=scope)
    headers = {"etag": file.etag, "cache-control": file.cache_control, "vary": "accept-encoding"}
    if file.cache_control is _ALWAYS_ASK:
        headers["vary"] = "accept-encoding, accept-language, cookie"
    if file.etag in asked.get("if-none-match", ""):
        response = Response(status_code=304, headers=headers)
    else:
        body = file.body
        if file.compressed is not None and "gzip" in asked.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            body = file.compressed
        headers["content-length"] = str(len(body))
        content = b"" if scope["method"] == "HEAD" else body
        response = Response(content, headers=headers, media_type=file.content_type)
    await response(scope, receive, send)


def index_html(language: Language, source: str, versions: Mapping[str, str]) -> str:
    """Streamlit's page in a language: its direction, our icon, styles and theme script.

    ``versions`` map a file of /assets to what its address ends in, so that it can be cached.
    """
    t = Translator(language)
    for unwanted in _UNWANTED:
        source = unwanted.sub("", source)
    direction = ' dir="rtl"' if t.rtl else ""
    head = (
        f"<title>{t('app.name')}</title>"
        '<link rel="icon" href="/assets/favicon.png">'
        f'<link rel="stylesheet" href="/assets/frame.css{versions["frame.css"]}">'
        f'<script src="/assets/theme.js{versions["theme.js"]}"></script>'
        f'<script src="/assets/frame.js{versions["frame.js"]}" defer></script>'
    )
    words = {"offline": t("frame.offline"), "back": t("frame.back"), "start": START}
    data = " ".join(f'data-{name}="{html.escape(text)}"' for name, text in words.items())
    script = (
        f"<noscript><p>{t('frame.no_script')}</p></noscript>"
        f'<div id="connection" role="status" {data} hidden></div>'
    )
    return (
        re.sub(r"\n\s*\n+", "\n", source)
        .replace('<html lang="en">', f'<html lang="{language}"{direction}>')
        .replace('="./', '="/')
        .replace('<meta charset="UTF-8" />', f'<meta charset="UTF-8" />{head}')
        .replace("<body>", f"<body>{script}")
    )


def _index_file(language: Language) -> Served:
    source = (STREAMLIT / "index.html").read_text(encoding="utf-8")
    page = index_html(language, source, {each: _version(each) for each in LINKED})
    return Served("text/html; charset=utf-8", _ALWAYS_ASK, body=page.encode())


def _version(name: str) -> str:
    return f"?{hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()[:12]}"


def _streamlit_files() -> dict[str, Served]:
    """Streamlit's bundles by their path: their names hold a hash of what is in them."""
    root = STREAMLIT / "static"
    return {
        f"/static/{path.relative_to(root).as_posix()}": Served(_type(path), FOREVER, path)
        for path in root.rglob("*")
        if path.is_file()
    }


def _assets() -> dict[str, Served]:
    found = {}
    for path in ASSETS.rglob("*"):
        if path.is_file():
            life = FOREVER if path.suffix == ".woff2" else _HOUR
            found[f"/assets/{path.relative_to(ASSETS).as_posix()}"] = Served(
                _type(path), life, path
            )
    return found


def _type(path: Path) -> str:
    kind = {".js": "text/javascript", ".woff2": "font/woff2"}.get(path.suffix)
    return kind or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
