"""Language and theme are kept in a cookie and lead back to the same place; health is told truly."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from db import migrate
from db.engine import engines_for
from pages.plain.routes import safe_next


@pytest.mark.parametrize(("kind", "choice"), [("language", "ar"), ("theme", "dark")])
def test_a_choice_is_kept_and_the_place_too(client: TestClient, kind: str, choice: str) -> None:
    place = "/balance?initiative=3&convening=7"
    answer = client.get(f"/{kind}/{choice}", params={"next": place})
    assert (answer.status_code, answer.headers["location"]) == (303, place)
    assert client.cookies[f"halqa_{kind}"] == choice
    assert "Max-Age=31536000" in answer.headers["set-cookie"]


@pytest.mark.parametrize("path", ["/language/xx", "/theme/pink", "/language/", "/language/EN"])
def test_an_unknown_choice_is_not_found(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=y",
        "/\tevil",
        "",
        "home",
    ],
)
def test_nobody_is_led_elsewhere(client: TestClient, asked: str) -> None:
    assert safe_next(asked) == "/"
    assert client.get("/language/en", params={"next": asked}).headers["location"] == "/"


def test_health_is_good_when_the_database_has_seen_every_migration(
    client: TestClient, tmp_path: Path, configured: Callable[..., None]
) -> None:
    url = f"sqlite:///{tmp_path / 'migrated.sqlite3'}"
    migrate.upgrade(engines_for(url).write)
    configured(HALQA_DATABASE_URL=url)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "current"})


def test_health_is_bad_before_a_migration(
    client: TestClient, tmp_path: Path, configured: Callable[..., None]
) -> None:
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    migrate.upgrade(engines_for(url).write)
    with engines_for(url).write.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    configured(HALQA_DATABASE_URL=url)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (503, "not migrated")


def test_health_is_bad_without_a_database(
    client: TestClient, configured: Callable[..., None]
) -> None:
    configured(HALQA_DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "unavailable", "database": "unreachable"},
    )
