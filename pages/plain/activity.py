"""Renews the idle time of a login for what a person does, and for nothing that a page does alone.

Streamlit's messages are read on their way in: a click, an entry or a change of screen asks for a
run of the script. Runs of a fragment on its timer are marked as such, those of a live screen come
from the component that hears of changes, and the first run of a connection that takes up an earlier
session comes from a network that went away, not from a hand.
Nothing waits for the renewal: a database that is busy may hold it up, or refuse it.
"""

import asyncio
import logging
import re
import time

from anyio import to_thread
from google.protobuf.message import DecodeError
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from convening.problems import ConveningError
from db import transaction
from db.commands import login as commands
from db.engine import current_engines
from pages.plain import login, logs

_LOG = logging.getLogger("halqa")
_LIVE = re.compile(r"-live_\d+__events$")  # what ``pages.components.live`` sends by itself
_EVERY_SECONDS = commands.TOUCH_EVERY.total_seconds()


class Activity:
    """Watches the websocket of a browser that is signed in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        signed_in = (
            scope.get("state", {}).get(login.STATE) if scope["type"] == "websocket" else None
        )
        if signed_in is None:
            return await self._app(scope, receive, send)
        skip_first = takes_up_session(Headers(scope=scope))
        renewed = float("-inf")
        touches: set[asyncio.Task[None]] = set()

        async def receive_watched() -> Message:
            nonlocal skip_first, renewed
            message = await receive()
            data = message.get("bytes")
            if data and asks_for_run(data):
                due = time.monotonic() - renewed >= _EVERY_SECONDS
                if not skip_first and due:
                    renewed = time.monotonic()
                    touch = asyncio.create_task(to_thread.run_sync(_touch, signed_in))
                    touches.add(touch)
                    touch.add_done_callback(touches.discard)
                skip_first = False
            return message

        try:
            await self._app(scope, receive_watched, send)
        finally:
            await asyncio.gather(*touches)


def takes_up_session(headers: Headers) -> bool:
    """Whether the connection goes on with a Streamlit session that began on an earlier one."""
    protocols = headers.get("sec-websocket-protocol", "").split(",")
    return len(protocols) > 2 and bool(protocols[2].strip())


def asks_for_run(data: bytes) -> bool:
    """Whether a message asks for a run of the script that no timer and no event asked for."""
    try:
        message = BackMsg.FromString(data)
    except DecodeError:
        return False
    if message.WhichOneof("type") != "rerun_script" or message.rerun_script.is_auto_rerun:
        return False
    return not any(
        widget.json_trigger_value and _LIVE.search(widget.id)
        for widget in message.rerun_script.widget_states.widgets
    )


def _touch(login_session_id: int) -> None:
    engines = current_engines()
    try:
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            commands.touch(session, login_session_id)
    except ConveningError as error:
        logs.event(_LOG, logging.WARNING, "a login was not renewed", code=error.code)
