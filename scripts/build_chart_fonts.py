# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools==4.68.0", "brotli==1.2.1"]
# ///
"""Merges the web fonts into the two files that pictures of charts are drawn with.

The renderer of pictures reads no woff2, and takes one font for a whole line of text: where a line
mixes Arabic with digits, two families end in whatever font the machine has. So Latin and Arabic
stand in one file here, under a name that no installed font has. Run it after the fonts in
``pages/assets/fonts`` have changed; its packages (MIT both) are needed for nothing else.
"""

import tempfile
from pathlib import Path

from fontTools import merge  # type: ignore[import-not-found]
from fontTools.ttLib import TTFont  # type: ignore[import-not-found]

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "pages" / "assets" / "fonts"
TARGET = ROOT / "convening" / "charts" / "fonts"
FAMILY = "Halqa Chart Sans"
SUBSETS = ("noto-sans-latin", "noto-sans-latin-ext", "noto-sans-arabic")
STYLES = {400: "Regular", 600: "SemiBold"}
LICENCE = "This Font Software is licensed under the SIL Open Font License, Version 1.1."
UNICODE_ENGLISH = (3, 1, 0x409)


def main() -> None:
    for weight, style in STYLES.items():
        sources = [SOURCE / f"{subset}-{weight}-normal.woff2" for subset in SUBSETS]
        font = merged(sources)
        rename(font, style, copyrights(sources))
        font["OS/2"].usWeightClass = weight
        font.save(TARGET / f"HalqaChartSans-{style}.ttf")


def merged(sources: list[Path]) -> TTFont:
    options = merge.Options()
    options.drop_tables = ["STAT", "gasp", "prep", "fpgm", "cvt "]
    with tempfile.TemporaryDirectory() as folder:
        plain = []
        for source in sources:
            font = TTFont(source)
            font.flavor = None
            plain.append(str(Path(folder) / f"{source.stem}.ttf"))
            font.save(plain[-1])
        return merge.Merger(options).merge(plain)


def copyrights(sources: list[Path]) -> str:
    return "; ".join(sorted({str(TTFont(each)["name"].getDebugName(0)) for each in sources}))


def rename(font: TTFont, style: str, copyright_text: str) -> None:
    plain = style == "Regular"
    names = {
        0: copyright_text,
        1: FAMILY if plain else f"{FAMILY} {style}",
        2: "Regular",
        3: f"{FAMILY} {style}",
        4: f"{FAMILY} {style}",
        5: "Version 1.0",
        6: f"{FAMILY.replace(' ', '')}-{style}",
        10: "Noto Sans and Noto Sans Arabic, subset and merged.",
        13: LICENCE,
        14: "https://openfontlicense.org",
    }
    if not plain:
        names |= {16: FAMILY, 17: style}
    font["name"].names = []
    for number, text in names.items():
        font["name"].setName(text, number, *UNICODE_ENGLISH)


if __name__ == "__main__":
    main()
