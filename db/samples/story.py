"""Writes one of the stories of this folder into the database, in one language."""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from importlib.resources import files
from itertools import combinations
from typing import Any

from sqlmodel import Session

from convening import walltime
from convening.agenda_templates import blocks, suited
from convening.community import search_text
from convening.i18n import Translator
from convening.text import fold
from convening.vocabulary import (
    QUESTION_GROUP,
    ConveningKind,
    ConveningQuestion,
    ConveningState,
    GuidingQuestion,
    InvitationStatus,
    Language,
    NominationState,
    StageKind,
)
from db.base import Table, now
from db.commands import agenda
from db.tables import community, work
from db.tables.accounts import TeamMembership

STORIES = ("qantara", "youth_justice")
_RUN = re.compile(r"([a-z]+)(\d+)(?:-(\d+))?")
_ANSWERED_BEFORE = timedelta(days=3)
_STATUSES = (
    InvitationStatus.ATTENDED,
    InvitationStatus.ABSENT,
    InvitationStatus.DECLINED,
    InvitationStatus.ACCEPTED,
    InvitationStatus.INVITED,
    InvitationStatus.PROPOSED,
)


@dataclass
class Story:
    """A story on its way into the database: the ids of what was written so far."""

    session: Session
    language: Language
    source: dict[str, Any]
    initiative_id: int = 0
    people: dict[str, int] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    organisations: dict[str, int] = field(default_factory=dict)
    organisation_names: dict[str, str] = field(default_factory=dict)
    sub_circles: dict[str, int] = field(default_factory=dict)
    stages: dict[str, int] = field(default_factory=dict)
    convenings: list[int] = field(default_factory=list)

    def words(self, texts: dict[str, str]) -> str:
        return texts[self.language.value]

    def add(self, row: Table) -> int:
        self.session.add(row)
        self.session.flush()
        return row.key


def write(session: Session, name: str, language: Language, user_id: int) -> Story:
    """Writes the story and puts the user on its team as manager."""
    text = files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    story = Story(session, language, tomllib.loads(text))
    head = story.source["initiative"]
    story.initiative_id = story.add(
        work.Initiative(
            name=story.words(head["name"]),
            issue=story.words(head["issue"]),
            place=story.words(head["place"]),
            sample=True,
        )
    )
    story.add(TeamMembership(initiative_id=story.initiative_id, user_id=user_id, manages=True))
    _names(story)
    for cluster in story.source["cluster"]:
        _people(story, cluster)
    _reached_through(story)
    _ties(story)
    _nominations(story)
    _stages(story)
    for convening in story.source["convening"]:
        _convening(story, convening)
    return story


def keys(runs: list[str]) -> list[str]:
    """["saver1-3", "imam1"] -> ["saver1", "saver2", "saver3", "imam1"]."""
    found = []
    for run in runs:
        match = _RUN.fullmatch(run)
        if match is None:
            raise ValueError(run)
        name, first, last = match[1], int(match[2]), int(match[3] or match[2])
        found += [f"{name}{number}" for number in range(first, last + 1)]
    return found


def _names(story: Story) -> None:
    for each in story.source.get("group_name", ()):
        name = story.words(each["name"])
        story.add(
            community.GroupName(initiative_id=story.initiative_id, group=each["group"], name=name)
        )
    for each in story.source.get("sub_circle", ()):
        story.sub_circles[each["key"]] = story.add(
            community.SubCircle(
                initiative_id=story.initiative_id,
                group=each["group"],
                name=story.words(each["name"]),
            )
        )
    for each in story.source["organisation"]:
        name = story.organisation_names[each["key"]] = story.words(each["name"])
        story.organisations[each["key"]] = story.add(
            community.Organisation(
                initiative_id=story.initiative_id, name=name, folded=fold(name), kind=each["kind"]
            )
        )


def _people(story: Story, cluster: dict[str, Any]) -> None:
    minor = cluster.get("minor", False)
    for number, (english, arabic) in enumerate(cluster["names"], start=1):
        name = arabic if story.language is Language.ARABIC else english
        key = f"{cluster['key']}{number}"
        place = story.words(cluster["place"])
        organisation = cluster.get("organisation", "")
        employer = story.organisation_names.get(organisation, "")
        story.people[key] = story.add(
            community.Stakeholder(
                initiative_id=story.initiative_id,
                name=name,
                folded=search_text(name, employer, place),
                organisation_id=story.organisations.get(organisation),
                place=place,
                relationship=cluster["relationship"],
                money=cluster.get("money", "none"),
                minor=minor,
                consent="guardian" if minor else "given" if cluster["groups"] else "unknown",
                consent_at=now() if cluster["groups"] else None,
            )
        )
        _placed(story, key, cluster)


def _placed(story: Story, key: str, cluster: dict[str, Any]) -> None:
    questions = [GuidingQuestion(each.split(":")[1]) for each in cluster["groups"]]
    story.groups[key] = [QUESTION_GROUP[question].value for question in questions]
    circle = story.sub_circles.get(cluster.get("sub_circle", ""))
    for position, question in enumerate(questions):
        story.session.add(
            community.GroupMembership(
                stakeholder_id=story.people[key],
                group=QUESTION_GROUP[question],
                question=question,
                sub_circle_id=circle if position == 0 else None,
            )
        )
    for capital, texts in cluster.get("capital", {}).items():
        story.session.add(
            community.CapitalHolding(
                stakeholder_id=story.people[key], capital=capital, words=story.words(texts)
            )
        )


