"""A conversation in the Polis layout: the same totals, no groups, no times, no formulas."""

import csv
import io
import zipfile
from pathlib import Path

from convening.exports import polis
from convening.imports import polis_files
from convening.imports.polis import Vote
from convening.imports.polis_files import Comment, PolisConversation
from convening.vocabulary import Group

DATA = Path(__file__).parents[2] / "data" / "opinion"
SMALL = PolisConversation(
    (Comment(1, "=1+1"), Comment(2, "من يقرر؟", False)),
    (Vote("b", "2", -1), Vote("a", "1", 1), Vote("a", "2", 0)),
    {"a": frozenset({Group.STEWARD})},
)


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_the_totals_of_each_person_are_those_of_the_real_files() -> None:
    names = ("votes.csv", "comments.csv", "participants-votes.csv")
    files = {name: (DATA / name).read_bytes() for name in names}
    [conversation] = polis_files.read(list(files.values())).records
    written = rows(polis.files(conversation)["participants-votes.csv"])
    totals = ("n-votes", "n-agree", "n-disagree")
    stated = {
        each["participant"]: [each[name] for name in totals]
        for each in rows(files["participants-votes.csv"])
    }
    assert {each["participant"]: [each[name] for name in totals] for each in written} == stated


def test_every_file_in_full() -> None:
    found = {name: data.decode("utf-8-sig") for name, data in polis.files(SMALL).items()}
    assert found == {
        "comments.csv": (
            "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\r\n"
            "0,,1,,1,0,1,'=1+1\r\n"
            "0,,2,,0,1,-1,من يقرر؟\r\n"
        ),
        "votes.csv": (
            "timestamp,datetime,comment-id,voter-id,vote\r\n0,,1,a,1\r\n0,,2,b,-1\r\n0,,2,a,0\r\n"
        ),
        "participants-votes.csv": (
            "participant,xid,group-id,n-comments,n-votes,n-agree,n-disagree,1,2\r\n"
            "b,,,0,1,0,1,,-1\r\n"
            "a,,,0,2,1,0,1,0\r\n"
        ),
    }


def test_the_same_conversation_gives_the_same_archive() -> None:
    data = polis.write(SMALL)
    assert data == polis.write(SMALL)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["comments.csv", "votes.csv", "participants-votes.csv"]
        assert archive.read("votes.csv") == polis.files(SMALL)["votes.csv"]
