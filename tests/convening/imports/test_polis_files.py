"""A whole conversation from the files of a Polis export."""

import io
import zipfile
from pathlib import Path

import pytest

from convening.exports import polis as export
from convening.imports import polis_files
from convening.imports.polis import Vote
from convening.imports.polis_files import Comment, PolisConversation
from convening.vocabulary import Group

DATA = Path(__file__).parents[2] / "data" / "opinion"
NAMES = ("votes.csv", "comments.csv", "participants-votes.csv")
VOTES, COMMENTS, PARTICIPANTS = ((DATA / name).read_bytes() for name in NAMES)
LOG = b"timestamp,datetime,comment-id,voter-id,vote\n1,,7,anna,1\n2,,7,omar,-1\n3,,8,omar,0\n"
LISTED = b"comment-id,agrees,disagrees,moderated,comment-body\n7,1,1,1,Rents rise\n8,0,0,-1,Spam\n"
PEOPLE = (
    "participant,n-agree,n-disagree,Groups\nanna,1,0,Stewards; gateway\nomar,0,1,حراس المجتمع\n"
)


def codes(*files: bytes) -> list[str]:
    return [each.code for each in polis_files.read(files).problems]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_the_real_conversation_is_known_by_its_headings(order: tuple[int, ...]) -> None:
    files = (VOTES, COMMENTS, PARTICIPANTS)
    found = polis_files.read([files[each] for each in order])
    assert found.problems == ()
    [conversation] = found.records
    assert len(conversation.comments) == 39
    assert len(conversation.votes) == 638
    assert [each.number for each in conversation.comments if not each.shown] == [0, 2, 3]
    assert conversation.groups == {}


def test_the_summary_of_an_export_is_passed_over() -> None:
    summary = b"topic,Who cannot get home?\nurl,https://example.org/1\nvoters,2\n"
    found = polis_files.read([summary, LOG, LISTED, PEOPLE.encode()])
    assert (len(found.records), found.problems) == (1, ())


def test_groups_that_people_declared_come_from_a_column() -> None:
    found = polis_files.read([LOG, LISTED, PEOPLE.encode()])
    assert found.problems == ()
    assert found.records == (
        PolisConversation(
            (Comment(7, "Rents rise"), Comment(8, "Spam", False)),
            (Vote("anna", "7", 1), Vote("omar", "7", -1), Vote("omar", "8", 0)),
            {"anna": frozenset({Group.STEWARD, Group.GATEWAY}), "omar": frozenset({Group.STEWARD})},
        ),
    )


def test_what_is_wrong_with_the_files_is_said() -> None:
    assert codes(b"x,y\n1,2\n", LISTED) == ["polis_unknown", "polis_missing"]
    assert codes(LOG, LOG, LISTED) == ["polis_twice"]
    for strange in (b"\x89PNG\r\n\x1a\n\x00", b"PK\x03\x04xlsx", archive("votes.csv")):
        assert codes(strange, LISTED) == ["polis_not_csv"]
    for sheet in (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", archive("xl/workbook.xml")):
        assert codes(sheet, LISTED) == ["polis_spreadsheet"]
    assert codes(b"") == ["file_empty"]


def archive(name: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        written.writestr(name, b"a,b")
    return target.getvalue()


def test_each_problem_names_the_file_that_it_is_in() -> None:
    def told(*files: bytes, names: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        found = polis_files.read(files, names).problems
        return [(each.code, each.params["file"]) for each in found]

    broken = LISTED.replace(b"Rents rise", b'"Rents' + b"x" * 200_000)
    names, people = ("log.csv", "texts.csv"), PEOPLE.encode()
    assert told(LOG, broken, names=names) == [("cell_too_large", "texts.csv")]
    assert told(b"\x89PNG\r\n\x1a\n\x00", broken, names=("a.csv", "b.csv")) == [
        ("polis_not_csv", "a.csv"),
        ("cell_too_large", "b.csv"),
    ]
    assert told(LOG.replace(b",1\n", b",7\n"), LISTED, names=names) == [
        ("not_a_vote", "log.csv"),
    ]
    spoilt = LISTED.replace(b"Rents rise", b" ")
    assert told(LOG, spoilt, people, names=names)[0] == ("cell_empty", "texts.csv")
    assert told(LOG, spoilt, people)[0] == ("cell_empty", "comments.csv")
    assert told(LOG, LISTED, LOG, names=(*names, "more.csv")) == [("polis_twice", "more.csv")]
    assert told(LOG, b"x,y\n1,2\n", LISTED, names=("a", "b", "c")) == [("polis_unknown", "b")]


@pytest.mark.parametrize(
    ("log", "listed", "people", "found"),
    [
        (LOG, LISTED, PEOPLE.replace("gateway", "friend"), ["not_a_group"]),
        (LOG.replace(b",7,anna", b",9,anna"), LISTED, PEOPLE, ["comment_unknown"]),
        (LOG, LISTED.replace(b"\n8,", b"\n7,"), PEOPLE, ["comment_twice", "comment_unknown"]),
        (LOG, LISTED.replace(b"Spam", b" "), PEOPLE, ["cell_empty", "comment_unknown"]),
        (LOG, LISTED.replace(b"Spam", b"x" * 401), PEOPLE, ["cell_too_long", "comment_unknown"]),
        (LOG, LISTED.replace(b"\n8,", b"\neight,"), PEOPLE, ["not_a_number", "comment_unknown"]),
        (
            LOG.replace(b"omar", b"o" * 101),
            LISTED,
            PEOPLE.replace("omar", "o" * 101),
            ["cell_too_long"],
        ),
    ],
)
def test_a_wrong_cell_is_named(log: bytes, listed: bytes, people: str, found: list[str]) -> None:
    assert codes(log, listed, people.encode()) == found


def test_an_archive_is_read_as_it_was_written() -> None:
    [conversation] = polis_files.read([VOTES, COMMENTS, PARTICIPANTS]).records
    again = polis_files.read(list(export.files(conversation).values()))
    assert again.problems == ()
    assert again.records == (conversation,)
