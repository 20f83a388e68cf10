"""A writer that is killed in the middle: what it was told is saved is there, once and whole."""

import random
import signal
import time
from pathlib import Path

import pytest

from db.engine import Engines
from tests import processes
from tests.faults import writing
from tests.faults.long import LONG, Figure

TRIALS = 50 if LONG else 3
ACKNOWLEDGED = 10_000 if LONG else 60
EACH = ACKNOWLEDGED // TRIALS  # at least, before the writer is killed


@pytest.mark.xdist_group("postgresql")
@pytest.mark.parametrize("durable", ["sqlite", "postgresql"], indirect=True)
def test_nothing_that_was_acknowledged_is_lost_when_its_writer_is_killed(
    durable: tuple[Engines, str], tmp_path: Path, figure: Figure
) -> None:
    engines, url = durable
    target = writing.new_map(engines, url)
    moments = random.Random(17)
    said: list[tuple[str, str]] = []
    for trial in range(TRIALS):
        writer = writing.start(target, tmp_path / f"said{trial}", f"t{trial}")
        writing.until([writer], EACH)
        time.sleep(moments.uniform(0, 0.05))  # somewhere within two or three of its transactions
        processes.stop(writer.process, signal.SIGKILL)
        assert writer.process.exitcode == -signal.SIGKILL
        said += writer.lines
        writing.assert_sound(engines)
    assert {outcome for outcome, _ in said} == {writing.SAVED}
    assert len(said) >= ACKNOWLEDGED
    figure(f"{TRIALS} writers killed, {len(said)} people acknowledged")
    writing.reckon(engines, said, killed=TRIALS)
