"""Finding people's names in what others wrote, and taking them out.

A name is found where all its words follow each other, in whatever spelling search takes for the
same (see ``convening.text.fold``). Arabic words that are one with the word before them ("and",
"for") are seen through.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from convening.text import fold

GAP = "[…]"  # what stands where a name stood, in every language
EXCERPT = 60  # characters shown on each side of a name
_WORTH_A_LOOK = 50  # names; with more of them the quick look is the longer one
_SHORTEST_CONTACT = 6  # characters; a shorter number occurs by chance
_ATTACHED = re.compile(r"^(?:[وفبلك]|ال|وال|بال|لل|فال|كال|ول|وب|ف?ل)(?=\w{2})")


@dataclass(frozen=True)
class Mention:
    """A text of others that names somebody: where it stands, and a piece of it.

    ``table`` and ``field`` say which text it is, ``title`` what the thing is called.
    """

    table: str
    row_id: int
    field: str
    title: str
    excerpt: str


class Names:
    """The names and the contacts of people who are to be found."""

    def __init__(self, names: Iterable[str] = (), contacts: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        self._contacts: set[str] = set()
        for name in names:
            self.add_name(name)
        for contact in contacts:
            self.add_contact(contact)

    def copy(self) -> "Names":
        """The same names, to which others can be added."""
        other = Names()
        other._by_first = {first: list(names) for first, names in self._by_first.items()}
        other._contacts = set(self._contacts)
        return other

    def add_name(self, name: str) -> None:
        words = tuple(word for _, _, word in _words(name))
        known = self._by_first.setdefault(words[0], []) if words else []
        if words and words not in known:
            known.append(words)

    def add_contact(self, contact: str) -> None:
        """An e-mail address or a telephone number, found as it is written."""
        if len(contact.strip()) >= _SHORTEST_CONTACT:
            self._contacts.add(contact.strip().casefold())

    def is_contact(self, text: str) -> bool:
        return text.strip().casefold() in self._contacts

    def is_name(self, text: str) -> bool:
        """Whether the text is one of the names and nothing else."""
        words = tuple(word for _, _, word in _words(text))
        return bool(words) and words in self._by_first.get(words[0], ())

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where names and contacts stand, as positions of first and behind last character."""
        found = [*self._spans_of_names(text), *self._spans_of_contacts(text)]
        merged: list[tuple[int, int]] = []
        for start, end in sorted(found):
            if merged and start <= merged[-1][1]:
                merged[-1] = merged[-1][0], max(end, merged[-1][1])
            else:
                merged.append((start, end))
        return merged

    def without(self, text: str) -> str:
        """The text with a gap in the place of each name."""
        for start, end in reversed(self.spans(text)):
            text = text[:start] + GAP + text[end:]
        return text

    def without_in(self, value: Any) -> Any:
        """The same for every text in lists and dicts."""
        if isinstance(value, str):
            return self.without(value)
        if isinstance(value, list):
            return [self.without_in(each) for each in value]
        if isinstance(value, dict):
            return {self.without(name): self.without_in(each) for name, each in value.items()}
        return value

    def excerpt(self, text: str) -> str:
        """The first name that the text holds with what stands around it, empty without any."""
        spans = self.spans(text)
        if not spans:
            return ""
        start, end = max(0, spans[0][0] - EXCERPT), spans[0][1] + EXCERPT
        before, after = "…" if start else "", "…" if end < len(text) else ""
        return f"{before}{' '.join(text[start:end].split())}{after}"

    def _spans_of_names(self, text: str) -> Iterator[tuple[int, int]]:
        if not text or not self._may_occur(text):
            return
        words = list(_words(text))
        for at, (start, _, word) in enumerate(words):
            for first in {word, _ATTACHED.sub("", word, count=1)}:
                for name in self._by_first.get(first, ()):
                    last = at + len(name) - 1
                    rest = tuple(each for _, _, each in words[at + 1 : last + 1])
                    if rest == name[1:]:
                        yield start, words[last][1]

    def _may_occur(self, text: str) -> bool:
        """A quick look, which spares the long one in nearly every text."""
        if len(self._by_first) > _WORTH_A_LOOK:
            return True
        folded = fold(text)
        return any(first in folded for first in self._by_first)

    def _spans_of_contacts(self, text: str) -> Iterator[tuple[int, int]]:
        folded = text.casefold() if self._contacts else ""
        if len(folded) != len(text):
            folded = text.lower() if len(text.lower()) == len(text) else text
        for contact in self._contacts:
            at = folded.find(contact)
            while at >= 0:
                yield at, at + len(contact)
                at = folded.find(contact, at + 1)


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    """The words of a text with their positions, folded; marks belong to the letter before them."""
    start: int | None = None
    for at, character in enumerate(f"{text} "):
        if character.isalnum() or unicodedata.category(character)[0] == "M":
            start = at if start is None else start
        elif start is not None:
            word = fold(text[start:at])
            if word:
                yield start, at, word
            start = None
