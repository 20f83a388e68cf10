"""A request has to name this host, and a writing one has to come from it."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse

from convening.settings import Settings
from pages.plain.origin import ADDRESS_HEADER, client_address, is_own_host
from tests.pages.plain.conftest import HERE

UPLOAD = "/_stcore/health"  # any path that the gate lets through


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8501", "localhost:8501", "localhost", "[::1]:8501", "192.168.1.20:8501"]
)
def test_without_a_base_url_own_and_numeric_names_are_served(client: TestClient, host: str) -> None:
    assert client.get(UPLOAD, headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "[", "a b"])
def test_another_name_is_refused(client: TestClient, host: str) -> None:
    """A foreign site whose name leads here can not read what this server answers."""
    assert client.get(UPLOAD, headers={"host": host}).status_code == 400


def test_the_listening_address_is_served_by_its_name(
    client: TestClient, configured: Callable[..., None]
) -> None:
    configured(HOST="halqa.local")
    assert client.get(UPLOAD, headers={"host": "halqa.local:8501"}).status_code == 200


def test_with_a_base_url_only_its_host_is_served(
    client: TestClient, configured: Callable[..., None]
) -> None:
    configured(HALQA_BASE_URL="https://halqa.example.org")
    answers = {
        host: client.get(UPLOAD, headers={"host": host}).status_code
        for host in ("halqa.example.org", "127.0.0.1:8501", "other.example.org")
    }
    assert answers == {"halqa.example.org": 200, "127.0.0.1:8501": 400, "other.example.org": 400}


def test_health_answers_under_every_name(client: TestClient) -> None:
    assert client.get("/healthz", headers={"host": "10.1.2.3"}).status_code in (200, 503)
    assert client.get("/healthz", headers={"host": "pod.internal"}).status_code in (200, 503)


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (HERE, 401),
        ("http://evil.example", 403),
        ("http://127.0.0.1:9999", 403),
        ("null", 403),
        ("", 403),
    ],
)
def test_a_ticket_is_only_taken_from_a_page_of_this_server(
    client: TestClient, origin: str, status: int
) -> None:
    answer = client.post("/session", content="made-up", headers={"origin": origin})
    assert answer.status_code == status


def test_a_write_without_an_origin_is_refused(client: TestClient) -> None:
    assert client.post("/session", content="made-up").status_code == 403


def test_with_a_base_url_its_origin_alone_may_write(
    client: TestClient, configured: Callable[..., None]
) -> None:
    configured(HALQA_BASE_URL="https://halqa.example.org")
    answers = {
        origin: client.post(
            "/session", content="x", headers={"origin": origin, "host": "halqa.example.org"}
        ).status_code
        for origin in ("https://halqa.example.org", "http://halqa.example.org", HERE)
    }
    assert answers == {
        "https://halqa.example.org": 401,
        "http://halqa.example.org": 403,
        HERE: 403,
    }


@pytest.mark.parametrize("origin", ["http://evil.example", ""])
def test_a_websocket_from_elsewhere_is_closed(client: TestClient, origin: str) -> None:
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        client.websocket_connect("/_stcore/stream", headers={"origin": origin}),
    ):
        pass
    assert refused.value.status_code == 403


class TestClientAddress:
    def address(self, peer: str, forwarded: list[str], proxies: str = "") -> str:
        found = Settings.from_environ(
            {
                "HALQA_SECRET_KEY": "a8Kd0zQm3XwT7bLr5VnY1cHs9EgU2jFp",
                "HALQA_TRUSTED_PROXIES": proxies,
            }
        )
        return client_address(peer, forwarded, found)

    def test_what_a_browser_says_of_itself_is_not_believed(self) -> None:
        assert self.address("203.0.113.9", ["10.0.0.1"]) == "203.0.113.9"

    def test_a_trusted_proxy_is_believed(self) -> None:
        assert self.address("10.0.0.1", ["203.0.113.9"], "10.0.0.0/8") == "203.0.113.9"

    def test_only_what_the_proxies_added_counts(self) -> None:
        """The browser made up the first entry; the last two were added by our proxies."""
        chain = ["1.1.1.1, 203.0.113.9", "10.0.0.2"]
        assert self.address("10.0.0.1", chain, "10.0.0.0/8") == "203.0.113.9"

    def test_without_an_entry_the_proxy_itself_is_the_address(self) -> None:
        assert self.address("10.0.0.1", [], "10.0.0.0/8") == "10.0.0.1"

    def test_an_entry_that_is_no_address_is_not_used(self) -> None:
        assert self.address("10.0.0.1", ["'; DROP"], "10.0.0.0/8") == "10.0.0.1"

    def test_the_header_for_the_screens_cannot_be_sent(self, client: TestClient) -> None:
        answer = client.get(UPLOAD, headers={ADDRESS_HEADER: "6.6.6.6"})
        assert answer.json()[ADDRESS_HEADER] == ["testclient"]


def test_a_host_header_cannot_smuggle_a_name() -> None:
    found = Settings.from_environ({"HALQA_SECRET_KEY": "a8Kd0zQm3XwT7bLr5VnY1cHs9EgU2jFp"})
    assert not is_own_host("evil.example/127.0.0.1", found)
    assert not is_own_host("evil.example#@127.0.0.1x", found)
