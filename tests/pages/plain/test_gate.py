"""Paths that lead nowhere say so, and what belongs to somebody is not for visitors."""

from typing import NoReturn

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from convening.problems import ConveningError
from db import faults, transaction
from db.engine import Engines
from db.tables.accounts import LoginSession
from pages.plain import messages
from tests.pages.plain.conftest import HERE


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/account/deeper",
        "/_stcore/metrics",
        "/_stcore/script-health-check",
        "/_stcore/agent/interact",
        "/_stcore/agent/openapi.json",
        "/_stcore/agent/mcp",
        "/auth/login",
        "/oauth2callback",
        "/component/extra_streamlit_components.CookieManager.cookie_manager/index.html",
        "/app/static/secret",
        "/.env",
        "/sessions",
    ],
)
def test_a_path_that_is_no_page_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/_stcore/health", "/_stcore/host-config", "/_stcore/bidi-components/x/y.js"]
)
def test_what_the_front_end_needs_is_open(client: TestClient, path: str) -> None:
    assert client.get(path).json()["path"] == path


FILES = ["/media/abc.csv", "/_stcore/upload_file/session/file"]


@pytest.mark.parametrize("path", FILES)
def test_files_are_for_those_whom_their_address_was_sent_to(
    client: TestClient, engines: Engines, token: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: set[tuple[int, str]] = set()
    monkeypatch.setattr(messages, "was_sent", lambda login, address: (login, address) in sent)
    assert client.get(path).status_code == 403
    client.cookies.set("halqa_login", token)
    assert client.get(path).status_code == 403
    with transaction.reading(engines) as session:
        login = session.exec(select(LoginSession)).one().key
    sent |= {(login + 1, path), (login, f"{path}x")}
    assert client.get(path).status_code == 403
    sent.add((login, path))
    answer = client.get(path)
    assert answer.json()["path"] == path
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("language", "opening", "words"),
    [
        ("en", '<html lang="en" dir="ltr">', "No page has this address."),
        ("ar", '<html lang="ar" dir="rtl">', "لا توجد صفحة بهذا العنوان."),
    ],
)
def test_the_page_for_nothing_speaks_the_language(
    client: TestClient, language: str, opening: str, words: str
) -> None:
    client.cookies.set("halqa_language", language)
    text = client.get("/nowhere").text
    assert opening in text
    assert words in text


def test_a_websocket_to_nowhere_is_closed(client: TestClient) -> None:
    from starlette.websockets import WebSocketDisconnect

    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/elsewhere", headers={"origin": "http://127.0.0.1:8501"}),
    ):
        pass


@pytest.mark.parametrize("path", ["/join", "/rsvp/x", "/pulse/x", "/became/x", "/receipt"])
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Please try again in a minute."), ("ar", "يُرجى المحاولة بعد دقيقة.")],
)
def test_while_the_database_is_away_a_page_asks_for_patience(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, path: str, language: str, words: str
) -> None:
    def away(_engines: Engines) -> NoReturn:
        raise ConveningError(faults.UNREACHABLE)

    monkeypatch.setattr(transaction, "reading", away)
    monkeypatch.setattr(transaction, "writing", away)
    headers = {"accept-language": language, "origin": HERE}
    posts = {"/join": {"code": "23456789"}, "/receipt": {"code": "23456789ABCD"}}
    if path in posts:
        answer = client.post(path, data=posts[path], headers=headers)
    else:
        answer = client.get(path, headers=headers)
    assert answer.status_code == 503
    assert words in answer.text
    assert answer.headers["retry-after"] == "60"
    assert "no-store" in answer.headers["cache-control"]
