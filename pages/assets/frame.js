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
new MutationObserver(() => {
  mend();
  putBack();
}).observe(document.documentElement, { childList: true, subtree: true });

// A connection that breaks. Streamlit disables every field, shows a box in English that takes the
// focus, and on its return runs the script anew, which closes a dialog with all that was typed.
// Here typing goes on, a line at the top says what is the matter, and what was typed stays.
const line = document.getElementById("connection");
const connected = () =>
  document.querySelector(".stApp")?.dataset.testConnectionState === "CONNECTED";
const idle = () => document.querySelector(".stApp")?.dataset.testScriptState === "notRunning";

let shown = "";
const say = (what) => {
  if (shown === what) return;
  shown = what;
  line.textContent = what ? line.dataset[what] : "";
  line.hidden = !what;
};

// Streamlit asks for these until the server answers, and complains in between: it need not.
const PING = /\/_stcore\/(health|host-config)$/;
const ask = window.fetch;
window.fetch = async (resource, options) => {
  if (!PING.test(String(resource.url ?? resource))) return ask(resource, options);
  for (;;) {
    const answer = await ask(resource, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
    if (answer && answer.status < 500) return answer;
    await new Promise((again) => setTimeout(again, 1_000));
  }
};

// The run that Streamlit asks for when the connection is back is kept from it while a dialog is
// open, unless the server has been started again and knows nothing of the dialog.
const RERUN = 0x5a; // how a BackMsg that asks for a run begins
const REMEMBERED = 30 * 60_000; // half of server.disconnectedSessionTTL
const sameServer = async () => {
  const answer = await ask("/session", { cache: "no-store" }).catch(() => null);
  return answer?.headers.get("x-halqa-start") === line.dataset.start;
};
let sockets = 0;
window.WebSocket = class extends WebSocket {
  constructor(...args) {
    super(...args);
    sockets += 1;
    if (sockets === 1) return;
    this.addEventListener("open", () => {
      this.opening = true;
      setTimeout(() => (this.opening = false));
    });
  }

  send(data) {
    const byItself = this.opening && data[0] === RERUN && Date.now() - brokenAt < REMEMBERED;
    if (byItself && idle() && document.querySelector('[data-testid="stDialog"]')) {
      sameServer().then((same) => same || super.send(data));
    } else {
      super.send(data);
    }
  }
};

// What a person typed, by the place of the field; kept when the connection breaks, and put back
// where a field has come back without it.
const TEXT =
  "textarea, input:is([type=text], [type=search], [type=email], [type=url], [type=tel])" +
  ":not([role=combobox])";
const typed = new Map();
const kept = new Map();
const REMEMBER = 15 * 60_000; // a dialog may have to be opened again
const place = (field) => {
  const key = field.closest('[class*="st-key-"]')?.className.match(/st-key-\S+/)?.[0];
  return `${location.pathname} ${key} ${field.getAttribute("aria-label")}`;
};
const note = ({ target, isTrusted }) => {
  if (!isTrusted || !target.matches?.(TEXT)) return;
  typed.set(place(target), target.value);
  if (connected()) kept.delete(place(target));
  else kept.set(place(target), target.value);
};
document.addEventListener("input", note, { capture: true }); // before Streamlit draws it
const fill = (field, value) => {
  const { set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value");
  set.call(field, value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  if (field !== document.activeElement) {
    field.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
  }
};
const putBack = () => {
  if (!kept.size || !connected()) return;
  const settled = backFor() > 2_000;
  let waiting = false;
  for (const field of document.querySelectorAll(TEXT)) {
    const value = kept.get(place(field));
    if (value === undefined) continue;
    if (field.value !== value) fill(field, value);
    if (settled) kept.delete(place(field));
    else waiting = true;
  }
  if (waiting) setTimeout(putBack, 500); // the page may not change again by itself
  if (shown === "back" && !kept.size) say("");
};

let brokenAt = 0;
let backAt = 0;
const backFor = () => (idle() ? Date.now() - backAt : 0);
const lose = () => {
  brokenAt = Date.now();
  for (const field of document.querySelectorAll(TEXT)) {
    if (typed.get(place(field)) === field.value) kept.set(place(field), field.value);
  }
  setTimeout(() => brokenAt && say("offline"), 700);
};
const regain = () => {
  brokenAt = 0;
  backAt = Date.now();
  say("");
  sameServer().then((same) => same || document.dispatchEvent(new Event("halqa-restarted")));
  const settle = () => {
    if (brokenAt) return;
    if (backFor() <= 2_000) return void setTimeout(settle, 500);
    putBack();
    if (kept.size) say("back");
    const at = backAt;
    setTimeout(() => at === backAt && (kept.clear(), shown === "back" && say("")), REMEMBER);
  };
  setTimeout(settle, 500);
};
const followConnection = (changes) => {
  if (!changes.some(({ attributeName }) => attributeName !== "disabled")) return;
  if (!brokenAt && !connected() && changes.some(({ oldValue }) => oldValue === "CONNECTED")) lose();
  else if (brokenAt && connected()) regain();
};
new MutationObserver((changes) => {
  followConnection(changes);
  if (!brokenAt) return;
  for (const { target, attributeName, oldValue } of changes) {
    // before the browser takes the focus from it
    if (attributeName === "disabled" && oldValue === null && target.matches(TEXT)) {
      target.disabled = false;
    }
  }
}).observe(document.documentElement, {
  subtree: true,
  attributeOldValue: true,
  attributeFilter: ["data-test-connection-state", "disabled"],
});
