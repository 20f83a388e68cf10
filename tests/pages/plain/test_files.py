"""Streamlit's page in both languages, and files that are compressed and cached."""

import gzip
import json
import re
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from convening.vocabulary import Language
from pages.components.navigation import PAGES
from pages.plain.files import ASSETS, STREAMLIT, Files, index_html

BUNDLE = re.findall(
    r'<script type="module"[^>]* src="\.(/static/js/index\.[^"]+)"',
    (STREAMLIT / "index.html").read_text(encoding="utf-8"),
)[0]
VERSIONS = {"frame.css": "?1", "theme.js": "?2", "frame.js": "?3"}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    async def behind(_request: object) -> PlainTextResponse:
        return PlainTextResponse("behind", status_code=418)

    app = Starlette(
        routes=[Route("/{path:path}", behind, methods=["GET", "POST"])],
        middleware=[Middleware(Files)],
    )
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_screen_has_an_address(client: TestClient, page: object) -> None:
    path = "/" if page.default else f"/{page.name}"  # type: ignore[attr-defined]
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="en">' in answer.text


def test_the_page_is_turned_for_arabic(client: TestClient) -> None:
    answer = client.get("/", headers={"cookie": "halqa_language=ar"})
    assert '<html lang="ar" dir="rtl">' in answer.text
    assert "<title>حلقة مفتوحة</title>" in answer.text
    assert answer.headers["cache-control"] == "no-cache"
    assert "cookie" in answer.headers["vary"]


@pytest.mark.parametrize("language", list(Language))
def test_nothing_in_the_page_needs_another_host_or_an_inline_script(language: Language) -> None:
    source = (STREAMLIT / "index.html").read_text(encoding="utf-8")
    html = index_html(language, source, VERSIONS)
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL)
    assert [body for _, body in scripts if body.strip()] == []
    assert re.findall(r"(?:src|href)=\"(?!/)[^\"]*\"", html) == []
    assert "<title>Streamlit" not in html
    assert "service-desc" not in html
    assert "_stcore" not in html


@pytest.mark.parametrize("language", list(Language))
def test_the_theme_is_set_before_the_application_starts(language: Language) -> None:
    source = (STREAMLIT / "index.html").read_text(encoding="utf-8")
    html = index_html(language, source, VERSIONS)
    assert 0 < html.index("/assets/theme.js?2") < html.index('<script type="module"')
    assert html.index("/assets/frame.css?1") < html.index("</head>")
    assert html.count(f'src="{BUNDLE}"') == 1


def test_streamlit_still_reads_the_theme_where_our_script_puts_it() -> None:
    """Its storage key and the names of its themes are not documented."""
    bundles = "".join(
        path.read_text(encoding="utf-8") for path in (STREAMLIT / "static/js").glob("utils.*.js")
    )
    version = re.search(r"CACHED_THEME_VERSION:(\w+)", bundles)
    assert version is not None
    assert re.search(rf"\b{version[1]}=2\b", bundles)
    assert "`stActiveTheme-${window.location.pathname}`" in bundles
    assert re.search(r"=e=>e===`System`\|\|e===`Light`\|\|e===`Dark`", bundles)
    ours = (ASSETS / "theme.js").read_text(encoding="utf-8")
    assert "`stActiveTheme-${location.pathname}-v2`" in ours


def test_bundles_are_compressed_and_cached_for_a_year(client: TestClient) -> None:
    answer = client.get(BUNDLE, headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")
    raw = (STREAMLIT / BUNDLE[1:]).read_bytes()
    assert answer.content == raw
    assert int(answer.headers["content-length"]) < len(raw) / 2


def test_who_cannot_unpack_gets_the_file_as_it_is(client: TestClient) -> None:
    answer = client.get(BUNDLE, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.content == (STREAMLIT / BUNDLE[1:]).read_bytes()


def test_a_browser_that_has_the_file_is_told_so(client: TestClient) -> None:
    etag = client.get("/assets/frame.css").headers["etag"]
    again = client.get("/assets/frame.css", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_head_tells_the_length_and_sends_nothing(client: TestClient) -> None:
    headers = {"accept-encoding": "identity"}
    answer = client.head("/assets/theme.js", headers=headers)
    assert answer.content == b""
    assert int(answer.headers["content-length"]) == (ASSETS / "theme.js").stat().st_size


def test_fonts_are_kept_for_good_and_not_compressed_twice(client: TestClient) -> None:
    answer = client.get("/assets/fonts/noto-sans-arabic-400-normal.woff2")
    assert answer.headers["content-type"] == "font/woff2"
    assert "content-encoding" not in answer.headers
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../frame.py",
        "/assets/%2e%2e/frame.py",
        "/assets/..%2fframe.py",
        "/static/../index.html",
        "/static/%2e%2e/%2e%2e/config.py",
        "/assets/",
        "/static",
        "/index.html",
    ],
)
def test_no_path_leads_out_of_the_folders(client: TestClient, path: str) -> None:
    assert client.get(path).text == "behind"


def test_only_reading_is_answered(client: TestClient) -> None:
    assert client.post("/").text == "behind"


def test_compressing_twice_gives_the_same_bytes(client: TestClient) -> None:
    """Replicas must agree, and so must the lengths that a proxy keeps."""
    with client.stream("GET", BUNDLE, headers={"accept-encoding": "gzip"}) as answer:
        sent = b"".join(answer.iter_raw())
    assert sent == gzip.compress((STREAMLIT / BUNDLE[1:]).read_bytes(), 6, mtime=0)


def test_the_theme_names_are_those_of_the_vocabulary() -> None:
    names = re.search(r"names = \{([^}]*)\}", (ASSETS / "theme.js").read_text(encoding="utf-8"))
    assert names is not None
    pairs = json.loads("{" + re.sub(r"(\w+):", r'"\1":', names[1]) + "}")
    assert pairs == {"light": "Light", "dark": "Dark", "system": "System"}
