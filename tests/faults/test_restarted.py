"""PostgreSQL that is ended at once and started again, under load."""

import time
from itertools import count
from pathlib import Path

import pytest
from sqlmodel import select

from convening.problems import ConveningError
from db import faults, transaction
from db.engine import Engines, connect
from db.tables.community import Stakeholder
from tests import processes
from tests.faults import writing
from tests.faults.long import LONG, Figure
from tests.faults.postgresql import Postgresql

RESTARTS = 20 if LONG else 2
WRITERS = 4 if LONG else 2
BETWEEN = 50 if LONG else 5  # people that each writer saves between two restarts

pytestmark = pytest.mark.xdist_group("postgresql")


@pytest.mark.parametrize("durable", ["postgresql"], indirect=True)
def test_nothing_that_was_acknowledged_is_lost_when_the_server_restarts(
    durable: tuple[Engines, str], postgresql: Postgresql, tmp_path: Path, figure: Figure
) -> None:
    engines, url = durable
    target = writing.new_map(engines, url)
    writers = [writing.start(target, tmp_path / f"said{n}", f"w{n}") for n in range(WRITERS)]
    for restart in range(RESTARTS):
        writing.until(writers, (restart + 1) * BETWEEN)
        postgresql.restart()
    writing.until(writers, (RESTARTS + 1) * BETWEEN)
    for writer in writers:
        processes.stop(writer.process)
    said = list(writing.all_said(writers))
    outcomes = [outcome for outcome, _ in said]
    broken = {faults.UNREACHABLE, faults.UNCERTAIN}
    assert set(outcomes) - {writing.SAVED} <= broken
    told = {each: outcomes.count(each) for each in sorted(set(outcomes))}
    figure(f"{RESTARTS} restarts, {WRITERS} writers, told: {told}")
    writing.reckon(engines, said, killed=WRITERS)


@pytest.mark.parametrize("durable", ["postgresql"], indirect=True)
def test_a_server_that_stays_away_is_told_and_is_used_again_when_it_is_back(
    durable: tuple[Engines, str], postgresql: Postgresql, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines, url = durable
    target = writing.new_map(engines, url)
    names = (f"p{number}" for number in count())
    assert writing.attempt(engines, target, next(names)) == writing.SAVED
    monkeypatch.setattr(transaction, "PATIENCE_SECONDS", 0.3)
    postgresql.stop()
    try:
        begun = time.monotonic()
        assert writing.attempt(engines, target, next(names)) == faults.UNREACHABLE
        with pytest.raises(ConveningError) as told, transaction.reading(engines):
            pass
        assert told.value.code == faults.UNREACHABLE
        assert time.monotonic() - begun < 5
    finally:
        postgresql.start()
    assert writing.attempt(engines, target, next(names)) == writing.SAVED
    with transaction.reading(connect(url)) as session:
        assert sorted(session.exec(select(Stakeholder.name)).all()) == ["p0", "p2"]
