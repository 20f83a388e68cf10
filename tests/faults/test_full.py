"""A disk without space: what was acknowledged stays, the rest is told, and it goes on after."""

import resource
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import select

from db import faults, transaction
from db.base import Table
from db.engine import Engines, connect
from db.tables.community import Stakeholder
from tests import processes
from tests.faults import writing
from tests.faults.long import LONG, Figure

_PAGES = 20  # of 4 KB, that are left


def attempts(engines: Engines, target: writing.Map, tag: str, most: int = 500) -> list[str]:
    """What came of one attempt after the other, up to the first that was refused."""
    outcomes: list[str] = []
    while len(outcomes) < most and outcomes[-1:] in ([], [writing.SAVED]):
        outcomes.append(writing.attempt(engines, target, f"{tag}-{len(outcomes)}"))
    return outcomes


def until_told(writer: writing.Writer, code: str, after: int = 0) -> None:
    deadline = time.monotonic() + 60
    while code not in [outcome for outcome, _ in writer.lines[after:]]:
        assert writer.process.is_alive()
        assert time.monotonic() < deadline, writer.lines[-3:]
        time.sleep(0.02)


@pytest.mark.parametrize("durable", ["sqlite"], indirect=True)
def test_a_file_that_may_not_grow_refuses_and_goes_on_when_it_may(
    durable: tuple[Engines, str],
) -> None:
    engines, url = durable
    target = writing.new_map(engines, url)
    with engines.read.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    narrow = connect(url)
    event.listen(
        narrow.write,
        "connect",
        lambda raw, _record: raw.execute(f"PRAGMA max_page_count = {pages + _PAGES}"),
    )
    outcomes = attempts(narrow, target, "a")
    assert len(outcomes) > 2
    assert outcomes[-1] == faults.FULL
    assert attempts(narrow, target, "b") == [faults.FULL]
    with transaction.reading(narrow) as session:
        there = set(session.exec(select(Stakeholder.name)).all())
    assert there == {f"a-{number}" for number in range(len(outcomes) - 1)}
    narrow.dispose()
    assert writing.attempt(engines, target, "c") == writing.SAVED
    said = [(outcome, f"a-{number}") for number, outcome in enumerate(outcomes)]
    writing.reckon(engines, [*said, (faults.FULL, "b-0"), (writing.SAVED, "c")])


@pytest.mark.parametrize("durable", ["sqlite"], indirect=True)
def test_a_writer_whose_files_reach_their_limit_goes_on_when_it_is_raised(
    durable: tuple[Engines, str], tmp_path: Path
) -> None:
    """What a quota does: the system refuses a write in the middle of a transaction."""
    engines, url = durable
    target = writing.new_map(engines, url)
    writer = writing.start(target, tmp_path / "said", "a")
    pid = writer.process.pid or 0
    try:
        writing.until([writer], 3)
        files = [path.stat().st_size for path in tmp_path.glob("halqa.sqlite3*")]
        soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (max(files) + 50_000, hard))
        until_told(writer, faults.FULL)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))
        until_told(writer, writing.SAVED, after=len(writer.lines))
    finally:
        processes.stop(writer.process)
    assert {outcome for outcome, _ in writer.lines} == {writing.SAVED, faults.FULL}
    writing.reckon(engines, writer.lines, killed=1)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB; whoever may not mount one cannot run the long form."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "halqa", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


if LONG:

    def test_a_full_disk_keeps_what_was_acknowledged_and_is_used_again_when_it_has_space(
        small_disk: Path, tmp_path: Path, figure: Figure
    ) -> None:
        url = f"sqlite:///{small_disk / 'halqa.sqlite3'}"
        engines = connect(url)
        Table.metadata.create_all(engines.write)
        target = writing.new_map(engines, url)
        writer = writing.start(target, tmp_path / "said", "a")
        until_told(writer, faults.FULL)
        saved = sum(outcome == writing.SAVED for outcome, _ in writer.lines)
        with transaction.reading(engines) as session:
            there = set(session.exec(select(Stakeholder.name)).all())
        assert {name for outcome, name in writer.lines[:saved] if outcome == writing.SAVED} <= there
        subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
        until_told(writer, writing.SAVED, after=len(writer.lines))
        processes.stop(writer.process)
        told = [outcome for outcome, _ in writer.lines]
        assert set(told) == {writing.SAVED, faults.FULL}
        figure(f"{saved} saved until full, {told.count(faults.FULL)} refused, then space again")
        writing.reckon(engines, writer.lines, killed=1)
        engines.dispose()
