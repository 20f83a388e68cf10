"""Files as people, their programs and their enemies make them."""

import io
from collections.abc import Mapping

import openpyxl
from hypothesis import strategies as st

from tests.convening.imports.archives import book, parts, zipped

HEADINGS = (
    "Name", "name", "First name", "Last name", "Organisation", "Groups", "Group", "E-mail", "Phone",
    "Place", "Age", "Birth year", "Consent", "Minor", "Relationship", "Money", "Note", "",
    "الاسم", "المجموعة", "العمر", "participant", "comment", "vote", "voter-id", "comment-id",
    "timestamp", "datetime", "group-id", "n-votes", "n-agree", "n-disagree",
)  # fmt: skip
CELLS = (
    "Amal Haddad", "محمد", "steward", "Gateway; influencer", "مؤثر", "a@b.org", "+962 7 123", "1",
    "-1", "0", "1.5", "1e400", "nan", "inf", "٣", "²", "2031-02-30", "31.12.1999", "yes", "نعم",
    "=1+1", "'=1", "@x", "\t", '"', '""', "'", ";", ",", "|", "a\nb", "a\r\nb", "\x00", "\ufeff",
    "\u202e", "\u200b", "x" * 5000, "9" * 400, "-0", "true", "#REF!", "", " ",
)  # fmt: skip
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp1252", "cp1256",
    "iso-8859-6", "latin-1", "mac-roman", "cp037",
)  # fmt: skip

_cell = st.sampled_from(CELLS) | st.text(max_size=12)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Rows under headings that an importer may know, of uneven lengths."""
    header = draw(st.lists(st.sampled_from(HEADINGS) | _cell, min_size=1, max_size=8))
    rows = draw(st.lists(st.lists(_cell, max_size=len(header) + 2), max_size=8))
    above = draw(st.lists(st.lists(_cell, max_size=2), max_size=2))
    return [*above, header, *rows]


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    """CSV by whatever rules, in whatever encoding, and not always whole."""
    delimiter = draw(st.sampled_from(",;\t|:^"))
    end = draw(st.sampled_from(("\n", "\r\n", "\r", "\n\n", "\u2028", "\x85")))
    quote = draw(st.sampled_from(("never", "always", "open", "doubled", "single")))
    lines = [delimiter.join(_quoted(cell, quote) for cell in row) for row in draw(tables())]
    content = end.join(lines) + draw(st.sampled_from(("", end, '"', "\x1a")))
    encoding = draw(st.sampled_from(ENCODINGS))
    return draw(_damaged(content.encode(encoding, "replace")))


def _quoted(cell: str, how: str) -> str:
    if how == "never":
        return cell
    if how == "single":
        return f"'{cell}'"
    if how == "open":
        return f'"{cell}'
    return '"' + (cell.replace('"', '""') if how == "doubled" else cell) + '"'


@st.composite
def workbooks(draw: st.DrawFn) -> bytes:
    """Workbooks by a program, by hand, with parts that are missing or something else."""
    kind = draw(st.sampled_from(("written", "made", "taken apart")))
    if kind == "written":
        data = _written(draw(tables()), draw(st.booleans()))
    elif kind == "made":
        data = book("".join(draw(st.lists(st.sampled_from(_XML), max_size=12))))
    else:
        data = zipped(_changed(draw))
    return draw(_damaged(data))


def _written(rows: list[list[str]], merged: bool) -> bytes:
    target = io.BytesIO()
    workbook = openpyxl.Workbook()
    sheet = workbook.create_sheet("People", 0)
    for row in rows:
        sheet.append(["".join(each for each in cell if each.isprintable()) for cell in row])
    if merged:
        sheet.merge_cells("A1:C2")
    workbook.save(target)
    return target.getvalue()


def _changed(draw: st.DrawFn) -> Mapping[str, str | bytes]:
    content = parts('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', "<si><t>Name</t></si>")
    for name in draw(st.lists(st.sampled_from(sorted(content)), max_size=3)):
        content[name] = draw(st.sampled_from(_PARTS) | st.binary(max_size=40))
    for name in draw(st.lists(st.sampled_from(sorted(content)), max_size=2)):
        content.pop(name, None)
    return content


@st.composite
def _damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """As it is, cut off, with bytes changed, or with others around it."""
    how = draw(st.sampled_from(("whole", "whole", "cut", "flipped", "wrapped", "twice")))
    if how == "cut" and data:
        return data[: draw(st.integers(0, len(data) - 1))]
    if how == "flipped" and data:
        changed = bytearray(data)
        for place in draw(st.lists(st.integers(0, len(data) - 1), max_size=6)):
            changed[place] = draw(st.integers(0, 255))
        return bytes(changed)
    if how == "wrapped":
        return draw(st.binary(max_size=8)) + data + draw(st.binary(max_size=8))
    return data * 2 if how == "twice" else data


_XML = (
    '<row r="1">', "</row>", '<row r="99999999999">', '<row r="-1">', '<row r="0">', "<row>",
    '<c r="A1" t="inlineStr"><is><t>Name</t></is></c>', '<c r="A1"><v>1</v></c>',
    '<c r="ZZZ1"><v>1</v></c>', '<c r="1A"><v>1</v></c>', '<c t="s"><v>9</v></c>',
    '<c t="s"><v>-1</v></c>', '<c t="b"><v>7</v></c>', '<c t="e"><v>#DIV/0!</v></c>',
    '<c t="d"><v>2031-13-45</v></c>', '<c s="99"><v>1e999</v></c>', "<c><f>1+1</f></c>",
    '<c t="n"><v>NaN</v></c>', "<c><v>9999999999999999999</v></c>", "<mergeCells/>",
    '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>', "<!-- x -->", "&amp;",
    "&unknown;", "]]>", "<![CDATA[x]]>", "<a><b>", "</a>", "\x00", "<?xml version='1.1'?>",
)  # fmt: skip
_PARTS: tuple[str | bytes, ...] = (
    "", "no xml", "<a/>", "<a>" * 500, "<?xml version='1.0' encoding='utf-32'?><a/>",
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x"><a/>',
    "<worksheet><sheetData/></worksheet>", "<sst><si/><si><t/></si></sst>",
    "\ufeff<a/>".encode("utf-16"),
    '<workbook xmlns:r="r"><sheets><sheet name="S" r:id="nothing"/></sheets></workbook>',
)  # fmt: skip