def _reached_through(story: Story) -> None:
    for cluster in story.source["cluster"]:
        if "through" not in cluster:
            continue
        for number in range(1, len(cluster["names"]) + 1):
            person = story.session.get_one(
                community.Stakeholder, story.people[f"{cluster['key']}{number}"]
            )
            person.reached_through_id = story.people[cluster["through"]]


def _ties(story: Story) -> None:
    """The first of a list knows each of the others; a foundation's circle knows one another."""
    written: set[tuple[int, int]] = set()
    for each in story.source["tie"]:
        ids = [story.people[key] for key in keys(each["between"])]
        close = each["strength"] == 5 and each["between"][0].startswith("funder")
        pairs = combinations(ids, 2) if close else ((ids[0], other) for other in ids[1:])
        for first, second in map(sorted, pairs):
            if (first, second) not in written:
                written.add((first, second))
                story.session.add(
                    community.Tie(first_id=first, second_id=second, strength=each["strength"])
                )


def _nominations(story: Story) -> None:
    for each in story.source["nomination"]:
        placed = story.people.get(each.get("on_the_map", ""))
        story.session.add(
            community.Nomination(
                initiative_id=story.initiative_id,
                name=story.words(each["name"]),
                reason=story.words(each["reason"]),
                groups=each["groups"],
                nominated_by_id=story.people[each["by"]],
                reached_through_id=story.people[each["through"]],
                state=NominationState.ON_THE_MAP if placed else NominationState.OPEN,
                stakeholder_id=placed,
            )
        )


def _stages(story: Story) -> None:
    today = now().date()
    for position, each in enumerate(story.source["stage"]):
        starts, ends = (today + timedelta(days=days) for days in each["days"])
        story.stages[each["kind"]] = story.add(
            work.Stage(
                initiative_id=story.initiative_id,
                kind=each["kind"],
                position=position,
                starts_on=starts,
                ends_on=ends,
                widening=story.words(each["widening"]),
            )
        )
        for group, (low, high) in each.get("targets", {}).items():
            story.session.add(
                work.StageTarget(
                    stage_id=story.stages[each["kind"]], group=group, minimum=low, maximum=high
                )
            )


def _convening(story: Story, source: dict[str, Any]) -> None:
    row = work.Convening(
        initiative_id=story.initiative_id,
        stage_id=story.stages[source["stage"]],
        title=story.words(source["title"]),
        purpose=story.words(source["purpose"]),
        kind=source["kind"],
        zone=story.source["zone"],
        place=story.words(source["place"]) if "place" in source else "",
        link=source.get("link", ""),
        capacity=source.get("capacity"),
        openness=source.get("openness"),
        promise=story.words(source["promise"]) if "promise" in source else "",
        tensions=story.words(source["tensions"]) if "tensions" in source else "",
        state=ConveningState.DRAFT,
    )
    if "day" in source:
        starts = datetime.combine(
            now().date() + timedelta(days=source["day"]), time.fromisoformat(source["at"])
        )
        row.starts_local, row.ends_local = starts, starts + timedelta(minutes=source["minutes"])
        row.starts_at = walltime.utc(row.starts_local, row.zone)
        row.ends_at = walltime.utc(row.ends_local, row.zone)
        if "promise_within" in source:
            row.promise_by = starts.date() + timedelta(days=source["promise_within"])
        row.state = ConveningState.HELD if source["held"] else ConveningState.PLANNED
    story.convenings.append(story.add(row))
    _questions(story, row, source)
    _agenda(story, row, source)
    _invitations(story, row, source)


def _questions(story: Story, row: work.Convening, source: dict[str, Any]) -> None:
    for question in ConveningQuestion:
        story.session.add(
            work.ConveningAnswer(
                convening_id=row.key, question=question, yes=question not in source["no"]
            )
        )
    for each in source.get("stakes", ()):
        story.session.add(
            work.ConveningStake(
                convening_id=row.key,
                stake=each["stake"],
                who=story.words(each["who"]),
                stakeholder_id=story.people[each["person"]],
            )
        )


def _agenda(story: Story, row: work.Convening, source: dict[str, Any]) -> None:
    if "minutes" not in source:
        return
    template = suited(ConveningKind(row.kind), StageKind(source["stage"]))[0]
    drafts = blocks(template, Translator(story.language), row.key, source["minutes"])
    for position, draft in enumerate(drafts):
        story.session.add(agenda.new_row(draft, position))


def _invitations(story: Story, row: work.Convening, source: dict[str, Any]) -> None:
    held = row.state == ConveningState.HELD
    barriers = source.get("barriers", {})
    for status in _STATUSES:
        for part, runs in source.get(status.value, {}).items():
            for key in keys(runs):
                story.session.add(
                    work.Invitation(
                        convening_id=row.key,
                        stakeholder_id=story.people[key],
                        part=part,
                        status=status,
                        status_at=now(),
                        barriers=story.words(barriers[key]) if key in barriers else "",
                        support=source.get("support", {}).get(key, []),
                        groups_when_held=story.groups[key] if held else None,
                        **_answer(story, row, source.get("answers", {}).get(key)),
                    )
                )


def _answer(story: Story, row: work.Convening, source: dict[str, Any] | None) -> dict[str, Any]:
    """What somebody answered, a few days ago or before a convening that was held."""
    if source is None:
        return {}
    return {
        "needs": source.get("needs", []),
        "needs_note": story.words(source["note"]) if "note" in source else "",
        "declined_because": story.words(source["because"]) if "because" in source else "",
        "answered_at": min(now(), row.starts_at or now()) - _ANSWERED_BEFORE,
        "answered_by": source["by"],
    }
