"""Log lines are JSON, carry the id of the run, and quote nobody."""

import json
import logging
import sys
from threading import Thread

import pytest

from pages.plain import logs


def line(record: logging.LogRecord, *, detail: bool = False) -> dict[str, object]:
    found: dict[str, object] = json.loads(logs.JsonFormatter(detail=detail).format(record))
    return found


def record(message: str, *args: object, error: Exception | None = None) -> logging.LogRecord:
    trace = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("halqa", logging.ERROR, __file__, 1, message, args, trace)


def failure() -> Exception:
    try:
        raise ValueError("alice@example.org is taken")
    except ValueError as error:
        return error


def test_an_error_is_logged_with_its_type_and_place_and_without_its_text() -> None:
    found = line(record("a screen failed", error=failure()))
    assert found["exception"] == "builtins.ValueError"
    assert str(found["trace"]).count("test_logs.py") == 1
    assert "alice" not in json.dumps(found)


def test_parameters_of_a_message_are_left_out() -> None:
    assert line(record("refused %s", "alice@example.org"))["message"] == "refused %s"


def test_development_shows_both() -> None:
    found = line(record("refused %s", "x", error=failure()), detail=True)
    assert (found["message"], found["text"]) == ("refused x", "alice@example.org is taken")


def test_the_run_of_a_screen_has_an_id_that_its_lines_carry() -> None:
    first = logs.begin_run()
    assert line(record("anything"))["run"] == first == logs.run_id()
    assert logs.begin_run() != first


def test_a_run_in_another_thread_has_another_id() -> None:
    here = logs.begin_run()
    there: list[str] = []
    thread = Thread(target=lambda: there.append(logs.run_id()))
    thread.start()
    thread.join()
    assert len(there[0]) == 8
    assert there != [here]


def test_facts_stand_beside_the_message() -> None:
    with_facts = record("migrated")
    with_facts.facts = {"revision": "0002"}
    assert line(with_facts)["revision"] == "0002"


def test_loggers_of_streamlit_write_through_it_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Streamlit hands every logger a handler of its own, under a name that is not documented."""
    from streamlit import logger as streamlit_logger

    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    monkeypatch.setattr(root, "level", root.level)
    monkeypatch.setattr(streamlit_logger, "setup_formatter", streamlit_logger.setup_formatter)
    monkeypatch.setattr(streamlit_logger, "_loggers", {})
    logs.configure(development=False)
    streamlit_logger.get_logger("streamlit.of_this_test").error("failed for %s", "alice@x.org")
    found = json.loads(capsys.readouterr().err)
    assert (found["logger"], found["message"]) == ("streamlit.of_this_test", "failed for %s")
    assert sys.stderr
