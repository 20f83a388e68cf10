"""XLSX: what stands in one sheet, read with python-calamine behind a guard.

A workbook is a ZIP archive of XML. Either can be made so that a few kilobytes ask for all memory
(a ZIP bomb, entities, one cell in the last row and column, one long text that every cell repeats)
and calamine, which lays a sheet out as a full rectangle, would try. So the archive is measured
while it is unpacked, each part is read once as XML, and calamine is given a fresh archive of
nothing but the parts that passed.
"""

import dataclasses
import datetime
import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple
from xml.parsers import expat

from python_calamine import CalamineWorkbook

from convening.problems import ConveningError

#: Unpacked, a sheet of 20,000 rows and 40 columns is about 60 MB of XML.
MAX_UNPACKED = 120 * 1024 * 1024
#: Deflate reaches 1,000; the XML of real sheets stays below 100. Small files may have any ratio.
MAX_RATIO = 200
RATIO_FREE = 5 * 1024 * 1024
MAX_PARTS = 2_000
#: Characters in all cells of a sheet together, repeated texts counted each time.
MAX_TEXT = 50_000_000

_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ROW = re.compile(r"[0-9]{1,7}")
_TYPES = "[content_types].xml"
_ROOT = "_rels/.rels"
_BOOK = "xl/workbook.xml"
_BOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_STRINGS = "xl/sharedstrings.xml"
_DAMAGED = "file_damaged"

Cells = list[list[str]]


class Sheet(NamedTuple):
    name: str
    hidden: bool
    part: str


@dataclasses.dataclass(frozen=True)
class Workbook:
    """The sheets of a workbook that passed the guard, not yet read."""

    sheets: tuple[Sheet, ...]
    parts: dict[str, bytes]

    def rows(self, name: str, max_rows: int, max_columns: int) -> Cells:
        """The cells of one sheet as text, from its first row and column on.

        Raises ConveningError: ``unknown_sheet``, ``too_many_rows``, ``too_many_columns``,
        ``too_much_text``, ``file_damaged``.
        """
        sheet = next((sheet for sheet in self.sheets if sheet.name == name), None)
        if sheet is None:
            raise ConveningError("unknown_sheet", sheet=name)
        if sheet.part not in self.parts:
            raise ConveningError(_DAMAGED)
        lengths = _shared_lengths(self.parts.get(_STRINGS, b""))
        _measure(self.parts[sheet.part], lengths, max_rows, max_columns)
        return _read_sheet(self._archive(sheet.part), name)

    def _archive(self, sheet_part: str) -> bytes:
        kept = {_TYPES, _ROOT, _BOOK, _BOOK_RELATIONS, _STYLES, _STRINGS, sheet_part}
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for name in sorted(kept & self.parts.keys()):
                archive.writestr(name, self.parts[name])
        return target.getvalue()


def open_workbook(data: bytes) -> Workbook:
    """Unpacks and checks a workbook.

    Raises ConveningError: ``unsupported_file`` (a ZIP that is no XLSX), ``file_unpacks_too_large``
    (declared or real size, ratio), ``file_locked`` (encrypted), ``file_damaged``.
    """
    parts = _unpack(data)
    if _BOOK not in parts:
        raise ConveningError("unsupported_file")
    for name in {_TYPES, _ROOT, _STYLES} & parts.keys():
        _parse(parts[name])
    relations = {
        tag["Id"]: _part_name(tag["Target"])
        for kind, tag in _tags(parts.get(_BOOK_RELATIONS, b""))
        if kind == "Relationship" and "Id" in tag and "Target" in tag
    }
    sheets = tuple(
        Sheet(
            tag["name"],
            tag.get("state", "visible") != "visible",
            relations.get(next((v for k, v in tag.items() if k.endswith(":id")), ""), ""),
        )
        for kind, tag in _tags(parts[_BOOK])
        if kind == "sheet" and "name" in tag
    )
    return Workbook(sheets, parts)


def _part_name(target: str) -> str:
    """A relation's target as a key of ``parts``: names there are lower case, as they are equal."""
    target = target.lower()
    return target[1:] if target.startswith("/") else posixpath.normpath("xl/" + target)


def _guarded(work: Callable[[], Any]) -> Any:
    """The result of ``work`` on bytes from outside, any failure of it as ``file_damaged``.

    zipfile raises half a dozen unrelated classes on damaged archives, and a panic in calamine's
    Rust code arrives as a class that does not derive from Exception.
    """
    try:
        return work()
    except ConveningError:
        raise
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise ConveningError(_DAMAGED) from error
        raise


def _unpack(data: bytes) -> dict[str, bytes]:
    return dict(_guarded(lambda: list(_parts(data))))


