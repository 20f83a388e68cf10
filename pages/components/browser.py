"""The few things that only the browser can do: post a ticket, sign out, change how pages look."""

import streamlit as st

from convening.i18n import Translator
from convening.vocabulary import Language, Theme
from pages.components import language

_POST_JS = """
let done = null;
export default function ({ data, setTriggerValue }) {
  if (done === data.body) return;
  done = data.body;
  fetch(data.path, { method: "POST", body: data.body, credentials: "same-origin" })
    .then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      if (data.next) location.assign(data.next);
      else location.reload();
    })
    .catch(() => setTriggerValue("failed", true));
}
"""

_CHOICES_CSS = """
.halqa-choices { display: flex; flex-direction: column; gap: 0.25rem; font-family: var(--st-font); }
.halqa-choices div { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; }
.halqa-choices a {
  color: var(--st-link-color); font-size: 0.875rem; line-height: 1.75rem; min-height: 1.75rem;
}
.halqa-choices a[aria-current] {
  color: var(--st-text-color); text-decoration: none; font-weight: 600;
}
"""

_CHOICES_JS = """
export default function ({ data, parentElement }) {
  const nav = document.createElement("nav");
  nav.className = "halqa-choices";
  nav.setAttribute("aria-label", data.label);
  nav.dir = data.dir;
  for (const group of data.groups) {
    const row = document.createElement("div");
    for (const choice of group.choices) {
      const link = document.createElement("a");
      const target = () =>
        `/${group.path}/${choice.value}?next=` +
        encodeURIComponent(location.pathname + location.search);
      link.href = target();
      link.textContent = choice.text;
      link.lang = choice.lang;
      if (choice.chosen) link.setAttribute("aria-current", "true");
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        location.assign(target());
      });
      row.append(link);
    }
    nav.append(row);
  }
  parentElement.querySelector("nav")?.remove();
  parentElement.append(nav);
}
"""

_FOLLOW_JS = """
export default function ({ data }) {
  location.assign(data.path);
}
"""

# A new server knows nothing of the fragments on a screen, and Streamlit asks for no run of its own
# when the connection to it is back, so that they would stay as they are for ever.
_RESTARTED_JS = """
let again = null;
export default function ({ setTriggerValue }) {
  document.removeEventListener("halqa-restarted", again);
  again = () => setTriggerValue("restarted", true);
  document.addEventListener("halqa-restarted", again);
  return () => document.removeEventListener("halqa-restarted", again);
}
"""

_post = st.components.v2.component("halqa_post", js=_POST_JS)
# Not in a shadow tree: there, tools do not see that the link past the menu comes before all others.
_choices = st.components.v2.component(
    "halqa_choices", css=_CHOICES_CSS, js=_CHOICES_JS, isolate_styles=False
)

_follow = st.components.v2.component("halqa_follow", js=_FOLLOW_JS)
_restarted = st.components.v2.component("halqa_restarted", js=_RESTARTED_JS)


def exchange(ticket: str) -> bool:
    """Posts a ticket for the login cookie and loads the page again; True once that failed."""
    answer = _post(
        data={"path": "/session", "body": ticket},
        key="session_exchange",
        on_failed_change=lambda: None,
    )
    return bool(answer.failed)


def sign_out() -> None:
    """Has the browser drop its cookie and start over at home."""
    _post(
        data={"path": "/session/end", "body": "end", "next": "/"},
        key="session_end",
        on_failed_change=lambda: None,
    )


def follow(path: str) -> None:
    """Has the browser load a path of this server."""
    _follow(data={"path": path}, key="follow")


def run_after_restart() -> None:
    """Has the whole screen run once the browser is connected to a server that was started anew."""
    _restarted(key="restarted", on_restarted_change=lambda: None)


def choices(t: Translator) -> None:
    """Links that change the language and the theme, and come back to the same place."""
    theme = language.theme()
    languages = [
        {"value": each, "text": t.word(each), "lang": each, "chosen": each is t.language}
        for each in Language
    ]
    themes = [
        {"value": each, "text": t.word(each), "lang": t.language, "chosen": each is theme}
        for each in Theme
    ]
    _choices(
        data={
            "label": f"{t('common.language')}, {t('common.theme')}",
            "dir": "rtl" if t.rtl else "ltr",
            "groups": [
                {"path": "language", "choices": languages},
                {"path": "theme", "choices": themes},
            ],
        },
        key="browser_choices",
    )
