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

// What screen readers would stumble over in what Streamlit draws.
const ROLES = {
  // sections stand between the list of screens and its items; links in a navigation need no list
  '[data-testid="stSidebarNavItems"], [data-testid="stSidebarNavItems"] li': "none",
  // the head of a calendar is not the head of the page
  '[data-testid="stDateInputCalendar"] header': "group",
  // what has a name and takes the focus is not mere decoration
  '[data-testid="stFileUploaderDropzone"]': "group",
};
const mend = () => {
  for (const [selector, role] of Object.entries(ROLES)) {
    for (const each of document.querySelectorAll(selector)) {
      if (each.getAttribute("role") !== role) each.setAttribute("role", role);
    }
  }
  // the heading of the form to sign in is one level too deep
  for (const each of document.querySelectorAll('[data-testid="stForm"] h3:not([aria-level])')) {
    each.setAttribute("aria-level", "2");
  }
};
new MutationObserver(mend).observe(document.documentElement, { childList: true, subtree: true });
