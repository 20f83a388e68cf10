"""Which passwords are taken, and that a hash gives back nothing but yes or no."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convening import passwords
from convening.problems import Problem

GOOD = "violet kettle seven roads"


@pytest.fixture(autouse=True)
def _quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)


def codes(password: str, email: str = "alice@example.org", name: str = "Alice Haddad") -> list[str]:
    return [problem.code for problem in passwords.problems(password, email, name)]


@pytest.mark.parametrize(
    "password",
    [GOOD, "نخلة تحت القمر الأزرق", "Tr7!kb-2Qzw#", "twelve chars", "ب" * 3 + "تثجحخدذرزس" + "٣٤"],
)
def test_long_and_unlikely_passwords_are_taken(password: str) -> None:
    assert codes(password) == []


def test_a_short_one_says_how_long_it_must_be() -> None:
    assert passwords.problems("elevenchars") == [
        Problem("password_too_short", {"min": 12}, "password")
    ]


def test_twelve_to_a_hundred_and_twenty_eight_characters_are_taken() -> None:
    text = "".join(chr(0x0621 + n % 26) for n in range(129))
    assert codes(text[:12]) == []
    assert codes(text[:128]) == []
    assert passwords.problems(text) == [Problem("password_too_long", {"max": 128}, "password")]


def test_characters_are_counted_after_unicode_has_made_them_one() -> None:
    """A letter with its mark beside it, and the one letter that holds both, count alike."""
    assert codes("e\u0301" * 11) == ["password_too_short"]
    assert codes(" " * 12) == ["password_too_short"]


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Passw0rd!2024",
        "P@ssw0rd2026!",
        "123456789012",
        "098765432109",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "qwertyuiop12",
        "asdfghjklqwerty",
        "1234qwerasdf",
        "letmein12345!",
        "iloveyou2026!!",
        "HalqaHalqa2026",
        "correct horse",
        "كلمةالسر2026!",
        "7382910555271",
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    assert codes(password) == ["password_common"]


@pytest.mark.parametrize(
    "password",
    ["alice@example.org", "Alice.Haddad1", "aliceexample.org", "HADDAD-alice-99", "alice1234567"],
)
def test_the_own_name_and_address_are_refused(password: str) -> None:
    assert codes(password) == ["password_like_account"]


def test_a_name_inside_a_longer_password_does_no_harm() -> None:
    assert codes("alice rows at midnight") == []


def test_a_hash_knows_its_password_and_no_other() -> None:
    hashed = passwords.hash(GOOD)
    assert passwords.check(GOOD, hashed)
    assert not passwords.check(GOOD + "x", hashed)
    assert hashed != passwords.hash(GOOD)
    assert GOOD not in hashed


def test_all_of_a_long_password_counts() -> None:
    """Bcrypt alone would stop at 72 bytes, which are 36 Arabic letters."""
    text = "ن" * 100
    assert not passwords.check(text[:-1] + "م", passwords.hash(text))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("ｖiolet kettle seven", "violet kettle seven"), ("cafe\u0301 " * 3, "café " * 3)],
)
def test_what_looks_the_same_opens_the_same(typed: str, kept: str) -> None:
    assert passwords.check(typed, passwords.hash(kept))


@given(st.text(max_size=200))
@settings(max_examples=30, deadline=None)
def test_any_text_can_be_hashed_and_checked(password: str) -> None:
    assert passwords.check(password, passwords.hash(password))


@given(st.text(alphabet=string.printable, max_size=140))
@settings(max_examples=200, deadline=None)
def test_any_text_gets_an_answer(password: str) -> None:
    assert len(passwords.problems(password, "alice@example.org", "Alice")) <= 1


@pytest.mark.parametrize("hashed", ["", "!", "$2b$12$tooshort", "plain text"])
def test_text_that_is_no_hash_opens_nothing(hashed: str) -> None:
    assert not passwords.check(GOOD, hashed)


def test_the_dummy_hash_costs_what_a_new_one_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert passwords.hash(GOOD)[:7] == passwords.DUMMY_HASH[:7]
    assert not passwords.check("", passwords.DUMMY_HASH)
