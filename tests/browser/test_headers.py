"""The whole application, Streamlit's own answers included, gives every answer its headers."""

from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from pages.plain.files import ASSETS, STREAMLIT, screen_paths
from pages.plain.headers import HEADERS
from tests.browser.server import Server
from tests.websocket import Tab


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        yield client


def lacking(answer: httpx.Response) -> dict[str, str | None]:
    found = {name: answer.headers.get(name) for name in HEADERS}
    return {name: each for name, each in found.items() if each != HEADERS[name]}


def test_every_screen_and_every_file(client: httpx.Client) -> None:
    folder = STREAMLIT / "static"
    static = [f"/static/{each.relative_to(folder)}" for each in folder.rglob("*.js")]
    assets = [f"/assets/{each.relative_to(ASSETS)}" for each in ASSETS.rglob("*") if each.is_file()]
    assert len(static) > 50
    assert len(assets) > 5
    for path in (*screen_paths(), *static, *assets):
        answer = client.head(path)
        assert (path, answer.status_code, lacking(answer)) == (path, 200, {})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/static/../../config.toml", 404),
        ("GET", "/assets/missing.css", 404),
        ("POST", "/", 403),  # without the origin of a page of ours
        ("DELETE", "/healthz", 404),
        ("TRACE", "/healthz", 404),
        ("GET", "/_stcore/health", 200),
        ("GET", "/_stcore/host-config", 200),
        ("GET", "/_stcore/stream", 200),  # the front page, as for any path that Streamlit knows
        ("GET", "/_stcore/metrics", 404),
        ("GET", "/_stcore/bidi-components/nothing/here.js", 404),
        ("PUT", "/_stcore/upload_file/a/b", 403),
        ("GET", "/media/0.png", 403),
        ("GET", "/session", 401),
        ("GET", "/language/xx", 404),
        ("GET", "/healthz", 200),
        ("GET", "/component/x/index.html", 404),
        ("GET", "/oauth2callback", 404),
    ],
)
def test_whatever_else_is_asked(client: httpx.Client, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, lacking(answer)) == (status, {})


def test_by_another_method_no_page_is_handed_out(client: httpx.Client, server: Server) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        answer = client.request(method, "/", headers={"origin": server.url})
        assert (method, answer.status_code, lacking(answer)) == (method, 404, {})


def test_another_host(client: httpx.Client) -> None:
    answer = client.get("/", headers={"host": "evil.example"})
    assert (answer.status_code, lacking(answer)) == (400, {})


def test_websockets_that_are_taken_and_that_are_refused(server: Server) -> None:
    with Tab(server.url) as tab:
        assert {name: tab.headers.get(name) for name in HEADERS} == HEADERS
    with pytest.raises(InvalidStatus) as refused:
        Tab(server.url, origin="http://evil.example")
    answer = refused.value.response
    assert answer.status_code == 403
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
