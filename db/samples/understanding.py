"""The part of a story that tells what was held to be the problem, and who saw it otherwise."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid4, uuid5

from sqlmodel import Session

from convening import balance
from convening.vocabulary import Choice, DefinitionField, Group, NoteRelease, NoteState, RoomState
from convening.vocabulary import StatementState as Shown
from db import room_codes
from db.base import now
from db.samples.story import Story
from db.tables import room, understanding, work

_REPLIED_AFTER = timedelta(days=4)


def write(story: Story, user_id: int) -> None:
    """Definitions with their dissent, what followed a convening, and what people voted."""
    for source in story.source.get("definition", ()):
        _definition(story, source, user_id)
    for source in story.source.get("commitment", ()):
        _commitment(story, source)
    for source in story.source.get("review", ()):
        story.add(
            room.ConveningReview(
                convening_id=story.convenings[source["convening"] - 1],
                expected=story.words(source["expected"]),
                happened=story.words(source["happened"]),
                why=story.words(source["why"]),
                change=story.words(source["change"]),
            )
        )
    conversations = {
        source["convening"]: _conversation(story, source)
        for source in story.source.get("conversation", ())
    }
    for source in story.source.get("room", ()):
        _room(story, source, conversations.get(source["convening"]))


def _definition(story: Story, source: dict[str, Any], user_id: int) -> None:
    definition_id = story.add(
        understanding.Definition(
            initiative_id=story.initiative_id,
            title=story.words(source["title"]),
            kind=source["kind"],
        )
    )
    versions = [
        story.add(_version(story, each, definition_id, number, user_id))
        for number, each in enumerate(source["version"], start=1)
    ]
    for each in source.get("evidence", ()):
        story.add(
            understanding.EvidenceSource(
                definition_id=definition_id,
                title=story.words(each["title"]),
                kind=each["kind"],
                note=story.words(each["note"]),
                groups=each["groups"],
            )
        )
    for each in source.get("dissent", ()):
        view_id = story.add(_view(story, each, versions, user_id))
        _answers(story, each, versions, user_id, view_id=view_id)
    _notes(story, source.get("note", ()), versions, user_id)


def _version(
    story: Story, source: dict[str, Any], definition_id: int, number: int, user_id: int
) -> understanding.DefinitionVersion:
    written = _day(story, source["convening"])
    row = understanding.DefinitionVersion(
        created_at=written,
        definition_id=definition_id,
        number=number,
        state=source["state"],
        changed=story.words(source["changed"]),
        why=story.words(source["why"]),
        author_id=user_id,
        convening_id=story.convenings[source["convening"] - 1],
        opened_at=written,
    )
    for part in DefinitionField:
        setattr(row, part.value, story.words(source[part.value]))
    if "adopted_in" in source:
        row.adopted_in_id = story.convenings[source["adopted_in"] - 1]
        row.adopted_at, row.adopted_by_id = _day(story, source["adopted_in"]), user_id
    return row


def _view(
    story: Story, source: dict[str, Any], versions: list[int], user_id: int
) -> understanding.DissentingView:
    return understanding.DissentingView(
        created_at=_day(story, source["convening"]),
        uuid=str(uuid4()),
        version_id=versions[source["version"] - 1],
        convening_id=story.convenings[source["convening"] - 1],
        strength=source["strength"],
        statement=story.words(source["statement"]),
        reason=story.words(source["reason"]),
        resolution=story.words(source["resolution"]),
        attribution=source["attribution"],
        groups=source["groups"],
        stakeholder_id=story.people.get(source.get("person", "")),
        agreed_to_name="person" in source,
        agreed_to_publish=source.get("publish"),
        afterwards=source.get("afterwards", False),
        logged_by_id=user_id,
    )


def _notes(story: Story, sources: list[dict[str, Any]], versions: list[int], user_id: int) -> None:
    """Notes without a name are written in the order of their random ids, which tells nothing."""
    rows = {str(uuid4()): each for each in sources}
    for note_id in sorted(rows):
        source = rows[note_id]
        version = source.get("version")
        story.session.add(
            understanding.AnonymousNote(
                id=note_id,
                convening_id=story.convenings[source["convening"] - 1],
                version_id=versions[version - 1] if version else None,
                strength=source.get("strength", ""),
                text=story.words(source["text"]),
                receipt_hash=room_codes.keyed(room_codes.new_receipt()),
                state=NoteState.RELEASED,
            )
        )
        story.session.flush()
        _answers(story, source, versions, user_id, note_id=note_id)


def _room(story: Story, source: dict[str, Any], conversation_id: int | None) -> None:
    """A room that was held, and how many entered it by phone by the groups that they declared."""
    held = _day(story, source["convening"])
    room_id = story.add(
        room.Room(
            convening_id=story.convenings[source["convening"] - 1],
            state=RoomState.CLOSED,
            release=NoteRelease.AFTER_CLOSING,
            size=source["present"],
            conversation_id=conversation_id,
            opened_at=held,
            closed_at=held + timedelta(hours=2),
        )
    )
    for each in source["declared"]:
        groups = frozenset(map(Group, each["groups"]))
        declared = room.RoomDeclaration(
            room_id=room_id, mask=balance.mask(groups), people=each["people"]
        )
        story.session.add(declared)
    story.session.flush()


def _answers(
    story: Story,
    source: dict[str, Any],
    versions: list[int],
    user_id: int,
    *,
    view_id: int | None = None,
    note_id: str | None = None,
) -> None:
    raised = _day(story, source["convening"])
    for round_, each in enumerate(source.get("answers", ()), start=1):
        asked = now() + timedelta(days=each["asked"]) if "asked" in each else raised
        replied = "reply" in each
        story.add(
            understanding.DissentResponse(
                created_at=asked,
                view_id=view_id,
                note_id=note_id,
                round=round_,
                outcome=each["outcome"],
                version_id=versions[each["version"] - 1] if "version" in each else None,
                rationale=story.words(each["rationale"]),
                responded_by_id=user_id,
                asked_at=asked,
                answers=each.get("reply"),
                answered_at=min(now(), asked + _REPLIED_AFTER) if replied else None,
                answered_by=_through(view_id) if replied else None,
            )
        )


def _through(view_id: int | None) -> str:
    return "receipt" if view_id is None else "facilitator"


def _commitment(story: Story, source: dict[str, Any]) -> None:
    today = now()
    done = today + timedelta(days=source["done"]) if "done" in source else None
    story.add(
        room.Commitment(
            convening_id=story.convenings[source["convening"] - 1],
            what=story.words(source["what"]),
            owner=story.words(source["owner"]),
            due_on=(today + timedelta(days=source["due"])).date(),
            done_at=done,
        )
    )


def _conversation(story: Story, source: dict[str, Any]) -> int:
    conversation_id = story.add(
        understanding.Conversation(
            initiative_id=story.initiative_id,
            convening_id=story.convenings[source["convening"] - 1],
            title=story.words(source["title"]),
        )
    )
    for number, each in enumerate(source["statement"], start=1):
        statement_id = story.add(
            understanding.Statement(
                conversation_id=conversation_id,
                number=number,
                text=story.words(each["text"]),
                state=Shown.CLOSED,
                revealed=True,
            )
        )
        _votes(story.session, conversation_id, statement_id, each["votes"])
    return conversation_id


def _votes(
    session: Session, conversation_id: int, statement_id: int, votes: dict[str, list[int]]
) -> None:
    """By group how many agree, disagree and pass; a voter is the same for every statement."""
    for group in Group:
        counts = votes.get(group.value, [0, 0, 0])
        choices = [
            choice for choice, count in zip(Choice, counts, strict=True) for _ in range(count)
        ]
        for place, choice in enumerate(choices):
            voter = uuid5(NAMESPACE_OID, f"{conversation_id} {group.value} {place}").hex
            session.add(
                understanding.Vote(
                    id=str(uuid4()),
                    statement_id=statement_id,
                    voter=voter,
                    choice=choice,
                    groups=[group.value],
                )
            )
    session.flush()


def _day(story: Story, number: int) -> datetime:
    """When the convening of this number was held; now for one that is still ahead."""
    meeting = story.session.get_one(work.Convening, story.convenings[number - 1])
    return min(now(), meeting.ends_at or now()).astimezone(UTC)
