"""Only what our screens send reaches Streamlit, and files are for those who were shown them."""

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.plain import messages
from pages.plain.messages import Messages, files_in, is_allowed, was_sent

LOGIN = 7001
ID = "b3ad4e4adc3b4438a3d481f1d36d7fd5"
FILE = "/media/3f51692a63bad807b83635c9b74965eb.pdf"
UPLOAD = "/_stcore/upload_file/8c0c1f34-d450-43fa-b38d-dce212dbb19c/9ec9b65e-0c7e"
# For each kind of message that Streamlit knows: whether visitors, and whether users may send it.
EXPECTED = {
    "rerun_script": (True, True),
    "stop_script": (True, True),
    "app_heartbeat": (True, True),
    "file_urls_request": (False, True),
    "clear_cache": (False, False),
    "set_run_on_save": (False, False),
    "load_git_info": (False, False),
    "debug_disconnect_websocket": (False, False),
    "debug_shutdown_runtime": (False, False),
}
OPERATIONS = {
    "deferred_file": (False, False),  # but for one that was offered, see below
    "dataframe_chunk": (False, True),
    "install_skills": (False, False),
    "dismiss_skills_nudge": (False, False),
}


def message(kind: str) -> bytes:
    made = BackMsg()
    field = BackMsg.DESCRIPTOR.fields_by_name[kind]
    if field.message_type is None:
        setattr(made, kind, True)
    else:
        getattr(made, kind).SetInParent()
    return made.SerializeToString()


def operation(*kinds: str) -> bytes:
    made = BackMsg()
    made.backend_operation_request.request_id = "1"
    for kind in kinds:
        getattr(made.backend_operation_request, kind).SetInParent()
    return made.SerializeToString()


def allowed(data: bytes) -> tuple[bool, bool]:
    return is_allowed(data, None), is_allowed(data, LOGIN)


def test_every_message_of_streamlit_is_let_through_or_dropped_on_purpose() -> None:
    kinds = {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    assert kinds == {*EXPECTED, "backend_operation_request"}
    assert {kind: allowed(message(kind)) for kind in EXPECTED} == EXPECTED


def test_every_operation_of_streamlit_is_let_through_or_dropped_on_purpose() -> None:
    request = BackMsg.DESCRIPTOR.fields_by_name["backend_operation_request"].message_type
    parts = {field.name for field in request.fields if field.message_type is not None}
    assert parts == set(OPERATIONS)
    assert {kind: allowed(operation(kind)) for kind in OPERATIONS} == OPERATIONS


@pytest.mark.parametrize("data", [b"", b"\xff\xff", b"no message", operation()])
def test_what_is_no_message_is_dropped(data: bytes) -> None:
    assert allowed(data) == (False, False)


@pytest.fixture(autouse=True)
def nothing_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_sent", OrderedDict())


def passed(*frames: Message, signed_in: int | None, answers: tuple[bytes, ...] = ()) -> list[bytes]:
    """What reaches Streamlit of these frames; it answers each with the next of ``answers``."""
    reached: list[bytes] = []
    pending = [*frames, {"type": "websocket.disconnect", "code": 1000}]

    async def receive() -> Message:
        return pending.pop(0)

    async def send(_message: Message) -> None:
        return None

    async def behind(_scope: Scope, receive: Receive, send: Send) -> None:
        for answer in answers:
            await send({"type": "websocket.send", "bytes": answer})
        while (each := await receive())["type"] != "websocket.disconnect":
            reached.append(each["bytes"])

    scope = {"type": "websocket", "state": {"login_session_id": signed_in}}
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, Messages(behind)(scope, receive, send)).result()
    return reached


def frame(data: bytes) -> Message:
    return {"type": "websocket.receive", "bytes": data}


def test_a_dropped_message_does_not_hold_up_the_next() -> None:
    click, git = message("rerun_script"), message("load_git_info")
    text = {"type": "websocket.receive", "text": "hello"}
    assert passed(frame(git), text, frame(click), frame(git), signed_in=None) == [click]


def test_files_are_found_where_streamlit_puts_them_and_nowhere_else() -> None:
    file, upload, logo, button, typed = (ForwardMsg() for _ in range(5))
    file.backend_operation_response.deferred_file.url = FILE
    one = upload.file_urls_response.file_urls.add()
    one.upload_url = one.delete_url = f"http://127.0.0.1:8501{UPLOAD}"
    logo.logo.image = FILE
    button.delta.new_element.download_button.url = FILE
    button.delta.new_element.download_button.deferred_file_id = ID
    typed.delta.new_element.text.body = f"{FILE} {UPLOAD}"
    found = [
        set(files_in(each.SerializeToString()))
        for each in (file, upload, logo, button, typed, ForwardMsg())
    ]
    assert found == [{FILE}, {UPLOAD}, {FILE}, {FILE, ID}, set(), set()]


def test_an_address_is_good_for_the_login_that_it_was_sent_to() -> None:
    answer = ForwardMsg()
    answer.backend_operation_response.deferred_file.url = FILE
    assert passed(signed_in=LOGIN, answers=(answer.SerializeToString(),)) == []
    assert was_sent(LOGIN, FILE)
    assert not was_sent(LOGIN + 1, FILE)
    assert not was_sent(LOGIN, FILE.replace("pdf", "csv"))


def test_a_file_is_made_for_the_login_that_it_was_offered_to() -> None:
    offer, request = ForwardMsg(), BackMsg()
    offer.delta.new_element.download_button.deferred_file_id = ID
    request.backend_operation_request.deferred_file.file_id = ID
    asked = request.SerializeToString()
    assert passed(frame(asked), signed_in=LOGIN) == []
    answers = (offer.SerializeToString(),)
    assert passed(frame(asked), signed_in=LOGIN, answers=answers) == [asked]
    assert passed(frame(asked), signed_in=LOGIN + 1) == []
    assert passed(frame(asked), signed_in=None, answers=answers) == []


def test_the_oldest_addresses_are_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_REMEMBERED", 2)
    for name in ("a", "b", "a", "c"):
        messages._remember(1, name)
    assert [was_sent(1, name) for name in ("a", "b", "c")] == [True, False, True]
