"""What somebody recovers who holds the files: in which order rows stand, and what that tells.

An attack gives, for each room, the numbers of its notes or voters in the order in which they were
recovered; they are numbered in the order in which they came. ``better_than_chance`` compares what
can be guessed from it with what a shuffled pack gives.
"""

import statistics
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

Order = Sequence[int]
Rows = list[dict[str, str]]
# Standard deviations that chance reaches once in ten million times: of a sum, and of small counts
_RANK, _COUNT = 6.0, 7.5
_SHUFFLES = 200
_WAL_HEADER, _FRAME_HEADER = 32, 24


@dataclass(frozen=True)
class Files:
    """The bytes of an SQLite database with its log, as they were found at one moment."""

    data: bytes
    log: bytes
    index: bytes

    @property
    def page_size(self) -> int:
        size: int = struct.unpack(">H", self.data[16:18])[0]
        return 65536 if size == 1 else size

    @property
    def all(self) -> bytes:
        return self.data + self.log + self.index

    def pages(self) -> list[bytes]:
        size = self.page_size
        return [self.data[at : at + size] for at in range(0, len(self.data), size)]

    def frames(self) -> list[bytes]:
        """The pages in the log, oldest first, also those from before it was begun anew."""
        step = _FRAME_HEADER + self.page_size
        starts = range(_WAL_HEADER, len(self.log) - step + 1, step)
        return [self.log[at + _FRAME_HEADER : at + step] for at in starts]

    def latest(self) -> list[bytes]:
        """Every page as it is with its last version from the log."""
        found = dict(enumerate(self.pages(), start=1))
        step = _FRAME_HEADER + self.page_size
        salts = self.log[16:24]
        for at in range(_WAL_HEADER, len(self.log) - step + 1, step):
            if self.log[at + 8 : at + 16] != salts:
                break
            number = struct.unpack(">I", self.log[at : at + 4])[0]
            found[number] = self.log[at + _FRAME_HEADER : at + step]
        return [found[number] for number in sorted(found)]


def files(path: Path) -> Files:
    def read(end: str) -> bytes:
        each = path.with_name(path.name + end)
        return each.read_bytes() if each.exists() else b""

    return Files(read(""), read("-wal"), read("-shm"))


def within_pages(pages: Iterable[bytes], marks: Sequence[str]) -> list[Order]:
    """By place within each page: SQLite fills a page from its end, so the first row is the last."""
    return [
        order
        for page in pages
        if len(order := _by_place(page, marks)[::-1]) > 1  # what stands alone has no order
    ]


def first_seen(pages: Iterable[bytes], marks: Sequence[str]) -> list[Order]:
    """By the page that holds each first, and the place within it."""
    seen: list[int] = []
    for page in pages:
        seen += [each for each in _by_place(page, marks)[::-1] if each not in seen]
    return [seen] if len(seen) > 1 else []


def by_column(rows: Rows, marks: Sequence[str]) -> dict[str, Order]:
    """By the values of each column that has no value in common for two of the marks."""
    found: dict[str, Order] = {}
    for column in rows[0]:
        of_value: dict[str, set[int]] = {}
        for row in rows:
            of_value.setdefault(row[column], set()).add(_number(row, marks))
        if all(len(numbers) == 1 for numbers in of_value.values()):
            ordered = [min(of_value[value]) for value in sorted(of_value)]
            found[column] = list(dict.fromkeys(ordered))
    return found


def as_read(rows: Rows, marks: Sequence[str]) -> Order:
    """As the database gives them to whoever asks for no order."""
    return list(dict.fromkeys(_number(row, marks) for row in rows))


def in_backup(path: Path, table: str, marks: Sequence[str]) -> Order:
    with zipfile.ZipFile(path) as file:
        return _by_place(file.read(f"{table}.jsonl"), marks)


def unpacked(path: Path, without: str = "") -> bytes:
    """Everything in a backup, except for one table."""
    with zipfile.ZipFile(path) as file:
        names = [name for name in file.namelist() if name != f"{without}.jsonl"]
        return b"".join(file.read(name) for name in names)


def of_marks(rows: Rows, marks: Sequence[str]) -> Rows:
    """The rows that hold one of the marks."""
    return [row for row in rows if any(mark in each for each in row.values() for mark in marks)]


def better_than_chance(orders: Sequence[Order], people: int) -> float:
    """How good the best of three guesses is: by rank, in either direction; by who stands beside
    whom; and by giving the notes to ``people`` in turn. From 1.0 on chance cannot be the cause."""
    chance = Random(1)
    ranked = [_ranks(each) for each in orders if len(each) > 1]
    packs = [[chance.sample(each, len(each)) for each in ranked] for _ in range(_SHUFFLES)]
    best = 0.0
    for guess, bound in ((_by_rank, _RANK), (_beside, _COUNT), (_in_turn(people), _COUNT)):
        by_chance = [sum(map(guess, pack)) for pack in packs]
        spread = statistics.pstdev(by_chance)
        if spread:
            off = (sum(map(guess, ranked)) - statistics.fmean(by_chance)) / spread
            best = max(best, (abs(off) if guess is _by_rank else off) / bound)
    return best


def _by_rank(order: Order) -> float:
    """Spearman's coefficient, times the root of what its variance is."""
    middle = (len(order) - 1) / 2
    total = sum((place - middle) * (rank - middle) for place, rank in enumerate(order))
    return total * 12 / (len(order) * (len(order) + 1) * (len(order) - 1) ** 0.5)


def _beside(order: Order) -> float:
    return sum(abs(a - b) == 1 for a, b in pairwise(order))


def _in_turn(people: int) -> Callable[[Order], float]:
    return lambda order: sum(place % people == rank % people for place, rank in enumerate(order))


def _number(row: dict[str, str], marks: Sequence[str]) -> int:
    return next(n for n, mark in enumerate(marks) if any(mark in each for each in row.values()))


def _ranks(order: Order) -> list[int]:
    rank = {each: place for place, each in enumerate(sorted(order))}
    return [rank[each] for each in order]


def _by_place(data: bytes, marks: Sequence[str]) -> list[int]:
    """The numbers of the marks that stand in some bytes, by where each stands first."""
    places = {number: data.find(mark.encode()) for number, mark in enumerate(marks)}
    return sorted((each for each, at in places.items() if at >= 0), key=places.__getitem__)
