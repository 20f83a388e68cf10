"""Which people of a list are worth comparing: those who share a key, found by sorting.

A list of 20,000 people has 200 million pairs; under the keys here a few hundred thousand remain.
All arrays hold positions in the list or small numbers that stand for texts.
"""

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from convening import names

Ints = NDArray[np.int64]

#: People under one key who are all compared with one another.
MAX_BLOCK = 60
#: How many neighbours, in each of two orders, a person has under a key with more people.
WINDOW = 10
#: Words of a longer name that are looked at: the first three and the last two.
MAX_WORDS = 5


class Lexicon:
    """Numbers for texts, from 1 in the order in which they come; 0 is no text."""

    def __init__(self) -> None:
        self.texts = [""]
        self._numbers = {"": 0}

    def number(self, text: str) -> int:
        found = self._numbers.get(text)
        if found is None:
            found = self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return found


class Names:
    """The names of a list of people as numbers.

    ``words``: people × MAX_WORDS, filled from the left with numbers of ``lexicon``, then 0;
    ``counts``: how many; ``bones``: for each word's number, that of its bones; ``letters`` and
    ``bone_letters``: the lengths of each word and of its bones.
    """

    def __init__(self, written: Sequence[str]) -> None:
        self.lexicon = Lexicon()
        number = self.lexicon.number
        found = [[number(word) for word in names.words(name)] for name in written]
        rows = [row if len(row) <= MAX_WORDS else row[:3] + row[-2:] for row in found]
        self.words = np.array([row + [0] * (MAX_WORDS - len(row)) for row in rows], dtype=np.int64)
        self.words = self.words.reshape(-1, MAX_WORDS)
        self.counts = np.array([len(row) for row in rows], dtype=np.int64)
        self.letters = np.array([len(word) for word in self.lexicon.texts])
        self.bare = [names.bones(word) for word in self.lexicon.texts]
        self.bones = self._of_words(lambda word: self.bare[number(word)])
        self.bone_letters = np.array([len(bare) for bare in self.bare])

    def _of_words(self, part: Callable[[str], str]) -> Ints:
        """For each word's number the number of a part of it."""
        parts = Lexicon()
        return np.array([parts.number(part(word)) for word in self.lexicon.texts], dtype=np.int64)

    def keys(self) -> tuple[Ints, Ints]:
        """Keys and the person under each, one of them several times for every person.

        Whatever their order in a name, two words meet in the same key. Three letters of the first
        and the last word survive a slip later in both; the bones of one of them with the first
        letter or the last two of the other survive any single slip in that other one. Of a name of
        three words or more, the bones of any two are enough.
        """
        first_letter, last_two = self._of_words(lambda w: w[:1]), self._of_words(lambda w: w[-2:])
        prefix = self._of_words(lambda word: word[:3])
        people = np.flatnonzero(self.counts > 1)
        first, last = self.words[people, 0], self.words[people, self.counts[people] - 1]
        found = [(people, *_unordered(prefix[first], prefix[last]))]
        for whole, other in ((first, last), (last, first)):
            found.append((people, self.bones[whole], first_letter[other]))
            found.append((people, self.bones[whole], last_two[other]))
        for i, j in combinations(range(MAX_WORDS), 2):
            people = np.flatnonzero(self.counts > j)
            pair = (self.bones[self.words[people, i]], self.bones[self.words[people, j]])
            found.append((people, *_unordered(*pair)))
        alone = np.flatnonzero(self.counts == 1)
        found.append((alone, self.bones[self.words[alone, 0]], 0 * alone))
        found.append((alone, prefix[self.words[alone, 0]], 0 * alone))
        # both orders of the first and last word file under one kind of key, so that swapped names
        # meet; so do the bones of any two words
        kinds = [0, 1, 2, 1, 2, *[3] * (len(found) - 7), 4, 5]
        size = len(self.lexicon.texts) + 1
        keys = [(kind * size + x) * size + y for kind, (_, x, y) in zip(kinds, found, strict=True)]
        return np.concatenate(keys), np.concatenate([people for people, _, _ in found])

    def orders(self) -> list[Ints]:
        """For each person their place when names are sorted by their bones, read both ways."""
        written = [" ".join(sorted(self.bare[w] for w in row if w)) for row in self.words.tolist()]
        return [_places(written), _places([text[::-1] for text in written])]


def _unordered(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    return np.minimum(one, other), np.maximum(one, other)


def _places(texts: Sequence[str]) -> Ints:
    places = np.empty(len(texts), dtype=np.int64)
    places[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
    return places


def name_pairs(people: Names, new: int) -> Ints:
    """Pairs of people who share a key of their names, with somebody of the first ``new``.

    Returns pairs as ``pack`` makes them, each once, ascending.
    """
    total = len(people.counts)
    keys, persons = people.keys()
    _, block, sizes = np.unique(keys, return_inverse=True, return_counts=True)
    large = sizes[block] > MAX_BLOCK
    order = np.argsort(block[~large], kind="stable")
    found = [_near(block[~large][order], persons[~large][order], MAX_BLOCK, total, new)]
    if large.any():
        for places in people.orders():
            order = np.lexsort((places[persons[large]], block[large]))
            found.append(_near(block[large][order], persons[large][order], WINDOW, total, new))
    return distinct(np.concatenate(found))


def shared_pairs(numbers: Ints, shared_by: int, new: int) -> Ints:
    """Pairs who have one of their ``numbers`` (people × columns, 0 is none) in common.

    A number that more than ``shared_by`` people have brings nobody together.
    """
    persons, _ = np.nonzero(numbers)
    values = numbers[numbers != 0]
    _, block, sizes = np.unique(values, return_inverse=True, return_counts=True)
    rare = sizes[block] <= shared_by
    order = np.argsort(block[rare], kind="stable")
    return distinct(_near(block[rare][order], persons[rare][order], shared_by, len(numbers), new))


def distinct(values: Ints) -> Ints:
    """Each value once, ascending. Sorting is several times as fast here as np.unique's hashing."""
    ordered = np.sort(values)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)]]


def pack(first: Ints, second: Ints, people: int) -> Ints:
    """A pair of positions as one number, the smaller position first."""
    return np.minimum(first, second) * people + np.maximum(first, second)


def unpack(pairs: Ints, people: int) -> tuple[Ints, Ints]:
    first, second = np.divmod(pairs, max(1, people))
    return first, second


def _near(block: Ints, persons: Ints, reach: int, people: int, new: int) -> Ints:
    """Pairs at most ``reach`` places apart in one block; both arrays are sorted by block."""
    found = [np.empty(0, dtype=np.int64)]
    places = np.arange(len(block))
    for step in range(1, reach + 1):
        places = places[places + step < len(block)]
        places = places[block[places] == block[places + step]]
        if not len(places):
            break
        first, second = persons[places], persons[places + step]
        kept = (np.minimum(first, second) < new) & (first != second)
        found.append(pack(first[kept], second[kept], people))
    return np.concatenate(found)
