"""People who may stand on a list twice, found through what they share and never pair by pair.

Each person is filed under a few keys (e-mail, phone, parts of the name; see ``blocking``); only
people under one key are compared. Nothing is merged here: a score and its reasons go to a person
who decides.

What is lost, knowingly: the same person in two scripts and without a shared e-mail or phone; two
slips in one short word; slips in both words that leave neither the first nor the last three
letters of each alone; nicknames; a changed surname; a single word against a full name. Under a key
with more than ``blocking.MAX_BLOCK`` people (a very common name) each is compared only with the
``blocking.WINDOW`` next ones in the order of the names, read forwards and backwards, so that the
work grows with the list and not with its square; pairs there that sort far apart are found only
through another key.
"""

import dataclasses
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from convening.blocking import Ints, Lexicon, Names, distinct, name_pairs, shared_pairs, unpack
from convening.problems import Problem
from convening.text import fold

#: An address or number that more people share belongs to an office, not to a person.
SHARED_BY = 4

#: The score, 0 to 100. Equal names alone reach 75: namesakes are common, so they stay in doubt.
NAME_WEIGHT = 0.75
SAME_EMAIL, SAME_PHONE, SAME_ORGANISATION, SAME_PLACE = 20.0, 20.0, 10.0, 5.0
#: The same personal e-mail or phone under two different names is worth a look in any case.
CONTACT_ALONE = 60.0
#: Below it a pair is not worth a person's time: a name alone must be 80 % the same.
MIN_SCORE = 60.0
SIMILAR_NAME = 80.0

#: Letters from which a word may have one slip, and two.
_SHORT_WORD, _LONG_WORD = 3, 7
#: Words with the same bones, of three letters or more, are nearly the same.
_SAME_BONES = 0.95
#: Off for each word that only one of two names has: a middle name left out is a usual thing.
_MISSING_WORD = 5.0
_PHONE_DIGITS = 9
_CONTACTS = 2
_EMAIL = re.compile(r"[^\s,;<>]+@[^\s,;<>]+")
_PHONE = re.compile(r"\d[\d ()./-]{5,}\d")
_NO_DIGIT = re.compile(r"\D+")
#: Pairs that are compared at once; bounds the memory.
_CHUNK = 100_000

Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Person:
    """What is compared; ``id`` is the caller's own and unique in the list it stands in."""

    id: str
    name: str
    email: str = ""
    phone: str = ""
    organisation: str = ""
    place: str = ""


@dataclasses.dataclass(frozen=True)
class Match:
    """Two people who may be one.

    ``known`` tells that ``second`` is one of ``against``; otherwise both are of the new list, in
    its order. ``score`` goes to 100. ``reasons`` are codes: same_name, name_within, similar_name
    (``share``, percent), same_email, same_phone, same_organisation, same_place.
    """

    first: str
    second: str
    score: float
    reasons: tuple[Problem, ...]
    known: bool = False


def find(people: Sequence[Person], against: Iterable[Person] = ()) -> list[Match]:
    """Likely duplicates within ``people`` and between them and ``against``, best score first.

    Pairs within ``against`` are not looked for. Equal scores follow the order of the lists, and
    the same lists give the same matches.
    """
    everybody = [*people, *against]
    if not everybody:
        return []
    roll = _Roll(everybody)
    pairs = roll.pairs(len(people))
    scored = [
        roll.score(*unpack(pairs[at : at + _CHUNK], len(everybody)))
        for at in range(0, len(pairs), _CHUNK)
    ]
    matches = [match for chunk in scored for match in roll.matches(chunk, len(people))]
    return sorted(matches, key=lambda match: -match.score)


@dataclasses.dataclass(frozen=True)
class _Scored:
    """Pairs that reach MIN_SCORE, one entry each; ``exact``: all words of the shorter name."""

    first: Ints
    second: Ints
    score: Floats
    name: Floats
    exact: NDArray[np.bool_]
    same: tuple[NDArray[np.bool_], ...]


_SAME = ("same_email", "same_phone", "same_organisation", "same_place")
_POINTS = (SAME_EMAIL, SAME_PHONE, SAME_ORGANISATION, SAME_PLACE)


