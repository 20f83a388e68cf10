"""Both languages say the same: the same keys, placeholders and the plural forms of each."""

import ast
import re
import tomllib
from enum import StrEnum
from pathlib import Path

import pytest

import convening.i18n
from convening import vocabulary
from convening.i18n import (
    PLURAL_FORMS,
    Message,
    Translator,
    messages,
    participants,
    plural_form,
)
from convening.vocabulary import Group, Language

ROOT = Path(__file__).parents[1]
PLACEHOLDER = re.compile(r"{(\w+)}")
# Streamlit calls whose first argument is shown to a person as it stands
SHOWN = re.compile(
    r"^(title|header|subheader|text|caption|markdown|write|info|warning|error|success|toast|button"
    r"|form_submit_button|download_button|text_input|text_area|number_input|selectbox|multiselect"
    r"|checkbox|toggle|radio|pills|segmented_control|slider|date_input|time_input|file_uploader"
    r"|expander|popover|tabs|metric|dialog|progress|spinner|status|page_link|link_button)$"
)
# Words that a key is built from at run time, by the enumeration that names them
ENUMERATIONS = [
    value
    for value in vars(vocabulary).values()
    if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
]


def placeholders(message: Message) -> set[str]:
    texts = message.values() if isinstance(message, dict) else [message]
    return {name for text in texts for name in PLACEHOLDER.findall(text)}


def test_both_languages_have_the_same_keys() -> None:
    english, arabic = messages(Language.ENGLISH), messages(Language.ARABIC)
    assert sorted(set(english) ^ set(arabic)) == []


def test_placeholders_agree() -> None:
    english, arabic = messages(Language.ENGLISH), messages(Language.ARABIC)
    differ = [
        key
        for key in english
        if placeholders(english[key]) | {"count"} != placeholders(arabic[key]) | {"count"}
    ]
    assert differ == []


@pytest.mark.parametrize("language", list(Language))
def test_plural_texts_have_every_form_of_their_language(language: Language) -> None:
    wrong = {
        key: sorted(message)
        for key, message in messages(language).items()
        if isinstance(message, dict) and set(message) != set(PLURAL_FORMS[language])
    }
    assert wrong == {}


def test_plural_texts_are_plural_in_both_languages() -> None:
    english, arabic = messages(Language.ENGLISH), messages(Language.ARABIC)
    assert [k for k in english if isinstance(english[k], dict) != isinstance(arabic[k], dict)] == []


@pytest.mark.parametrize("language", list(Language))
def test_no_text_is_empty(language: Language) -> None:
    empty = [
        key
        for key, message in messages(language).items()
        if not all(message.values() if isinstance(message, dict) else [message])
    ]
    assert empty == []


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("enumeration", ENUMERATIONS, ids=lambda each: each.__name__)
def test_every_member_has_a_word(enumeration: type[StrEnum], language: Language) -> None:
    t = Translator(language)
    assert all(t.word(member) for member in enumeration)


@pytest.mark.parametrize("language", Language)
def test_every_role_says_what_it_may_do(language: Language) -> None:
    assert all(Translator(language).has(f"role_help.{role}") for role in vocabulary.Role)


def test_arabic_texts_are_arabic() -> None:
    """A text without one Arabic letter was forgotten, names of formats and languages apart."""
    arabic = messages(Language.ARABIC)
    forgotten = [
        key
        for key, message in arabic.items()
        for text in (message.values() if isinstance(message, dict) else [message])
        if re.search(r"[A-Za-z]{4}", PLACEHOLDER.sub("", text))
        and not re.search(r"[\u0600-\u06ff]", text)
        and key != "language.en"
    ]
    assert forgotten == []


@pytest.mark.parametrize("language", list(Language))
def test_digits_are_western(language: Language) -> None:
    wrong = [
        key for key, message in messages(language).items() if re.search(r"[٠-٩۰-۹]", str(message))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("count", "form"),
    [
        (0, "zero"),
        (1, "one"),
        (2, "two"),
        (3, "few"),
        (10, "few"),
        (11, "many"),
        (99, "many"),
        (100, "other"),
        (102, "other"),
        (103, "few"),
        (111, "many"),
    ],
)
def test_arabic_plurals_follow_cldr(count: int, form: str) -> None:
    assert plural_form(Language.ARABIC, count) == form


def test_a_team_own_name_of_a_group_stands_in_sentences() -> None:
    t = Translator(Language.ENGLISH).with_groups({Group.STEWARD: "residents"})
    assert (t.word(Group.STEWARD), t.word(Group.GATEWAY)) == ("residents", "gateways")
    assert (t.of_person(Group.STEWARD), t.of_person(Group.GATEWAY)) == ("residents", "gateway")


def test_the_language_files_hold_each_table_once() -> None:
    folder = Path(convening.i18n.__file__).parent
    for language in Language:
        tomllib.loads((folder / f"{language.value}.toml").read_text(encoding="utf-8"))


def test_no_literal_text_in_pages() -> None:
    found = []
    for path in sorted((ROOT / "pages").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and SHOWN.match(node.func.attr)
                and node.args
                and not (
                    isinstance(node.func.value, ast.Name)
                    and node.func.value.id in ("re", "text", "form", "fields")
                )
            ):
                first = node.args[0]
                texts = (
                    [
                        part.value
                        for part in ast.walk(first)
                        if isinstance(part, ast.Constant) and isinstance(part.value, str)
                    ]
                    if isinstance(first, ast.Constant | ast.JoinedStr)
                    else []
                )
                found += [
                    f"{path.relative_to(ROOT)}:{node.lineno} {text!r}"
                    for text in texts
                    if re.search(r"[A-Za-z\u0600-\u06ff]{3}", text)
                ]
    assert found == []


def test_every_literal_key_exists() -> None:
    """``t("...")`` with a literal key names a text of the language files."""
    known = {**messages(Language.ENGLISH), **participants.texts("en")}
    missing = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.args[0].value}"
        for top in ("pages", "convening", "db")
        for path in sorted((ROOT / top).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "t"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
        and node.args[0].value not in known
    ]
    assert missing == []


def test_every_problem_code_has_its_words() -> None:
    """Codes given literally to Problem and ConveningError are worded."""
    known = messages(Language.ENGLISH)
    missing = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.args[0].value}"
        for top in ("pages", "convening", "db")
        for path in sorted((ROOT / top).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("Problem", "ConveningError")
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
        and f"problem.{node.args[0].value}" not in known
    ]
    assert missing == []
