"""Links to other screens that take an initiative, and a convening, in hand on the way."""

import streamlit as st

from pages.components.markdown import escape


def link(
    screen: str,
    label: str,
    *,
    initiative: int | None = None,
    convening: int | None = None,
    icon: str | None = None,
    **more: int | str,
) -> None:
    """A link by address, so that it can be opened in another tab; ``label`` is plain text, and
    ``more`` goes into the address as well."""
    asked = {"initiative": initiative, "convening": convening, **more}
    st.page_link(
        f"{screen}.py",
        label=escape(label),
        icon=icon,
        query_params={name: str(each) for name, each in asked.items() if each is not None},
    )
