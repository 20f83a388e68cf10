"""What we take from Streamlit that it does not promise: each name here may go with an upgrade."""

import inspect
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config, user_info
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit_authenticator import Authenticate
from streamlit_authenticator.controllers import AuthenticationController
from streamlit_authenticator.models import AuthenticationModel

from pages.plain import activity, scripts

ROOT = Path(__file__).parents[1]
CONFIG = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
SECTIONS = ("server", "browser", "client", "runner", "logger")
OPTIONS = [
    (f"{section}.{name}", value) for section in SECTIONS for name, value in CONFIG[section].items()
]
SET_AT_START = ("server.cookieSecret", "client.allowedOrigins")


@pytest.mark.parametrize("option", [*(name for name, _ in OPTIONS), *SET_AT_START])
def test_streamlit_still_knows_the_option(option: str) -> None:
    assert option in config._config_options_template


def test_the_options_hold_in_a_server_that_is_started_by_uvicorn(tmp_path: Path) -> None:
    """Streamlit reads no environment variable there, and finds the file by the working folder."""
    names = [*(name for name, _ in OPTIONS), *SET_AT_START]
    script = (
        "import json, app; from streamlit import config;"
        f"print(json.dumps({{n: config.get_option(n) for n in {names!r}}}))"
    )
    environment = {
        **os.environ,
        "HALQA_DATA_DIR": str(tmp_path),
        "HALQA_BASE_URL": "https://halqa.example.org",
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert {name: found[name] for name, _ in OPTIONS} == dict(OPTIONS)
    assert found["client.allowedOrigins"] == ["https://halqa.example.org"]
    assert len(found["server.cookieSecret"]) == 64
    assert os.environ["HALQA_SECRET_KEY"] not in found["server.cookieSecret"]


def test_from_another_folder_the_server_does_not_start(tmp_path: Path) -> None:
    """Without its options no header would be trusted, and errors would be shown in full."""
    environment = {**os.environ, "HALQA_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", "import app"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Start it from the folder that holds .streamlit/config.toml" in done.stderr


def test_the_application_takes_what_we_give_it() -> None:
    given = {"script_path", "lifespan", "routes", "middleware", "on_script_error"}
    assert given <= set(inspect.signature(st.App).parameters)


def test_a_session_still_belongs_to_the_identity_that_began_it() -> None:
    assert "_user_info == user_info" in inspect.getsource(AppSession.matches_user_info)
    assert "user_info" in inspect.signature(ScriptRunContext).parameters
    assert hasattr(user_info, "UserInfoProxy")


def test_the_login_form_still_has_the_parts_that_we_replace() -> None:
    login = inspect.getsource(Authenticate.login)
    assert "self.attrs.get('login_sleep_time'" in login
    assert "self.authentication_controller.login(username, password," in login
    assert "self.cookie_controller.get_cookie()" in login
    assert "self.authentication_model.login(" in inspect.getsource(AuthenticationController.login)
    assert "self.check_credentials(username, password)" in inspect.getsource(
        AuthenticationModel.login
    )


def test_nobody_but_the_form_is_used_of_the_login_library() -> None:
    """Its other widgets let a visitor change anybody's password."""
    for path in (ROOT / "pages").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\.(forgot_password|forgot_username|register_user)\(", text)
        assert ("streamlit_authenticator" in text) is (path.name == "authenticator.py")


@pytest.mark.parametrize(("key", "by_itself"), [("live_7", True), ("room_capture", False)])
def test_what_a_component_sends_still_tells_which_one_it_is(key: str, by_itself: bool) -> None:
    """A live screen runs again by itself, and that is nothing that a person did."""
    sent = _make_trigger_id(f"$$ID-0a1b-{key}", "events")
    assert (activity._LIVE.search(sent) is not None) is by_itself


def test_the_theme_that_is_kept_is_the_one_that_streamlit_writes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sections = ("theme", *(f"theme.{each.value}" for each in config.CustomThemeCategories))
    write = app_session._populate_theme_msg
    monkeypatch.setattr(app_session, "_populate_theme_msg", write)  # put back afterwards
    scripts.keep_theme()
    for section in sections:
        expected, first, second = CustomThemeConfig(), CustomThemeConfig(), CustomThemeConfig()
        write(expected, section)
        for message in (first, second):
            app_session._populate_theme_msg(message, section)
        assert first == second == expected
    source = inspect.getsource(app_session.AppSession._create_new_session_message)
    assert source.count("_populate_theme_msg(") == len(sections)
