// Signing out of a browser that others use too: what was only typed in a room goes, and what was
// logged but is not saved yet is sent first, or shown before it is left behind.
const PATIENCE = 3_000; // milliseconds until the dialog says what still waits
let sure = false;

const forget = (prefix, but = null) => {
  for (const name of allKept()) {
    if (name.startsWith(prefix) && !(but && name.startsWith(but))) keep(name, null);
  }
};
const stored = (user) =>
  allKept()
    .filter((each) => each.startsWith(`${OUT}${user}-`))
    .map((name) => ({ name, entry: kept(name) }))
    .filter(({ entry }) => entry)
    .sort((one, other) => one.entry.at - other.entry.at);
const unkept = () => {
  const found = []; // what an outbox had to keep in its memory alone
  document.dispatchEvent(new CustomEvent("halqa-unkept", { detail: found }));
  return found;
};

const send = async (user) => {
  for (const { name, entry } of stored(user)) {
    const answer = entry.refused ? null : await post(entry);
    if (answer?.ok) keep(name, null);
  }
};

const go = () => {
  forget(DRAFT);
  sure = true;
  document.querySelector(".st-key-sign_out button")?.click();
  sure = false;
};

const make = (tag, textContent, onclick = null) =>
  Object.assign(document.createElement(tag), { textContent, onclick });

const ask = (place, { user, t, dir, lang }) => {
  const lost = unkept();
  const waiting = [...stored(user).map(({ entry }) => entry), ...lost];
  if (!waiting.length) return go();
  const dialog = Object.assign(document.createElement("dialog"), { dir, lang });
  dialog.setAttribute("aria-label", t.title);
  const list = document.createElement("ul");
  for (const { said, refused } of waiting) {
    const item = make("li", said);
    if (refused) item.append(make("p", refused.join(" ")));
    list.append(item);
  }
  const leave = (forgetting) => () => {
    if (forgetting) forget(`${OUT}${user}-`);
    dialog.close();
    go();
  };
  const row = document.createElement("div");
  row.append(make("button", t.stay, () => dialog.close()));
  if (!lost.length) row.append(make("button", t.keep, leave(false)));
  row.append(make("button", t.drop, leave(true)));
  dialog.append(make("h2", t.title), make("p", t.why), list, make("p", t.then), row);
  dialog.addEventListener("close", () => dialog.remove());
  place.append(dialog);
  dialog.showModal();
};

export default function ({ data, parentElement }) {
  forget(DRAFT, `${DRAFT}${data.user}-`); // of somebody who was signed in here before
  const pressed = async (event) => {
    if (sure || !event.target.closest?.(".st-key-sign_out button")) return;
    if (!stored(data.user).length && !unkept().length) return forget(DRAFT);
    event.preventDefault();
    event.stopImmediatePropagation();
    await Promise.race([send(data.user), new Promise((done) => setTimeout(done, PATIENCE))]);
    if (!parentElement.querySelector("dialog")) ask(parentElement, data);
  };
  addEventListener("click", pressed, { capture: true });
  return () => removeEventListener("click", pressed, { capture: true });
}
