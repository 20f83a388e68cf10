"""A conversation in the layout of a Polis export, for whoever goes on working with its votes.

Three files in one archive, as ``convening.imports.polis_files`` reads them. Groups are not among
them, and of a vote no time is known. Single votes tell every small count, so the archive stays with
the team; what may leave it is written by ``convening.exports.opinion``.
"""

import io
import zipfile
from collections import Counter, defaultdict
from collections.abc import Mapping

from convening.exports.tables import Cell, write_csv
from convening.imports.polis_files import PolisConversation

AGREE, DISAGREE = 1, -1
_COMMENTS = (
    *("timestamp", "datetime", "comment-id", "author-id"),
    *("agrees", "disagrees", "moderated", "comment-body"),
)
_VOTES = ("timestamp", "datetime", "comment-id", "voter-id", "vote")
_PARTICIPANTS = ("participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
_NO_TIME: list[Cell] = [0, ""]  # the columns timestamp and datetime
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the oldest that an archive can name; a real one would differ


def write(conversation: PolisConversation) -> bytes:
    """The three files as a ZIP archive; the same conversation gives the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files(conversation).items():
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return target.getvalue()


def files(conversation: PolisConversation) -> dict[str, bytes]:
    """The files by their names; 1 agrees and -1 disagrees, as in data that Polis exports."""
    return {
        "comments.csv": _comments(conversation),
        "votes.csv": _votes(conversation),
        "participants-votes.csv": _participants(conversation),
    }


def _comments(conversation: PolisConversation) -> bytes:
    counted = Counter((each.statement, each.vote) for each in conversation.votes)
    rows: list[list[Cell]] = [list(_COMMENTS)]
    for each in conversation.comments:
        number = str(each.number)
        agrees, disagrees = counted[number, AGREE], counted[number, DISAGREE]
        shown = 1 if each.shown else -1
        rows.append([*_NO_TIME, each.number, "", agrees, disagrees, shown, each.text])
    return write_csv(rows)


def _votes(conversation: PolisConversation) -> bytes:
    order = {str(each.number): at for at, each in enumerate(conversation.comments)}
    listed = sorted(conversation.votes, key=lambda vote: order[vote.statement])
    return write_csv(
        [
            list(_VOTES),
            *([*_NO_TIME, each.statement, each.participant, each.vote] for each in listed),
        ]
    )


def _participants(conversation: PolisConversation) -> bytes:
    """Each person's totals and votes, in the order in which they first stand in the votes."""
    numbers = [str(each.number) for each in conversation.comments]
    people: Mapping[str, dict[str, int]] = defaultdict(dict)
    for each in conversation.votes:
        people[each.participant][each.statement] = each.vote
    rows: list[list[Cell]] = [[*_PARTICIPANTS, *numbers]]
    for who, cast in people.items():
        counted = Counter(cast.values())
        totals: list[Cell] = [0, len(cast), counted[AGREE], counted[DISAGREE]]
        rows.append([who, "", "", *totals, *(cast.get(each) for each in numbers)])
    return write_csv(rows)
