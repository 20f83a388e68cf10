"""The bench's own parts: sessions without a browser, rows, and what they become."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.bench import load, rows, servers
from tests.bench.__main__ import main
from tests.bench.load import ScreenError, Session, Target
from tests.bench.rows import Row

KEYS = ["name", "floor", "value", "ratio", "unit", "p50", "p95", "limit"]


def test_a_session_runs_the_floor_and_runs_it_again(tmp_path: Path) -> None:
    async def visit(url: str) -> tuple[Session, float, list[float]]:
        async with Session(Target(url, title="Floor")) as session:
            again = await session.rerun()
        crowd, waits, last = await load.crowd(Target(url), 3)
        waits += await load.all_at_once(crowd)
        await load.close(crowd)
        return session, again, [*waits, last]

    with servers.running(servers.FLOOR, tmp_path) as server:
        session, again, waits = asyncio.run(visit(server.url))
        assert server.memory > 1
        with pytest.raises(ScreenError, match="shows"):
            asyncio.run(Session(Target(server.url, title="Ceiling")).open())
    assert session.kinds["script_finished"] == 2
    assert session.texts == ["Floor"]
    assert again > 0
    assert len(waits) == 7
    assert min(waits) > 0


def test_a_row_holds_medians_and_their_ratio() -> None:
    found = rows.row("import", [10, 20, 30], [20, 50, 40, 30, 60], 2)
    assert found == Row("import", 20, 40, 2.0, "ms", 40, 60, 2)
    assert found.reached
    assert not rows.row("import", [10], [21], 2).reached
    assert rows.row("told", [10], [99], None).reached


@pytest.mark.parametrize(("share", "value"), [(50, 2), (95, 4), (1, 1), (100, 4)])
def test_a_percentile_is_one_of_the_values(share: float, value: float) -> None:
    assert rows.percentile([4, 1, 3, 2], share) == value


def test_rows_are_written_with_the_keys_that_others_read(tmp_path: Path) -> None:
    found = [rows.row("a", [1], [2], 1.5), rows.row("b", [1], [2], None, "MB")]
    rows.write(found, tmp_path / "results.json")
    written = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert [list(each) for each in written] == [KEYS, KEYS]
    assert rows.markdown(found).splitlines()[2:] == [
        "| a | 1.0 ms | 2.0 ms | 2.0 ms | 2.00 | 1.5 | **missed** |",
        "| b | 1.0 MB | 2.0 MB | 2.0 MB | 2.00 |  |  |",
    ]


def test_a_screen_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--screens", "home,nowhere"])
    assert "there is no nowhere" in capsys.readouterr().err
