// What this browser keeps, and how an entry of a room that it keeps is sent. Shared by the outbox and
// by whoever signs out while something still waits in it.
const OUT = "halqa-out-";
const DRAFT = "halqa-draft-";

const kept = (name) => {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
};
const keep = (name, value) => {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false; // full, or not allowed: the entry is still in memory, and is sent from there
  }
};
const allKept = () => {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
};

// The server's answer, null where there was none.
const post = ({ at, said, refused, ...body }) =>
  fetch(`/room-log/${body.convening}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    credentials: "same-origin",
    signal: AbortSignal.timeout(10_000),
  }).catch(() => null);

