"""Which people of a list are worth comparing: those who share a key, found by sorting.

A list of 20,000 people has 200 million pairs; under the keys here a few hundred thousand remain.
All arrays hold positions in the list or small numbers that stand for texts.
"""

from collections.abc import Sequence
from itertools import chain, combinations

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
        self.bare_bones = [names.bones(word) for word in self.lexicon.texts]
        self.bones = _numbers(self.bare_bones)
        self.bone_letters = np.array([len(bare) for bare in self.bare_bones])

    def keys(self) -> tuple[Ints, Ints]:
        """Keys and the person under each; every person stands under several.

        Whatever their order in a name, two words meet in the same key. A single slip anywhere in
        the first or last word is survived by what both spellings are without one letter, beside
        the bones of the other word; several slips after the third letters, by those letters of
        both words. In a name of three words or more the bones of any two are enough, and a slip in
        the middle is survived beside the bones of the ends.
        """
        several = np.flatnonzero(self.counts > 1)
        first, last = self.words[several, 0], self.words[several, self.counts[several] - 1]
        heads = _numbers([names.bare(word)[:3] for word in self.lexicon.texts])
        tails = _numbers([word[-3:] for word in self.lexicon.texts])
        ends = _unordered(self.bones[first], self.bones[last])
        found = [
            (_HEADS, several, *_unordered(heads[first], heads[last])),
            (_TAILS, several, *_unordered(tails[first], tails[last])),
            (_HEAD_AND_TAIL, several, heads[first], tails[last]),
            (_HEAD_AND_TAIL, several, heads[last], tails[first]),
            (_SLIP, several, self.bones[last], first),
            (_SLIP, several, self.bones[first], last),
        ]
        both = np.zeros(len(self.counts), dtype=np.int64)
        both[several] = np.unique(pack(*ends, len(self.lexicon.texts)), return_inverse=True)[1]
        for i, j in combinations(range(MAX_WORDS), 2):
            people = np.flatnonzero(self.counts > j)
            pair = (self.bones[self.words[people, i]], self.bones[self.words[people, j]])
            found.append((_BONES, people, *_unordered(*pair)))
        for i in range(1, MAX_WORDS - 1):
            people = np.flatnonzero(self.counts > i + 1)
            found.append((_MIDDLE, people, both[people], self.words[people, i]))
        alone = np.flatnonzero(self.counts == 1)
        found.append((_ALONE, alone, 0 * alone, self.words[alone, 0]))
        return self._filed(found)

    def _filed(self, found: Sequence[tuple[int, Ints, Ints, Ints]]) -> tuple[Ints, Ints]:
        """One number for each (kind, text, text); where a word may have a slip, one for each."""
        variants, starts, sizes = _slips(self.lexicon.texts)
        size = max(len(self.counts), int(variants.max(initial=0)), len(sizes)) + 1
        keys, people = [], []
        for kind, persons, one, other in found:
            if kind in _WITH_SLIPS:
                times = sizes[other]
                at = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
                other = variants[np.repeat(starts[other], times) + at]
                persons, one = np.repeat(persons, times), np.repeat(one, times)
            keys.append((kind * size + one) * size + other)
            people.append(persons)
        return np.concatenate(keys), np.concatenate(people)

    def orders(self) -> list[Ints]:
        """For each person their place when names are sorted by their bones, read both ways."""
        bones = self.bare_bones
        written = [" ".join(sorted(bones[w] for w in row if w)) for row in self.words.tolist()]
        return [_places(written), _places([text[::-1] for text in written])]


#: The kinds of keys: what two names have in common.
_HEADS, _TAILS, _HEAD_AND_TAIL, _BONES, _SLIP, _MIDDLE, _ALONE = range(7)
_WITH_SLIPS = frozenset({_SLIP, _MIDDLE, _ALONE})


def _numbers(texts: Sequence[str]) -> Ints:
    lexicon = Lexicon()
    return np.array([lexicon.number(text) for text in texts], dtype=np.int64)


def _slips(words: Sequence[str]) -> tuple[Ints, Ints, Ints]:
    """The numbers of every word's slips in one row, where each word's begin, and how many."""
    lexicon = Lexicon()
    found = [[lexicon.number(slip) for slip in names.slips(word)] for word in words]
    sizes = np.array([len(numbers) for numbers in found], dtype=np.int64)
    return np.array(list(chain.from_iterable(found))), np.cumsum(sizes) - sizes, sizes


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
    fresh = np.ones(len(ordered), dtype=bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    return ordered[fresh]


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
