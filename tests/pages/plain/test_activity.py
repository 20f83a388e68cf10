"""What a person does keeps a login alive; what a page does by itself does not."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates

from db import transaction
from db.commands import login
from db.engine import Engines
from db.tables.accounts import LoginSession, User
from pages.plain.activity import Activity, asks_for_run

CLICK = BackMsg(rerun_script=ClientState(query_string="")).SerializeToString()
TIMER = BackMsg(rerun_script=ClientState(fragment_id="f", is_auto_rerun=True)).SerializeToString()
EVENT = BackMsg(
    rerun_script=ClientState(
        fragment_id="f",
        widget_states=WidgetStates(
            widgets=[
                WidgetState(
                    id="$$STREAMLIT_INTERNAL_KEY_$$ID-0a1b-live_7__events",
                    json_trigger_value='[{"event":"changed","value":"event"}]',
                )
            ]
        ),
    )
).SerializeToString()
OTHER = BackMsg(load_git_info=True).SerializeToString()
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def session_id(engines: Engines, alice: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """A login that began at noon; it is ten past now."""
    at = [NOON]
    monkeypatch.setattr("db.commands.login.now", lambda: at[0])
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        login.begin_session(session, session.get_one(User, alice))
    at[0] += timedelta(minutes=10)
    return 1


def minutes_since_noon(engines: Engines) -> float:
    with Session(engines.read) as session:
        row = session.exec(select(LoginSession)).one()
    return (row.last_active_at - NOON) / timedelta(minutes=1)


@pytest.fixture
def send_messages() -> Callable[..., None]:
    """Drives the middleware with the frames that a browser sent."""

    def run(*frames: bytes, signed_in: int | None, protocols: str = "streamlit") -> None:
        pending = [{"type": "websocket.receive", "bytes": frame} for frame in frames]

        async def receive() -> Message:
            return pending.pop(0)

        async def send(_message: Message) -> None:
            return None

        async def behind(_scope: Scope, receive: Receive, _send: Send) -> None:
            for frame in frames:
                assert (await receive())["bytes"] == frame

        scope = {
            "type": "websocket",
            "headers": [(b"sec-websocket-protocol", protocols.encode())],
            "state": {"login_session_id": signed_in},
        }
        # In a thread of its own: a browser that other tests left open has a loop in this one.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, Activity(behind)(scope, receive, send)).result()

    return run


def test_a_click_renews(
    engines: Engines, session_id: int, send_messages: Callable[..., None]
) -> None:
    send_messages(CLICK, signed_in=session_id)
    assert minutes_since_noon(engines) == 10


@pytest.mark.parametrize("frame", [TIMER, EVENT, OTHER, b"", b"\xff\xff", b"no message"])
def test_a_timer_an_event_or_anything_else_does_not(
    engines: Engines, session_id: int, send_messages: Callable[..., None], frame: bytes
) -> None:
    send_messages(frame, signed_in=session_id)
    assert minutes_since_noon(engines) == 0


def test_a_connection_that_comes_back_does_not_until_somebody_clicks(
    engines: Engines, session_id: int, send_messages: Callable[..., None]
) -> None:
    protocols = "streamlit, token, 1f0c2b7e-session"
    send_messages(CLICK, signed_in=session_id, protocols=protocols)
    assert minutes_since_noon(engines) == 0
    send_messages(CLICK, CLICK, signed_in=session_id, protocols=protocols)
    assert minutes_since_noon(engines) == 10


def test_a_first_connection_is_somebody_who_opens_the_page(
    engines: Engines, session_id: int, send_messages: Callable[..., None]
) -> None:
    send_messages(CLICK, signed_in=session_id, protocols="streamlit, token")
    assert minutes_since_noon(engines) == 10


@pytest.mark.usefixtures("session_id")
def test_visitors_renew_nothing(engines: Engines, send_messages: Callable[..., None]) -> None:
    send_messages(CLICK, signed_in=None)
    assert minutes_since_noon(engines) == 0


def test_many_clicks_are_written_once_a_minute(
    engines: Engines,
    session_id: int,
    send_messages: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    touched: list[int] = []
    monkeypatch.setattr("pages.plain.activity._touch", touched.append)
    send_messages(*[CLICK] * 50, signed_in=session_id)
    assert touched == [session_id]
    assert engines


def test_a_message_of_streamlit_still_says_whether_a_timer_sent_it() -> None:
    """These names are Streamlit's own and not documented."""
    assert asks_for_run(CLICK)
    assert not asks_for_run(TIMER)
