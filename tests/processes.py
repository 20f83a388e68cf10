"""Processes of the tests: forked from one that has imported the heavy libraries already."""

import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any

_HEAVY = [
    "alembic",
    "altair",
    "pandas",
    "sqlmodel",
    "streamlit.web.server.starlette.starlette_app",
    "streamlit_authenticator",
    "uvicorn",
    "websockets",
]


def start(target: Callable[..., Any], *args: Any) -> BaseProcess:
    """Runs ``target(*args)`` in a process of its own, which has done nothing before."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_HEAVY)
    process = context.Process(target=target, args=args, daemon=True)
    with _no_main_script():
        process.start()
    return process


def free_port() -> int:
    """A port of this machine that nobody listened to a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop(process: BaseProcess, how: signal.Signals = signal.SIGTERM) -> None:
    """Ends a process, and waits until it has ended."""
    if process.pid is not None and process.is_alive():
        with suppress(ProcessLookupError):
            os.kill(process.pid, how)
    process.join(10)
    if process.is_alive():
        process.kill()
        process.join()


@contextmanager
def _no_main_script() -> Iterator[None]:
    """A new process runs the script of the old one again, which may be a screen under test."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
