"""Twelve people with phones of their own, who enter a room, write and vote in a known order."""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from random import Random

import httpx

from convening.vocabulary import Choice, Group
from db import room_codes, tokens
from pages.plain import participant
from tests.rooms import OpenRoom

ROUNDS = 2  # notes of each person
_S, _G, _I = Group.STEWARD, Group.GATEWAY, Group.INFLUENCER
# Six stewards and five of the gateway with one person in both, one influencer; one rather not
DECLARED = [{_S}] * 5 + [{_G}] * 4 + [{_S, _G}, {_I}, set()]
PEOPLE = len(DECLARED)
_NONCE = re.compile(r'name="nonce" value="([0-9a-f]{32})"')
_RECEIPT = re.compile(r'id="receipt_code">([^<]+)<')


@dataclass
class Person:
    """Somebody with a phone: what they declared, and how they vote, which nobody else does."""

    number: int
    groups: frozenset[Group]
    choices: tuple[Choice, ...]
    phone: httpx.Client
    marks: list[str] = field(default_factory=list)  # the words of their notes


@dataclass
class Meeting:
    """What happened in a room, as somebody knows who watched its door and its tables.

    ``written`` are the words of its notes in the order in which they came, ``traces`` whatever
    would lead from the database to a phone, ``began`` and ``ended`` the time of it all.
    """

    room: OpenRoom
    conversation_id: int
    people: list[Person]
    written: list[str] = field(default_factory=list)
    traces: dict[str, str] = field(default_factory=dict)
    began: datetime = datetime.min
    ended: datetime = datetime.min

    @property
    def voter_names(self) -> list[str]:
        """Under what the votes of each person stand until the room closes."""
        ids = (self.traces[f"id {each.number}"] for each in self.people)
        return [room_codes.voter_of(each, self.conversation_id) for each in ids]


def hold(url: str, room: OpenRoom, conversation_id: int, number: int) -> Meeting:
    """Everybody enters; then they vote and write, and write again, in the order of the door."""
    chance = Random(number)
    declared = chance.sample(DECLARED, PEOPLE)
    votes = list(product((Choice.AGREE, Choice.DISAGREE, Choice.PASS), repeat=3))
    chosen = chance.sample(votes, PEOPLE)
    people = [
        Person(each, frozenset(declared[each]), chosen[each], _phone(url, number, each))
        for each in range(PEOPLE)
    ]
    meeting = Meeting(room, conversation_id, people, began=datetime.now(UTC))
    meeting.traces |= {"token": room.token, "code": room.way_in.code}
    for each in people:
        _enter(meeting, each)
    for turn in range(ROUNDS):
        for each in people:
            _write(meeting, each)
            if not turn:
                _vote(meeting, each)
    meeting.ended = datetime.now(UTC)
    for each in people:
        each.phone.close()
    return meeting


def _phone(url: str, room: int, number: int) -> httpx.Client:
    """Each has an address and a browser of its own."""
    transport = httpx.HTTPTransport(verify=False, local_address=f"127.77.{room}.{number + 1}")
    agent = f"Phone/{secrets.token_hex(8)}"
    headers = {"Origin": url, "User-Agent": agent}
    return httpx.Client(base_url=url, transport=transport, headers=headers, timeout=30)


def _enter(meeting: Meeting, person: Person) -> None:
    phone, traces, number = person.phone, meeting.traces, person.number
    nonce = secrets.token_hex(16)
    if not number:  # the others scanned the code, and their page is like this one
        found = phone.post("/join", data={"code": room_codes.spaced(meeting.room.way_in.code)})
        assert found.status_code == 303, found.text
        [nonce] = _NONCE.findall(phone.get(found.headers["location"]).text)
    form = {"nonce": nonce, "group": [each.value for each in person.groups]}
    form |= {} if person.groups else {"rather_not": "1"}
    entered = phone.post(f"/join/{meeting.room.token}/enter", data=form)
    assert entered.status_code == 303, entered.text
    cookie = phone.cookies[participant.COOKIE]
    traces[f"cookie {number}"] = cookie
    traces[f"id {number}"] = nonce
    traces[f"hash {number}"] = tokens.hashed(nonce)
    traces[f"agent {number}"] = phone.headers["user-agent"]
    assert nonce in str(participant._serializer().loads(cookie))


def _write(meeting: Meeting, person: Person) -> None:
    mark, nonce = secrets.token_hex(8), secrets.token_hex(16)
    answer = person.phone.post(
        f"/join/{meeting.room.token}/note", data={"text": f"{mark} is said", "nonce": nonce}
    )
    [receipt] = _RECEIPT.findall(answer.text)
    person.marks.append(mark)
    meeting.written.append(mark)
    meeting.traces |= {f"nonce of {mark}": nonce, f"spaced receipt of {mark}": receipt}
    meeting.traces[f"receipt of {mark}"] = receipt.replace("-", "")


def _vote(meeting: Meeting, person: Person) -> None:
    for statement_id, choice in zip(meeting.room.statement_ids, person.choices, strict=True):
        answer = person.phone.post(
            f"/join/{meeting.room.token}/vote", data={f"s{statement_id}": choice.value}
        )
        assert answer.status_code == 303, answer.text


def fail(url: str, meeting: Meeting, words: str) -> None:
    """Somebody leaves a note, and the server cannot take it for a reason of its own."""
    cookies = {participant.COOKIE: meeting.traces["cookie 0"]}
    form = {"text": words, "nonce": secrets.token_hex(16)}
    path = f"{url}/join/{meeting.room.token}/note"
    answer = httpx.post(path, data=form, cookies=cookies, headers={"Origin": url}, timeout=30)
    assert answer.status_code == 500, answer.text


def new_names(votes: Iterable[Mapping[str, str]], meeting: Meeting) -> list[str]:
    """Whose votes are whose is known here, since everybody votes in a way of their own."""
    cast: dict[str, dict[int, str]] = {}
    for row in votes:
        cast.setdefault(row["voter"], {})[int(row["statement_id"])] = row["choice"]
    names = {tuple(sorted(each.items())): voter for voter, each in cast.items()}
    return [
        names[tuple(zip(meeting.room.statement_ids, each.choices, strict=True))]
        for each in meeting.people
    ]


def traces(meetings: Iterable[Meeting]) -> dict[str, str]:
    """Everything that must stand nowhere, by what it is."""
    found = {"address": "127.77."}
    for number, meeting in enumerate(meetings):
        found |= {f"room {number}, {name}": value for name, value in meeting.traces.items()}
    return found
