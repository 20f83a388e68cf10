"""A backup each day, the newest stay, and what goes wrong can be seen."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from convening.problems import ConveningError, NotFound
from db import backup, backup_folder, base, transaction
from db.engine import Engines
from tests import builders

FIRST = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The moment at which everything happens: the last of the list."""
    moments = [FIRST]
    for module in (base, backup_folder, backup):
        monkeypatch.setattr(module, "now", lambda: moments[-1])
    return moments


def test_there_is_one_a_day_and_the_newest_stay(
    installation: Engines, tmp_path: Path, clock: list[datetime]
) -> None:
    for hours in range(0, 24 * 5, 6):
        clock.append(FIRST + timedelta(hours=hours))
        backup_folder.keep_up(installation, tmp_path, keep=3)
    found = backup_folder.listing(installation, tmp_path)
    assert [each.name for each in found] == [
        "halqa-20260305T040000Z.halqa.zip",
        "halqa-20260304T040000Z.halqa.zip",
        "halqa-20260303T040000Z.halqa.zip",
    ]
    assert [each.made_at for each in found] == [FIRST + timedelta(days=n) for n in (4, 3, 2)]
    assert all(each.checked_at == each.made_at for each in found)
    assert sorted(each.name for each in tmp_path.glob("*.zip")) == sorted(e.name for e in found)


def test_none_is_made_when_none_are_wanted(installation: Engines, tmp_path: Path) -> None:
    assert backup_folder.keep_up(installation, tmp_path / "b", keep=0) is None
    assert not (tmp_path / "b").exists()


def test_two_within_one_second_have_names_of_their_own(
    installation: Engines, tmp_path: Path, clock: list[datetime]
) -> None:
    assert clock
    names = {backup_folder.add(installation, tmp_path, keep=5).name for _ in range(2)}
    assert names == {
        "halqa-20260301T040000Z.halqa.zip",
        "halqa-20260301T040000Z-1.halqa.zip",
    }


def test_a_failure_is_noted_until_one_goes_well(
    installation: Engines, tmp_path: Path, clock: list[datetime]
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(ConveningError) as caught:
        backup_folder.keep_up(installation, blocked / "backups", keep=3)
    assert caught.value.code == "backup_not_written"
    state = backup_folder.state(installation, 3)
    assert (state.problem, state.tried_at) == ("backup_not_written", FIRST)
    clock.append(FIRST + timedelta(hours=1))
    backup_folder.keep_up(installation, tmp_path / "backups", keep=3)
    state = backup_folder.state(installation, 3)
    assert (state.problem, state.tried_at) == ("", FIRST + timedelta(hours=1))


def test_other_files_are_neither_listed_nor_deleted(installation: Engines, tmp_path: Path) -> None:
    others = ("notes.zip", "halqa-1.halqa.zip", "halqa-20200101T000000Z.halqa.zip.txt")
    for name in others:
        (tmp_path / name).write_text("mine")
    backup_folder.add(installation, tmp_path, keep=1)
    backup_folder.add(installation, tmp_path, keep=1)
    assert len(backup_folder.listing(installation, tmp_path)) == 1
    assert {name for name in others if (tmp_path / name).exists()} == set(others)


@pytest.mark.parametrize(
    "name", ["../secret", "secret", "", ".", "halqa-1.halqa.zip", "/etc/passwd"]
)
def test_no_other_file_can_be_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("x")
    with pytest.raises(NotFound):
        backup_folder.path_of(tmp_path, name)
    with pytest.raises(NotFound):
        backup_folder.delete(tmp_path, name)


def test_a_file_that_changed_is_found_by_the_check(installation: Engines, tmp_path: Path) -> None:
    with transaction.writing(installation, actor_id=None, journalled=False) as session:
        builders.people(session)
    made = backup_folder.add(installation, tmp_path, keep=1)
    assert backup_folder.check(installation, tmp_path, made.name).rows > 0
    path = tmp_path / made.name
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ConveningError) as caught:
        backup_folder.check(installation, tmp_path, made.name)
    assert caught.value.code == "backup_damaged"
