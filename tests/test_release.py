"""A release is the last commit and what it stands on, byte for byte the same each time."""

import io
import json
import re
import subprocess
import tarfile
from pathlib import Path

import pytest

from scripts import release


def committed(name: str) -> str:
    command = ["git", "show", f"HEAD:{name}"]
    done = subprocess.run(command, cwd=release.ROOT, check=True, capture_output=True, text=True)
    return done.stdout


@pytest.mark.skipif(not (release.ROOT / ".git").exists(), reason="a release is made of a commit")
def test_it_holds_the_sources_and_every_pinned_package(tmp_path: Path) -> None:
    sources, materials = release.main(tmp_path / "one")
    again = release.main(tmp_path / "two")
    assert [each.read_bytes() for each in again] == [sources.read_bytes(), materials.read_bytes()]

    with tarfile.open(fileobj=io.BytesIO(sources.read_bytes())) as archive:
        names = set(archive.getnames())
    folder = sources.name.removesuffix(".tar.gz")
    assert {f"{folder}/app.py", f"{folder}/LICENSE", f"{folder}/requirements.txt"} <= names
    assert not [name for name in names if name.endswith((".sqlite3", ".env")) or ".venv" in name]

    listed = json.loads(materials.read_text(encoding="utf-8"))
    pinned = re.findall(r"^([\w.-]+)(?:\[.*\])?==(\S+)$", committed("requirements.txt"), re.M)
    assert [(each["name"], each["version"]) for each in listed["components"]] == sorted(pinned)
    assert listed["metadata"]["component"]["name"] == "halqa"