class _Roll:
    """Everybody in both lists, the new ones first, each text a number."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.people = people
        self.names = Names([person.name for person in people])
        self.emails = _numbered([_emails(person.email) for person in people])
        self.phones = _numbered([_phones(person.phone) for person in people])
        self.organisations = _folded([person.organisation for person in people])
        self.places = _folded([person.place for person in people])

    def pairs(self, new: int) -> Ints:
        """Whom to compare, packed: those who share a key of the name, an e-mail or a phone."""
        contacts = [shared_pairs(numbers, SHARED_BY, new) for numbers in (self.emails, self.phones)]
        return distinct(np.concatenate([name_pairs(self.names, new), *contacts]))

    def score(self, first: Ints, second: Ints) -> _Scored:
        name, exact = _name_similarity(self.names, first, second)
        same = (
            _overlap(self.emails[first], self.emails[second]),
            _overlap(self.phones[first], self.phones[second]),
            _overlap(self.organisations[first], self.organisations[second]),
            _overlap(self.places[first], self.places[second]),
        )
        score = NAME_WEIGHT * name + sum(
            points * equal for points, equal in zip(_POINTS, same, strict=True)
        )
        score[same[0] | same[1]] = np.maximum(score[same[0] | same[1]], CONTACT_ALONE)
        kept = score >= MIN_SCORE
        return _Scored(
            first[kept],
            second[kept],
            np.minimum(score[kept], 100.0).round(1),
            name[kept],
            exact[kept],
            tuple(equal[kept] for equal in same),
        )

    def matches(self, scored: _Scored, new: int) -> list[Match]:
        longer = self.names.counts[scored.first] != self.names.counts[scored.second]
        columns = (scored.name.round().astype(int), scored.exact, longer, *scored.same)
        reasons = map(_reasons, *(column.tolist() for column in columns))
        ends = zip(scored.first.tolist(), scored.second.tolist(), strict=True)
        return [
            Match(self.people[one].id, self.people[other].id, score, why, other >= new)
            for (one, other), score, why in zip(ends, scored.score.tolist(), reasons, strict=True)
        ]


def _emails(written: str) -> list[str]:
    return _EMAIL.findall(written.casefold()) if "@" in written else []


def _phones(written: str) -> list[str]:
    """The last nine digits: the country code or the leading zero before them may be missing."""
    if not written:
        return []
    numbers = _PHONE.findall(written if written.isascii() else fold(written))
    return [_NO_DIGIT.sub("", number)[-_PHONE_DIGITS:] for number in numbers]


def _numbered(texts: Sequence[list[str]]) -> Ints:
    """people × _CONTACTS: the first few texts of each as numbers, then 0."""
    lexicon = Lexicon()
    numbers = np.zeros((len(texts), _CONTACTS), dtype=np.int64)
    for index, found in enumerate(texts):
        for column, text in enumerate(found[:_CONTACTS]):
            numbers[index, column] = lexicon.number(text)
    return numbers


def _folded(texts: Sequence[str]) -> Ints:
    lexicon, forms = Lexicon(), {text: fold(text) for text in set(texts)}
    return np.array([[lexicon.number(forms[text])] for text in texts], dtype=np.int64)


def _overlap(one: Ints, other: Ints) -> NDArray[np.bool_]:
    """Whether two rows of numbers have one in common."""
    equal = (one[:, :, None] == other[:, None, :]) & (one[:, :, None] != 0)
    found: NDArray[np.bool_] = equal.any(axis=(1, 2))
    return found


@lru_cache(maxsize=4096)
def _reasons(share: int, exact: bool, longer: bool, *same: bool) -> tuple[Problem, ...]:
    """In the order of weight: the name, then what else is the same."""
    others = [Problem(code) for code, equal in zip(_SAME, same, strict=True) if equal]
    if exact:
        return (Problem("name_within" if longer else "same_name"), *others)
    if share >= SIMILAR_NAME:
        return (Problem("similar_name", {"share": share}), *others)
    return tuple(others)


def _name_similarity(names: Names, first: Ints, second: Ints) -> tuple[Floats, NDArray[np.bool_]]:
    """For each pair 0 to 100, and whether every word of the shorter name stands in the longer.

    The mean over the words of the shorter name, each with its best partner, weighted by letters. A
    word without a partner that could be a spelling of it makes the names different. A single word
    says too little about a longer name.
    """
    turned = names.counts[first] > names.counts[second]
    short, long = np.where(turned, second, first), np.where(turned, first, second)
    name, exact = np.zeros(len(first)), np.zeros(len(first), dtype=bool)
    shapes = names.counts[short] * 10 + names.counts[long]
    for shape in distinct(shapes).tolist():
        few, many = divmod(shape, 10)
        if few == 0 or few == 1 < many:
            continue
        at = np.flatnonzero(shapes == shape)
        left, right = names.words[short[at], :few], names.words[long[at], :many]
        mean, lowest = _best_partners(_word_similarities(names, left, right), names.letters[left])
        name[at] = np.where(lowest > 0, 100 * mean - _MISSING_WORD * (many - few), 0.0)
        exact[at] = lowest == 1.0
    return name, exact


def _word_similarities(names: Names, left: Ints, right: Ints) -> Floats:
    """pairs × words of one × words of the other: 1 for the same word, 0 for another one.

    Between them the Jaro-Winkler similarity of two spellings: one slip apart (a letter changed,
    left out, added or swapped with the next), two in long words, or with the same bones.
    """
    one, other = np.broadcast_arrays(left[:, :, None], right[:, None, :])
    similarity = np.ones(one.shape)
    different = one != other
    size = len(names.lexicon.texts)
    compared, back = np.unique(one[different] * size + other[different], return_inverse=True)
    texts = np.array(names.lexicon.texts, dtype=object)
    x, y = np.divmod(compared, size)
    slips = process.cpdist(texts[x], texts[y], scorer=OSA.distance, score_cutoff=2)
    shorter = np.minimum(names.letters[x], names.letters[y])
    longer = np.maximum(names.letters[x], names.letters[y])
    alike = names.bones[x] == names.bones[y]
    nearly = alike & (names.bone_letters[x] > 2)
    allowed = 0 + (longer >= _SHORT_WORD) + (alike | (shorter >= _LONG_WORD))
    at = np.flatnonzero((slips <= allowed) | nearly)
    near = process.cpdist(texts[x[at]], texts[y[at]], scorer=JaroWinkler.similarity)
    found = np.zeros(len(compared))
    found[at] = np.maximum(near, 1 - slips[at] / longer[at])
    found[nearly] = np.maximum(found[nearly], _SAME_BONES)
    similarity[different] = found[back]
    return similarity


def _best_partners(similarity: Floats, letters: Ints) -> tuple[Floats, Floats]:
    """The weighted mean and the lowest of the best one-to-one partners, the closest pair first."""
    left = similarity.copy()
    pairs, few, many = left.shape
    rows = np.arange(pairs)
    total, lowest = np.zeros(pairs), np.ones(pairs)
    for _ in range(few):
        best = left.reshape(pairs, -1).argmax(axis=1)
        i, j = np.divmod(best, many)
        value = left[rows, i, j]
        total += value * letters[rows, i]
        lowest = np.minimum(lowest, value)
        left[rows, i, :] = left[rows, :, j] = -1.0
    return total / letters.sum(axis=1), lowest
