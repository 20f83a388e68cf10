"""A release of the last commit: its sources, and the bill of materials of what they stand on.

``make release`` writes both into dist/. The same commit gives the same bytes.
"""

import gzip
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAME = "halqa"


def main(folder: Path = ROOT / "dist") -> list[Path]:
    """Writes ``halqa-<version>.tar.gz`` and ``halqa-<version>.cdx.json``, and says where."""
    folder.mkdir(parents=True, exist_ok=True)
    version = tomllib.loads(_committed("pyproject.toml").decode())["project"]["version"]
    sources, materials = (
        folder / f"{NAME}-{version}.{ending}" for ending in ("tar.gz", "cdx.json")
    )
    archive = _git("archive", "--format=tar", f"--prefix={NAME}-{version}/", "HEAD")
    sources.write_bytes(gzip.compress(archive, mtime=0))
    _write_materials(materials)
    return [sources, materials]


def _write_materials(path: Path) -> None:
    """CycloneDX, of the versions that requirements.txt pins."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("pyproject.toml", "requirements.txt"):
            (Path(folder) / name).write_bytes(_committed(name))
        tool = Path(sys.executable).with_name("cyclonedx-py")
        options = ["--pyproject", "pyproject.toml", "--output-reproducible", "--output-format=JSON"]
        command = [str(tool), "requirements", *options, "requirements.txt"]
        made = subprocess.run(command, cwd=folder, check=True, capture_output=True)
    path.write_bytes(made.stdout)


def _committed(name: str) -> bytes:
    return _git("show", f"HEAD:{name}")


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout


if __name__ == "__main__":
    for written in main():
        print(written.relative_to(ROOT))
