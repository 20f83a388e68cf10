"""Every answer carries the security headers, whoever gives it and whatever goes wrong."""

import re
from collections.abc import Callable

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient, WebSocketDenialResponse

from pages.plain.headers import HEADERS, POLICY
from pages.plain.routes import ROUTES
from tests.pages.plain.conftest import FAILS, HERE

BASE = "https://halqa.example.org"


def lacking(headers: object) -> dict[str, str]:
    """The headers that are not there as they should be."""
    get = headers.get  # type: ignore[attr-defined]
    return {name: get(name) for name, value in HEADERS.items() if get(name) != value}


def filled(route: Route) -> str:
    """The path of a route with something in place of each of its parameters."""
    return re.sub(r"{.*?}", "x", route.path)


def test_scripts_come_from_here_alone() -> None:
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))
    assert rules["default-src"] == "'self'"
    assert rules["script-src"] == "'self' blob:"
    assert rules["frame-ancestors"] == rules["object-src"] == "'none'"
    assert not {"'unsafe-eval'", "'unsafe-inline'", "*", "data:"} & set(rules["script-src"].split())
    assert not any("*" in rule or "http" in rule for rule in rules.values())


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", sorted({filled(route) for route in ROUTES}))
def test_every_route_of_ours_by_every_method(client: TestClient, path: str, method: str) -> None:
    assert lacking(client.request(method, path, headers={"origin": HERE}).headers) == {}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404),
        ("/../etc/passwd", 404),
        ("/media/x", 403),
        ("/_stcore/upload_file/a/b", 403),
        ("/_stcore/metrics", 404),
        (FAILS, 500),
    ],
)
def test_refusals_and_failures(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert (answer.status_code, lacking(answer.headers)) == (status, {})
    assert "RuntimeError" not in answer.text


def test_a_refused_host_and_a_refused_origin(client: TestClient) -> None:
    host = client.get("/", headers={"host": "evil.example"})
    origin = client.post("/session", headers={"origin": "http://evil.example"})
    assert (host.status_code, lacking(host.headers)) == (400, {})
    assert (origin.status_code, lacking(origin.headers)) == (403, {})


@pytest.mark.parametrize(
    ("path", "origin"), [("/_stcore/stream", "http://evil.example"), ("/elsewhere", HERE)]
)
def test_a_refused_websocket(client: TestClient, path: str, origin: str) -> None:
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        client.websocket_connect(path, headers={"origin": origin}),
    ):
        pass
    assert (refused.value.status_code, lacking(refused.value.headers)) == (403, {})


def test_under_tls_a_browser_is_told_to_stay_with_it(
    client: TestClient, configured: Callable[..., None]
) -> None:
    assert "strict-transport-security" not in client.get("/healthz").headers
    configured(HALQA_BASE_URL=BASE)
    answer = client.get(f"{BASE}/nowhere")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["/session", "/media/x", "/_stcore/upload_file/a/b"])
def test_what_belongs_to_somebody_is_kept_by_no_cache(client: TestClient, path: str) -> None:
    assert client.get(path).headers["cache-control"] == "private, no-store"
