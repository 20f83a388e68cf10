"""Everything that is held about one person, as a file that they can read and take elsewhere."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

DATA, README = "data.json", "README.txt"
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes


def write(content: Mapping[str, Any], readme: str) -> bytes:
    """A ZIP with the data as JSON and an explanation of it. Values are those of JSON."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        text = json.dumps(content, ensure_ascii=False, indent=2)
        for name, data in ((README, readme), (DATA, text)):
            file.writestr(zipfile.ZipInfo(name, _EARLIEST), data)
    return out.getvalue()
