"""The languages of participants: every file says the same, and another one needs nothing else."""

import re
from pathlib import Path

import pytest

import pages.plain.page
from convening.i18n import participants
from convening.i18n.participants import Translator, language_for, languages, texts
from convening.vocabulary import (
    Choice,
    DefinitionField,
    DissentState,
    Group,
    Outcome,
    Strength,
)

PLACEHOLDER = re.compile(r"{(\w+)}")
TEMPLATES = ("receipt", "receipt_code", "became", "said")


def test_the_four_languages_are_there() -> None:
    assert languages() == ("ar", "en", "es", "fr")


@pytest.mark.parametrize("language", languages())
def test_a_language_has_the_keys_of_english(language: str) -> None:
    assert sorted(set(texts("en")) ^ set(texts(language))) == []


@pytest.mark.parametrize("language", languages())
def test_a_language_has_the_placeholders_of_english(language: str) -> None:
    english, other = texts("en"), texts(language)
    differ = [
        key
        for key in english
        if set(PLACEHOLDER.findall(str(english[key]))) != set(PLACEHOLDER.findall(str(other[key])))
    ]
    assert differ == []


@pytest.mark.parametrize("language", languages())
def test_no_text_is_empty_plural_or_in_other_digits(language: str) -> None:
    wrong = [
        key
        for key, text in texts(language).items()
        if not isinstance(text, str) or not text or re.search(r"[٠-٩۰-۹]", text)
    ]
    assert wrong == []


def test_arabic_texts_are_arabic() -> None:
    wrong = [
        key
        for key, text in texts("ar").items()
        if re.search(r"[A-Za-z]{4}", PLACEHOLDER.sub("", str(text)))
        and not re.search(r"[\u0600-\u06ff]", str(text))
        and key != "language.direction"
    ]
    assert wrong == []


@pytest.mark.parametrize("language", languages())
def test_what_participants_meet_has_a_word(language: str) -> None:
    t = Translator(language)
    for enumeration in (Group, Strength, Outcome, Choice, DefinitionField):
        assert all(t.word(member) for member in enumeration)
    for state in DissentState:
        assert t(f"receipt_state.{state}", reason="x")
        assert t(f"became_state.{state}")


def test_arabic_is_read_from_right_to_left() -> None:
    assert [Translator(each).rtl for each in ("ar", "en", "es", "fr")] == [
        True,
        False,
        False,
        False,
    ]
    assert [each.name for each in Translator("fr").others()] == ["العربية", "English", "Español"]


def test_a_team_own_name_of_a_group_stands_in_every_language() -> None:
    t = Translator("es").with_groups({Group.STEWARD: "vecinas"})
    assert (t.word(Group.STEWARD), t.word(Group.GATEWAY)) == ("vecinas", "puentes de la comunidad")


@pytest.mark.parametrize(
    ("chosen", "accepted", "found"),
    [
        (["fr"], "ar", "fr"),
        (["xx", "es"], "ar", "es"),
        ([], "fr-CA,fr;q=0.9,en;q=0.5", "fr"),
        ([], "de, en;q=0.3, ar;q=0.8", "ar"),
        ([], "ar;q=0, es;q=0.1", "es"),
        ([], "de", "en"),
        ([], "", "en"),
        (["../en", ""], ";;q=,;q=x", "en"),
    ],
)
def test_the_language_is_the_chosen_one_or_the_one_asked_for(
    chosen: list[str], accepted: str, found: str
) -> None:
    assert language_for(chosen, accepted) == found


def test_another_language_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Path(participants.__file__).with_name("en.toml").read_text(encoding="utf-8")
    somali = source.replace('name = "English"', 'name = "Soomaali"', 1)
    (tmp_path / "so.toml").write_text(somali, encoding="utf-8")
    monkeypatch.setattr(participants, "files", lambda _package: tmp_path)
    languages.cache_clear()
    texts.cache_clear()
    try:
        assert languages() == ("so",)
        assert Translator("so").name == "Soomaali"
    finally:
        languages.cache_clear()
        texts.cache_clear()


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_text_of_the_templates_is_there(name: str) -> None:
    source = (pages.plain.page.TEMPLATES / f"{name}.html").read_text(encoding="utf-8")
    keys = set(re.findall(r't\("([a-z_]+\.[a-z_]+)"', source))
    assert keys
    assert keys - set(texts("en")) == set()
