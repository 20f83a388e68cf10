"""What the live screens send of their own accord: entries that may have waited for the connection.

A script of the screen posts each entry as JSON until it is answered, so every one can arrive twice;
the commands keep it once. It is sent with the id of the user who wrote it: on a shared tablet
nobody's words are saved under the name of somebody else who has signed in since.
"""

import json
from dataclasses import dataclass
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from convening.dissent_drafts import DissentDraft
from convening.i18n import Translator
from convening.problems import ConveningError, Forbidden, NotFound, Problem
from convening.roles import Actor
from convening.room_entries import EntryDraft, HandsDraft
from convening.vocabulary import (
    Attribution,
    Choice,
    EntryKind,
    Group,
    Strength,
)
from db import faults, transaction
from db.commands import dissent, room_log
from db.commands import login as logins
from db.engine import current_engines
from db.queries import accounts
from pages.components import forms
from pages.plain import login, posted
from pages.plain.files import language_of

PATH = "/room-log/"
MOST_BYTES = 60_000
_HEADERS = {"cache-control": "no-store"}


@dataclass(frozen=True)
class Refused(Exception):
    """Not taken, and not to be sent again as it is."""

    status: int
    problems: tuple[Problem, ...] = ()


async def receive(request: Request) -> Response:
    """POST: 200 once it is saved, 401 and 403 when somebody else or nobody is signed in, 422 with
    what is wrong with it, 503 when it is to be sent again."""
    signed_in: int | None = getattr(request.state, login.STATE, None)
    if signed_in is None:
        return _answer(401)
    convening_id = posted.row_id(request.path_params["convening_id"])
    if convening_id is None:
        return _answer(404)
    sent = await _body(request)
    if sent is None:
        return _answer(413)
    try:
        await to_thread.run_sync(_take, signed_in, convening_id, sent)
    except Refused as refused:
        return _answer(refused.status, refused.problems, Translator(language_of(request)))
    except (NotFound, Forbidden) as error:
        return _answer(404, error.problems, Translator(language_of(request)))
    except ConveningError as error:
        status = 503 if error.code in faults.CODES else 422
        return _answer(status, error.problems, Translator(language_of(request)))
    return _answer(200)


def _answer(
    status: int, problems: tuple[Problem, ...] = (), t: Translator | None = None
) -> JSONResponse:
    texts = [forms.said(each, t) for each in problems] if t else []
    return JSONResponse({"problems": texts}, status_code=status, headers=_HEADERS)


async def _body(request: Request) -> dict[str, Any] | None:
    """The JSON object that was posted, None when it is too much or none."""
    data = await posted.body(request, MOST_BYTES)
    if data is None:
        return None
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _take(login_session_id: int, convening_id: int, sent: dict[str, Any]) -> None:
    actor = _actor(login_session_id)
    if sent.get("by") != actor.user_id:
        raise Refused(403)
    try:
        draft = read(convening_id, sent)
    except (KeyError, TypeError, ValueError):
        raise Refused(422, (Problem("entry_not_readable"),)) from None
    if isinstance(draft, DissentDraft):
        _write(dissent.record_dissent, actor, draft)
    elif isinstance(draft, HandsDraft):
        _write(room_log.record_hands, actor, draft)
    else:
        _write(room_log.log_entry, actor, draft)


def _write(command: Any, actor: Actor, draft: DissentDraft | HandsDraft | EntryDraft) -> None:
    with transaction.writing(
        current_engines(), actor_id=actor.user_id, command=command.__name__
    ) as session:
        command(session, actor, draft)


def _actor(login_session_id: int) -> Actor:
    """Who sends it; what a person logs keeps their login alive, as a tap on a screen does."""
    with transaction.writing(current_engines(), actor_id=None, journalled=False) as session:
        logins.touch(session, login_session_id)
    with transaction.reading(current_engines()) as session:
        viewer = accounts.signed_in(session, login_session_id)
    if viewer is None:
        raise Refused(401)
    return viewer.actor


def read(convening_id: int, sent: dict[str, Any]) -> EntryDraft | HandsDraft | DissentDraft:
    """The draft in a posted object; KeyError, TypeError or ValueError for anything else."""
    what, uuid, block_id = sent["what"], _text(sent, "uuid"), _id(sent, "block")
    if what == "dissent":
        return _dissent(convening_id, uuid, block_id, sent)
    kind = EntryKind(what)
    if kind in (EntryKind.HANDS, EntryKind.CARDS):
        counts = {
            (_counted(who), Choice(choice)): _number(people)
            for who, choice, people in sent["counts"]
        }
        statement_id, text = _id(sent, "statement"), _text(sent, "text")
        return HandsDraft(uuid, convening_id, kind, counts, statement_id, text, block_id)
    return EntryDraft(
        uuid=uuid,
        convening_id=convening_id,
        kind=kind,
        groups=_groups(sent),
        text=_text(sent, "text"),
        block_id=block_id,
        afterwards=sent.get("afterwards") is True,
    )


def _dissent(
    convening_id: int, uuid: str, block_id: int | None, sent: dict[str, Any]
) -> DissentDraft:
    version_id = _id(sent, "version")
    if version_id is None:
        raise Refused(422, (Problem("no_version_in_hand"),))
    return DissentDraft(
        uuid=uuid,
        version_id=version_id,
        strength=Strength(sent["strength"]),
        statement=_text(sent, "text"),
        reason=_text(sent, "reason"),
        resolution=_text(sent, "resolution"),
        attribution=Attribution(sent.get("attribution", Attribution.GROUP_ONLY)),
        groups=_groups(sent),
        convening_id=convening_id,
        block_id=block_id,
        stakeholder_id=_id(sent, "person"),
        agreed_to_name=sent.get("agreed") is True,
        afterwards=sent.get("afterwards") is True,
        receipt_code=_text(sent, "receipt"),
    )


def _groups(sent: dict[str, Any]) -> frozenset[Group]:
    return frozenset(map(Group, sent.get("groups", ())))


def _counted(who: object) -> frozenset[Group]:
    """Whose hands: a whole group's, or those of one person with their groups, if any."""
    return frozenset(map(Group, who if isinstance(who, list) else [who]))


def _text(sent: dict[str, Any], name: str) -> str:
    found = sent.get(name, "")
    if not isinstance(found, str):
        raise TypeError(name)
    return found


def _id(sent: dict[str, Any], name: str) -> int | None:
    found = sent.get(name)
    return None if found is None else _number(found)


def _number(found: object) -> int:
    if not isinstance(found, int) or isinstance(found, bool) or abs(found) >= 2**31:
        raise TypeError("no number")
    return found
