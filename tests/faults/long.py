"""Whether the long forms run: ``make test-long`` sets HALQA_LONG_TESTS=1."""

import os
from collections.abc import Callable

import pytest

LONG = os.environ.get("HALQA_LONG_TESTS") == "1"
Figure = Callable[[str], None]


@pytest.fixture
def figure(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Figure:
    """``figure("50 writers killed")`` prints what a long run came to, for docs/reliability.md."""

    def show(text: str) -> None:
        if LONG:
            with capsys.disabled():
                print(f"\n{request.node.name}: {text}", flush=True)

    return show
