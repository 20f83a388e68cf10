// On a phone the menu covers the screen, so it closes once a screen was chosen from it.
document.addEventListener("click", (event) => {
  if (innerWidth > 768 || !event.target.closest?.('[data-testid="stSidebarNavLink"]')) return;
  setTimeout(() => {
    document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  });
});

// What stands on an unattended screen goes when the login has run out or was ended elsewhere.
// Asking does not renew it.
setInterval(async () => {
  if (!document.querySelector(".st-key-sign_out")) return;
  const answer = await fetch("/session", { cache: "no-store" }).catch(() => null);
  if (answer?.status === 401) location.reload();
}, 60_000);

// Streamlit puts its sections between the list of screens and its items, which then are no list to
// a screen reader; links in a navigation need none.
const noList = () => {
  const list = '[data-testid="stSidebarNavItems"]';
  for (const each of document.querySelectorAll(`${list}:not([role]), ${list} li:not([role])`)) {
    each.setAttribute("role", "none");
  }
};
new MutationObserver(noList).observe(document.documentElement, { childList: true, subtree: true });
