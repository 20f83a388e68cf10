"""The bench's own parts: sessions without a browser, rows, and what they become."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlmodel import Session as Transaction
from sqlmodel import select

from db.engine import connect
from db.tables.understanding import AnonymousNote
from tests.bench import load, room, rows, servers
from tests.bench.__main__ import main
from tests.bench.live import LiveScreen
from tests.bench.load import ScreenError, Session, Target
from tests.bench.phones import Phone, PhoneError
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


def test_a_phone_takes_part_and_a_screen_sees_it(tmp_path: Path) -> None:
    held = room.hold(tmp_path, "test", 12)

    async def take_part(url: str) -> tuple[list[float], float]:
        async with LiveScreen(Target(url, "/wall", held.hand, held.cookie)) as screen:
            await screen.follow()
            before = screen.drawn
            async with Phone(url, held.token) as phone:
                waited = [await phone.enter(await phone.form(), "steward")]
                await screen.seen(before)
                between = screen.drawn
                waited.append(await phone.note(await phone.form(), "The light is out"))
                waited.append(await phone.vote(held.statement_ids[0], "agree"))
                shown = await screen.seen(between)
        assert (screen.runs, screen.draws >= 2) == (0, True)
        return waited, shown

    with servers.running(servers.OURS, tmp_path, database=held.database) as server:
        waited, shown = asyncio.run(take_part(server.url))
        with pytest.raises(PhoneError, match="404"):
            asyncio.run(Phone(server.url, "nonsense").form())
        assert server.seconds > 0
    assert min(waited) > 0
    assert shown > 0


def test_the_floor_of_a_post_inserts_a_note(tmp_path: Path) -> None:
    held = room.hold(tmp_path, "bare", 5)
    with servers.running(room.FLOOR, tmp_path, database=held.database) as server:
        found = asyncio.run(room._bare(server, 2, 0.0))
    engines = connect(held.database)
    with Transaction(engines.read) as transaction:
        texts = transaction.exec(select(AnonymousNote.text)).all()
    engines.dispose()
    assert sorted(texts) == ["A note of 0", "A note of 1"]
    assert len(found) == 2


def test_a_figure_with_a_bound_is_told_as_a_share_of_it() -> None:
    assert room._within("seen", 500.0, [100, 200, 250], "ms") == Row(
        "seen", 500.0, 250, 0.5, "ms", 200, 250, 1.0
    )
    assert room._against("note", [10, 20], [30, 50]) == Row(
        "note", 20, 50, 2.5, "ms", 30, 50, room.POST_LIMIT
    )
