"""One JSON object a line on standard error: what happened, where, in which run; nothing of whom.

The text of an exception can quote what somebody typed, so only its type and its place are logged,
outside of development. A run of a screen carries an id that the viewer is shown when it fails.
"""

import json
import logging
import secrets
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

from streamlit import logger as streamlit_logger

_RUN: ContextVar[str] = ContextVar("run", default="")
_CHATTY = ("alembic", "uvicorn", "uvicorn.error", "uvicorn.asgi", "websockets")
_FRAMES = 30


def begin_run() -> str:
    """A new id for the run of a screen that begins in this thread."""
    _RUN.set(secrets.token_hex(4))
    return _RUN.get()


def run_id() -> str:
    """The id of the run in this thread; a fragment's run gets one when it is asked for."""
    return _RUN.get() or begin_run()


class JsonFormatter(logging.Formatter):
    """``detail`` adds the text of messages and exceptions, for development."""

    def __init__(self, *, detail: bool) -> None:
        super().__init__()
        self._detail = detail

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage() if self._detail else str(record.msg),
        }
        if _RUN.get():
            line["run"] = _RUN.get()
        line |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[0] is not None:
            line |= _exception(*record.exc_info, detail=self._detail)
        return json.dumps(line, ensure_ascii=False, default=str)


def event(logger: logging.Logger, level: int, message: str, /, **facts: str | int | float) -> None:
    """Logs something that happened, with ids and counts only."""
    logger.log(level, message, extra={"facts": facts})


def configure(*, development: bool) -> None:
    """Sends every log line of this process through the formatter."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(detail=development))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", *streamlit_logger._loggers):
        logging.getLogger(name).handlers[:] = [handler]
    logging.getLogger("uvicorn.access").disabled = True

    # Streamlit gives each of its loggers a handler of its own when it is first asked for.
    def take_over(logger: logging.Logger) -> None:
        logger.handlers[:] = [handler]

    streamlit_logger.setup_formatter = take_over


def _exception(
    kind: type[BaseException],
    error: BaseException | None,
    trace: TracebackType | None,
    *,
    detail: bool,
) -> dict[str, object]:
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    found: dict[str, object] = {
        "exception": f"{kind.__module__}.{kind.__qualname__}",
        "trace": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if detail:
        found["text"] = str(error)
    return found
