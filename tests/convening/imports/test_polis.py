"""Votes in the Polis layout: the last one counts, and totals decide which sign agrees."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from convening.imports import polis
from convening.imports.polis import Vote

DATA = Path(__file__).parents[2] / "data" / "opinion"
VOTES, PARTICIPANTS, COMMENTS = (
    (DATA / name).read_bytes() for name in ("votes.csv", "participants-votes.csv", "comments.csv")
)
HEADER = "timestamp,datetime,comment-id,voter-id,vote\n"


def log(*rows: str) -> bytes:
    return (HEADER + "".join(f"{row}\n" for row in rows)).encode()


def turned(votes: bytes) -> bytes:
    """The same log with the sign of raw data: there -1 agrees."""
    rows = list(csv.reader(votes.decode().splitlines()))
    lines = [[*row[:-1], str(-int(row[-1]))] for row in rows[1:]]
    return "\n".join(",".join(row) for row in [rows[0], *lines]).encode()


def test_the_totals_of_every_person_come_out_of_a_real_conversation() -> None:
    found = polis.read(VOTES, participants=PARTICIPANTS)
    assert found.problems == ()
    counted = Counter((each.participant, each.vote) for each in found.records)
    stated = list(csv.DictReader(PARTICIPANTS.decode().splitlines()))
    assert len(stated) == 26
    for row in stated:
        who = row["participant"]
        assert counted[who, 1] == int(row["n-agree"])
        assert counted[who, -1] == int(row["n-disagree"])
        assert sum(counted[who, vote] for vote in (1, 0, -1)) == int(row["n-votes"])


@pytest.mark.parametrize("totals", [{"participants": PARTICIPANTS}, {"comments": COMMENTS}])
def test_either_totals_tell_the_sign_of_raw_and_of_exported_data(totals: dict[str, bytes]) -> None:
    exported = polis.read(VOTES, **totals)
    raw = polis.read(turned(VOTES), **totals)
    assert raw.records == exported.records
    assert (raw.problems, exported.problems) == ((), ())


def test_the_last_vote_by_time_counts_wherever_it_stands() -> None:
    data = log("300,,7,1,1", "100,,7,1,-1", "200,,7,1,0", "300,,8,1,-1", "300,,8,1,1")
    totals = b"participant,n-agree,n-disagree\n1,2,0\n"
    found = polis.read(data, participants=totals)
    assert found.records == (Vote("1", "7", 1), Vote("1", "8", 1))


def test_without_totals_nobody_knows_which_sign_agrees() -> None:
    found = polis.read(log("100,,7,1,1"))
    assert [each.code for each in found.problems] == ["vote_sign_unknown"]
    assert found.records == ()


def test_passes_alone_need_no_sign() -> None:
    assert polis.read(log("100,,7,1,0")).records == (Vote("1", "7", 0),)


def test_a_person_whose_totals_differ_is_named() -> None:
    data = log("100,,7,1,1", "100,,7,2,1", "100,,7,10,1")
    totals = b"participant,n-agree,n-disagree\n1,1,0\n2,2,0\n10,0,0\n"
    found = polis.read(data, participants=totals)
    assert [(each.code, each.params["participant"]) for each in found.problems] == [
        ("vote_totals_differ", "2"),
        ("vote_totals_differ", "10"),
    ]


def test_a_wrong_cell_is_named_by_row_and_column() -> None:
    found = polis.read(log("100,,7,1,2", "soon,,7,1,1"), participants=PARTICIPANTS)
    assert [(each.code, each.params["row"], each.params["column"]) for each in found.problems] == [
        ("not_a_vote", 2, "vote"),
        ("not_a_number", 3, "timestamp"),
    ]
    assert {each.params["file"] for each in found.problems} == {"votes.csv"}


def test_a_file_without_its_columns_is_not_read() -> None:
    found = polis.read(b"voter-id,vote\n1,1\n")
    assert [(each.code, each.params["column"]) for each in found.problems] == [
        ("column_missing", "timestamp"),
        ("column_missing", "comment-id"),
    ]
