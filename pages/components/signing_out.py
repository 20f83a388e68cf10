"""What becomes of words from a room that this browser still holds when somebody signs out."""

from pathlib import Path

import streamlit as st

from convening.i18n import Translator

_FOLDER = Path(__file__).parent
_JS = "".join(
    (_FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in ("room_kept", "signing_out")
)
_CSS = (_FOLDER / "signing_out.css").read_text(encoding="utf-8")
_TEXTS = ("title", "why", "then", "stay", "keep", "drop")

_guard = st.components.v2.component("halqa_signing_out", js=_JS, css=_CSS)


def guard(user_id: int, t: Translator) -> None:
    """Stands before the button that signs out: sends or shows what is logged and not saved."""
    _guard(
        data={
            "user": user_id,
            "t": {each: t(f"signing_out.{each}") for each in _TEXTS},
            "dir": "rtl" if t.rtl else "ltr",
            "lang": t.language.value,
        },
        key="signing_out",
    )
