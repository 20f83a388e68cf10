"""The sample initiatives, and the settings that this server was started with."""

import platform
from importlib.metadata import version

import streamlit as st

from convening import settings
from convening.i18n import Translator
from db.commands import samples as commands
from db.queries import installation
from pages.components import forms, store


def samples(t: Translator) -> None:
    """Whether the samples are loaded, and the one button that changes it."""
    st.header(t("settings.samples"), anchor=False)
    count = store.read(installation.samples)
    key = "settings.samples_loaded" if count else "settings.samples_none"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(t(key, count=count), width="content")
        what = "remove" if count else "load"
        pressed = st.button(t(f"settings.{what}"), key=f"samples_{what}")
    st.caption(t("settings.samples_help"))
    if pressed:
        forms.confirm(
            t(f"settings.{what}_title"),
            t(f"settings.{what}_question"),
            t(f"settings.{what}"),
            commands.remove if count else commands.load,
            t=t,
        )


def started_with(t: Translator) -> None:
    """Every setting with its value and its name in the environment; no secret among them."""
    current = settings.current()
    proxies = ", ".join(str(each) for each in current.trusted_proxies)
    kept = "secret_given" if "HALQA_SECRET_KEY" in current.given else "secret_kept"
    rows = [
        ("database", store.read(installation.database), "HALQA_DATABASE_URL"),
        ("data_dir", str(current.data_dir), "HALQA_DATA_DIR"),
        ("secret_key", t(f"settings.{kept}"), "HALQA_SECRET_KEY"),
        ("base_url", current.base_url or t("common.not_set"), "HALQA_BASE_URL"),
        ("smtp", str(current.smtp or t("common.not_set")), "HALQA_SMTP_URL"),
        ("mail_from", current.mail_from or t("common.not_set"), "HALQA_MAIL_FROM"),
        ("backup_dir", str(current.backup_dir), "HALQA_BACKUP_DIR"),
        ("backup_keep", str(current.backup_keep), "HALQA_BACKUP_KEEP"),
        ("trusted_proxies", proxies or t("common.none"), "HALQA_TRUSTED_PROXIES"),
        ("listens", f"{current.host}:{current.port}", "HOST, PORT"),
        ("development", t.value(current.development), "HALQA_DEVELOPMENT"),
        ("versions", _versions(), ""),
    ]
    st.dataframe(
        {
            t("settings.column_setting"): [t(f"settings.{name}") for name, _, _ in rows],
            t("settings.column_value"): [value for _, value, _ in rows],
            t("settings.column_name"): [names for _, _, names in rows],
            t("settings.column_given"): [
                t.value(bool(current.given & set(names.split(", ")))) if names else ""
                for _, _, names in rows
            ],
        },
        hide_index=True,
        key="started_with",
        alt=t("settings.started_with"),
    )


def _versions() -> str:
    return f"Python {platform.python_version()}, Streamlit {version('streamlit')}"
