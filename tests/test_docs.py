"""The documents tell the truth where a machine can check it."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
MAKE = re.compile(r"`make ([a-z-]+)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    missing = [link for link in LINK.findall(text) if not (document.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_target_exists(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(MAKE.findall(document.read_text(encoding="utf-8")))
    assert {name for name in named if not re.search(rf"^{name}:", makefile, re.M)} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_named_exists(document: Path) -> None:
    """A path in backticks that starts at a top-level folder is there."""
    text = document.read_text(encoding="utf-8")
    tops = "app.py|pages|convening|db|tests|docs|\\.streamlit|\\.ci"
    named = re.findall(rf"`((?:{tops})/[\w./-]+)`", text)
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_requirement_is_pinned_and_has_its_line() -> None:
    architecture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").casefold()
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text(encoding="utf-8").split("# Brought in by these")[0]
        for line in lines.splitlines():
            if not line or line.startswith(("#", "-r")):
                continue
            package, _, version = line.partition("==")
            assert version, line
            assert package.split("[")[0].casefold() in architecture, package


def test_no_host_of_a_registry_and_no_path_of_a_machine_stands_in_a_file() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    hosts = re.compile("|".join(("py" + r"pi\.org", "registry\\." + "npmjs", "python" + "hosted")))
    paths = re.compile(r"(?:^|[\s\"'(=])/(?:" + "work|root|home)/", re.M)
    found = []
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if (
            path.suffix not in (".py", ".md", ".toml", ".txt", ".cfg", ".ini", "")
            or not path.is_file()
        ):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [name for pattern in (hosts, paths) if pattern.search(text)]
    assert found == []
