"""Checking what was typed into a field: cleaned text, or the problem and which field it is in."""

from convening.problems import Problem
from convening.text import check_length, clean


def checked(
    text: str,
    field: str,
    problems: list[Problem],
    *,
    longest: int,
    required: bool = False,
    multiline: bool = False,
) -> str:
    """The cleaned text of a field; what is wrong with it is appended to ``problems``.

    ``longest`` is in characters. Codes: required, too_long.
    """
    cleaned = clean(text, multiline=multiline)
    if required and not cleaned:
        problems.append(Problem("required", field=field))
    problems.extend(check_length(cleaned, longest, field))
    return cleaned
