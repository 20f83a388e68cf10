"""A browser tab without a browser: it speaks Streamlit's protocol, and sends whatever it is told.

Where a browser would offer only what is on its screen, this presses buttons that are long gone.
"""

import re
from collections.abc import Iterator, Mapping
from types import TracebackType
from urllib.parse import urlsplit

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as open_websocket
from websockets.typing import Origin, Subprotocol

SECONDS = 60.0
_NO_TEXT = {"id", "url", "form_id", "deferred_file_id", "query_string", "page_script_hash"}
_FINISHED = (
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
)
_USER_KEY = re.compile(r"^\$\$ID-[0-9a-f]+-(?P<key>.+)$")


class Tab:
    """One websocket; ``token`` is the login cookie, ``resume`` the Streamlit session to go on with.

    After each run ``text`` holds everything that the run sent, as bytes and whole, and ``shown``
    the texts in its elements.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        screen: str = "",
        query: str = "",
        resume: str = "",
        headers: Mapping[str, str] | None = None,
        origin: str | None = None,
    ) -> None:
        self.url = url
        self.screen, self.query = screen, query
        self.session_id = ""
        self.text = b""
        self.shown: list[str] = []
        self.widgets: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self._fragments: dict[str, str] = {}
        self._page_hash = ""
        self._requests = 0
        cookie = {"Cookie": f"halqa_login={token}"} if token else {}
        protocols = ["streamlit", "xsrf", *([resume] if resume else [])]
        self._socket: ClientConnection = open_websocket(
            f"{url.replace('http', 'ws', 1)}/_stcore/stream",
            origin=Origin(origin or url),
            subprotocols=[Subprotocol(each) for each in protocols],
            additional_headers={**cookie, **(headers or {})},
            max_size=None,
            proxy=None,
            legacy=True,
        )

    def __enter__(self) -> "Tab":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def run(
        self,
        *,
        press: str = "",
        choose: tuple[str, str] | None = None,
        values: Mapping[str, str] | None = None,
    ) -> bytes:
        """Runs the screen with a button pressed, a line of a menu chosen, and texts entered.

        Widgets are named by their key, and those without one by their label. A button in a
        fragment runs that alone, as in a browser.
        """
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.query
        if self._page_hash:
            state.page_script_hash = self._page_hash
        else:
            state.page_name = self.screen
        state.context_info.timezone = "UTC"
        state.context_info.locale = "en"
        state.context_info.url = f"{self.url}/{self.screen}"
        state.widget_states.SetInParent()
        if press:
            state.fragment_id = self._fragments.get(press, "")
            pressed = state.widget_states.widgets.add()
            pressed.id, pressed.trigger_value = self.widgets[press], True
        if choose:
            chosen = state.widget_states.widgets.add()
            chosen.id = self.widgets[choose[0]]
            chosen.string_trigger_value.data = choose[1]
        for key, value in (values or {}).items():
            entered = state.widget_states.widgets.add()
            entered.id, entered.string_value = self.widgets[key], value
        self.send(message)
        self._receive_run()
        return self.text

    @property
    def headers(self) -> Mapping[str, str]:
        """Those of the answer by which the server took the connection."""
        response = self._socket.response
        assert response is not None
        return response.headers

    def send(self, message: BackMsg) -> None:
        self._socket.send(message.SerializeToString())

    def receive(self, timeout: float = SECONDS) -> ForwardMsg:
        return ForwardMsg.FromString(bytes(self._socket.recv(timeout=timeout, decode=False)))

    def download(self, key: str, seconds: float = SECONDS) -> tuple[str, str]:
        """The address of the file behind a download button, or what was said in its place."""
        self._requests += 1
        message = BackMsg()
        request = message.backend_operation_request
        request.request_id = f"request-{self._requests}"
        request.session_id = self.session_id
        request.deferred_file.file_id = self.files[key]
        self.send(message)
        while True:
            answer = self.receive(seconds)
            if answer.WhichOneof("type") == "backend_operation_response":
                found = answer.backend_operation_response
                return found.deferred_file.url, found.error_msg

    def upload_address(self, name: str = "list.csv") -> str:
        """The path at which Streamlit takes a file for this tab."""
        message = BackMsg()
        message.file_urls_request.request_id = "upload"
        message.file_urls_request.file_names.append(name)
        self.send(message)
        while True:
            answer = self.receive()
            if answer.WhichOneof("type") == "file_urls_response":
                return urlsplit(answer.file_urls_response.file_urls[0].upload_url).path

    def _receive_run(self) -> None:
        self.text = b""
        while True:
            raw = bytes(self._socket.recv(timeout=SECONDS, decode=False))
            message = ForwardMsg.FromString(raw)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session_id = message.new_session.initialize.session_id or self.session_id
                self._page_hash = message.new_session.page_script_hash or self._page_hash
                if not message.metadata.run.fragment_ids:
                    self.text, self.shown = b"", []
                    self.widgets, self.files, self._fragments = {}, {}, {}
                continue  # it tells the names of all screens, whoever asks
            self.text += raw
            if kind == "navigation":
                self._page_hash = message.navigation.page_script_hash or self._page_hash
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self._note(message.delta.new_element, message.delta.fragment_id)
            elif kind == "script_finished" and message.script_finished in _FINISHED:
                return

    def _note(self, element: Message, fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind is None:
            return
        body = getattr(element, kind)
        self.shown += _texts(body)
        found = _USER_KEY.match(getattr(body, "id", "") or "")
        if found is None:
            return
        key = found["key"] if found["key"] != "None" else body.label
        self.widgets[key] = body.id
        self._fragments[key] = fragment
        if getattr(body, "deferred_file_id", ""):
            self.files[key] = body.deferred_file_id


def _texts(part: Message) -> Iterator[str]:
    """Every text of an element, in its order, without ids and addresses."""
    for field, value in part.ListFields():
        if field.name in _NO_TEXT:
            continue
        for each in value if field.is_repeated else (value,):
            if isinstance(each, str):
                yield each
            elif isinstance(each, Message):
                yield from _texts(each)