def _parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
        limit = max(RATIO_FREE, min(MAX_UNPACKED, MAX_RATIO * len(data)))
        if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > limit:
            raise ConveningError("file_unpacks_too_large", limit=limit // 1024 // 1024)
        if any(info.flag_bits & 1 for info in infos):
            raise ConveningError("file_locked")
        wanted = [info for info in infos if info.filename.lower().endswith((".xml", ".rels"))]
        if len({info.filename.lower() for info in wanted}) < len(wanted):
            raise ConveningError(_DAMAGED)
        unpacked = 0
        for info in wanted:
            with archive.open(info) as part:
                content = part.read(limit - unpacked + 1)
            unpacked += len(content)
            if unpacked > limit:  # the declared sizes were not true
                raise ConveningError("file_unpacks_too_large", limit=limit // 1024 // 1024)
            yield info.filename.lower(), content


def _parse(content: bytes, start: Callable[..., None] | None = None, **handlers: Any) -> None:
    """Runs an XML part through expat, which refuses what is not well formed. No DTD: no entities.

    Read as UTF-8 whatever the part declares, as calamine does: both must see the same document.
    expat recognises UTF-16 all the same, which no text without a zero byte is.
    """

    def refuse(*_: Any) -> None:
        raise ConveningError(_DAMAGED)

    if b"\0" in content:
        raise ConveningError(_DAMAGED)
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        raise ConveningError(_DAMAGED) from error


def _tags(content: bytes) -> list[tuple[str, dict[str, str]]]:
    """Each element of a small part: its name without prefix, and its attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    if content:
        _parse(content, lambda name, tags: found.append((name.rpartition(":")[2], tags)))
    return found


def _shared_lengths(content: bytes) -> list[int]:
    """How many characters each shared text has, at least."""
    lengths: list[int] = []

    def start(name: str, _: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            lengths.append(0)

    def text(data: str) -> None:
        if lengths:
            lengths[-1] += len(data)

    if content:
        _parse(content, start, CharacterDataHandler=text)
    return lengths


class _Ruler:
    """Walks the XML of a sheet as calamine does and stops at the first cell beyond a limit."""

    def __init__(self, shared: list[int], max_rows: int, max_columns: int) -> None:
        self.shared, self.max_rows, self.max_columns = shared, max_rows, max_columns
        self.row = self.column = self.text = 0
        self.place = (0, 0)
        self.kind = self.value = ""
        self.in_cell = False

    def start(self, name: str, tags: dict[str, str]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            self.finish()
            self._enter(tags)
        elif name == "row":
            self.finish()
            self.row = _number(tags["r"]) if "r" in tags else self.row + 1
            self.column = 0
        elif self.in_cell and (name == "is" or (name == "v" and self.kind in ("str", "d"))):
            self._check()

    def data(self, text: str) -> None:
        if self.in_cell:
            self._check()
            self._add(len(text))
            if self.kind == "s":
                self.value += text

    def finish(self) -> None:
        """The cell is over: a shared text counts with its whole length."""
        if self.value:
            self._add(self._shared_length())
        self.value, self.in_cell = "", False

    def _enter(self, tags: dict[str, str]) -> None:
        self.column += 1
        self.place = (self.row, self.column)
        if "r" in tags:
            match = _CELL.fullmatch(tags["r"])
            if not match:
                raise ConveningError(_DAMAGED)
            self.column = _column(match.group(1))
            self.place = (int(match.group(2)), self.column)
        self.kind, self.in_cell = tags.get("t", "n"), True

    def _check(self) -> None:
        """Only for a cell with something in it: styled but empty ones may stand anywhere."""
        if self.place[0] > self.max_rows:
            raise ConveningError("too_many_rows", limit=self.max_rows)
        if self.place[1] > self.max_columns:
            raise ConveningError("too_many_columns", limit=self.max_columns)

    def _shared_length(self) -> int:
        try:
            return self.shared[int(self.value)]
        except (ValueError, IndexError):
            return max(self.shared, default=0)

    def _add(self, length: int) -> None:
        self.text += length
        if self.text > MAX_TEXT:
            raise ConveningError("too_much_text", limit=MAX_TEXT)


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _number(text: str) -> int:
    if not _ROW.fullmatch(text):
        raise ConveningError(_DAMAGED)
    return int(text)


def _measure(content: bytes, shared: list[int], max_rows: int, max_columns: int) -> None:
    ruler = _Ruler(shared, max_rows, max_columns)
    _parse(content, ruler.start, CharacterDataHandler=ruler.data)
    ruler.finish()


def _read_sheet(archive: bytes, name: str) -> Cells:
    def read() -> list[list[Any]]:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(archive))
        return list(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))

    return [[_as_text(value) for value in row] for row in _guarded(read)]


def _as_text(value: Any) -> str:
    """A cell's value as a person would have typed it: 45 and not 45.0, dates as in ISO 8601."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)
