"""The words of the pages that participants open without an account.

They speak more languages than the application, and another one is another file of this folder,
named by its code: ``language.name`` is what the language calls itself, ``language.direction`` is
ltr or rtl. No text has plural forms, so that a file needs nothing but words.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from convening.i18n import Message, Wording, flattened
from convening.vocabulary import Group

DEFAULT = "en"


@cache
def languages() -> tuple[str, ...]:
    """The codes of the languages that have a file."""
    names = (each.name for each in files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def texts(language: str) -> Mapping[str, Message]:
    """Every text of a language by its dotted key."""
    return flattened(files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))


class Translator(Wording):
    """The words for participants in one of their languages."""

    def __init__(self, language: str, group_names: Mapping[Group, str] | None = None) -> None:
        found = texts(language)
        rtl = found["language.direction"] == "rtl"
        super().__init__(language, found, group_names, rtl=rtl)

    @property
    def name(self) -> str:
        """What the language calls itself."""
        return self("language.name")

    def with_groups(self, group_names: Mapping[Group, str]) -> "Translator":
        """The same language with a team's own names for the groups."""
        return Translator(self.language, group_names)

    def others(self) -> list["Translator"]:
        """The other languages that the page can be read in."""
        return [Translator(each) for each in languages() if each != self.language]


def language_for(chosen: Iterable[str], accepted: str) -> str:
    """The first of ours that was chosen, or else that an Accept-Language header asks for.

    Languages are asked for in the order of their quality (RFC 9110, 12.5.4); English when none
    of them is ours.
    """
    for each in chosen:
        if each in languages():
            return each
    asked: list[tuple[float, str]] = []
    for part in accepted.split(","):
        tag, _, weight = part.partition(";")
        asked.append((_quality(weight), tag.strip().split("-")[0].lower()))
    wanted = sorted(asked, key=lambda found: -found[0])
    return next((tag for q, tag in wanted if q > 0 and tag in languages()), DEFAULT)


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
