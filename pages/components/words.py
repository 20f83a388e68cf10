"""Wording of records that several screens show."""

from typing import Literal

from convening.i18n import Translator
from convening.initiatives import Stage
from convening.vocabulary import GROUP_SIGNS, Group, StageKind

GROUP_COLOURS: dict[Group, Literal["green", "orange", "blue"]] = {
    Group.STEWARD: "green",
    Group.GATEWAY: "orange",
    Group.INFLUENCER: "blue",
}


def stage_label(stage: Stage, t: Translator) -> str:
    """A stage's preset name, or its own."""
    return stage.name if stage.kind is StageKind.CUSTOM else t.word(stage.kind)


def group_label(group: Group, t: Translator) -> str:
    """A group's name with its sign, as plain text: for cells and options."""
    return f"{GROUP_SIGNS[group]} {t.word(group)}"


def group_heads(group: Group, count: int, t: Translator) -> str:
    """How many people are in a group, with the team's own name for it, as plain text."""
    if t.word(group) == t(f"group.{group}.name"):
        return t(f"group.{group}.heads", count=count)
    return t("community.heads", group=group, count=count)


def group_mark(group: Group) -> str:
    """A group's sign in its colour, as Markdown."""
    return f":{GROUP_COLOURS[group]}[{GROUP_SIGNS[group]}]"
