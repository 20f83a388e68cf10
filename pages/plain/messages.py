"""What passes over Streamlit's websocket: what a browser may ask for, and which files it was shown.

Streamlit answers every message of its protocol, whoever sends it: one from a visitor would empty
the caches of everybody, another would list the files of the installation. Those that none of our
screens sends are dropped. And it makes a file for, hands one to, and takes one from whoever knows
its id or address: here these are good only for the login that they were sent to.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.plain import login

UPLOADS, MEDIA = "/_stcore/upload_file/", "/media/"
_OF_EVERYBODY = frozenset({"rerun_script", "stop_script", "app_heartbeat"})
_OF_USERS = _OF_EVERYBODY | {"file_urls_request"}
_REMEMBERED = 100_000  # files; the oldest are forgotten first
_ADDRESS = re.compile(rf"(?:{MEDIA}|{UPLOADS})[\w./-]+")


class Messages:
    """Lets through what is allowed, and waits for the next message in place of any other."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            return await self._app(scope, receive, send)
        signed_in = scope.get("state", {}).get(login.STATE)

        async def receive_allowed() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                data = message.get("bytes")
                if data is not None and is_allowed(data, signed_in):
                    return message

        async def send_noted(message: Message) -> None:
            data = message.get("bytes")
            if signed_in is not None and data:
                for file in files_in(data):
                    _remember(signed_in, file)
            await send(message)

        await self._app(scope, receive_allowed, send_noted)


def is_allowed(data: bytes, login_session_id: int | None) -> bool:
    """Whether a message is one that a screen of ours sends to whoever looks at it."""
    try:
        message = BackMsg.FromString(data)
    except DecodeError:
        return False
    kind = message.WhichOneof("type")
    if login_session_id is None:
        return kind in _OF_EVERYBODY
    if kind != "backend_operation_request":
        return kind in _OF_USERS
    request = message.backend_operation_request
    asked = [field.name for field, _ in request.ListFields() if field.message_type is not None]
    if asked == ["deferred_file"]:
        return was_sent(login_session_id, request.deferred_file.file_id)
    return asked == ["dataframe_chunk"]


def files_in(data: bytes) -> Iterator[str]:
    """The addresses of files in a message, and the ids of those that are made when asked for.

    Only what stands where Streamlit itself puts it: in a text it is what somebody typed, and opens
    nothing.
    """
    message = ForwardMsg.FromString(data)
    kind = message.WhichOneof("type")
    if kind == "backend_operation_response":
        yield from _addresses(message.backend_operation_response.deferred_file.url)
    elif kind == "file_urls_response":
        for file in message.file_urls_response.file_urls:
            yield from _addresses(file.upload_url, file.delete_url)
    elif kind == "logo":
        yield from _addresses(message.logo.image, message.logo.icon_image)
    elif kind == "delta":
        element = message.delta.new_element
        what = element.WhichOneof("type")
        if what == "download_button":
            yield from _addresses(element.download_button.url)
            if element.download_button.deferred_file_id:
                yield element.download_button.deferred_file_id
        elif what == "imgs":
            yield from _addresses(*(image.url for image in element.imgs.imgs))


def _addresses(*urls: str) -> Iterator[str]:
    return (found[0] for url in urls if (found := _ADDRESS.search(url)) is not None)


def was_sent(login_session_id: int, file: str) -> bool:
    """Whether the address of a file, or its id, was sent to this login."""
    return (login_session_id, file) in _sent


_sent: OrderedDict[tuple[int, str], None] = OrderedDict()


def _remember(login_session_id: int, file: str) -> None:
    _sent[login_session_id, file] = None
    _sent.move_to_end((login_session_id, file))
    if len(_sent) > _REMEMBERED:
        _sent.popitem(last=False)
