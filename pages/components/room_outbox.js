// Logging in a room. What is typed is kept in this browser from the first letter on; what is saved
// goes into an outbox here, and from there to the server for as long as it takes. Every entry has
// an id made here, under which the server keeps it once, however often it arrives.
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const WAITS = [1_000, 2_000, 4_000, 5_000]; // milliseconds between two attempts

const randomBytes = (count) => crypto.getRandomValues(new Uint8Array(count));
// crypto.randomUUID is there under TLS alone
const newId = () => {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};
const newCode = () => {
  let code = "";
  while (code.length < 12) {
    const [byte] = randomBytes(1);
    if (byte < 240) code += ALPHABET[byte % 30]; // 240 is a multiple of 30: no letter is likelier
  }
  return code;
};
const spaced = (code) => code.match(/.{4}/g).join("-");

class Outbox {
  constructor(place, changed) {
    this.place = place;
    this.changed = changed;
    this.unkept = new Map();
    this.failures = 0;
    this.sending = false;
    this.timer = null;
    this.signedOut = false;
    this.again = () => this.drain();
    this.show = ({ detail }) => detail.push(...this.unkept.values());
    addEventListener("online", this.again);
    document.addEventListener("halqa-unkept", this.show);
    document.addEventListener("visibilitychange", this.again);
  }

  name(id) {
    return `${OUT}${this.place}-${id}`;
  }

  entries() {
    const prefix = this.name("");
    const names = allKept().filter((each) => each.startsWith(prefix));
    const found = [...names.map(kept).filter(Boolean), ...this.unkept.values()];
    return found.sort((one, other) => one.at - other.at);
  }

  put(entry) {
    if (!keep(this.name(entry.uuid), entry)) this.unkept.set(entry.uuid, entry);
    this.changed();
    this.drain();
  }

  drop(entry) {
    keep(this.name(entry.uuid), null);
    this.unkept.delete(entry.uuid);
    this.changed();
  }

  async drain() {
    if (this.sending) return;
    this.sending = true;
    clearTimeout(this.timer);
    let failed = false;
    for (const entry of this.entries()) {
      if (entry.refused) continue;
      failed = !(await this.send(entry));
      if (failed) break;
    }
    this.sending = false;
    this.failures = failed ? this.failures + 1 : 0;
    this.changed();
    if (failed) {
      const wait = WAITS[Math.min(this.failures, WAITS.length) - 1];
      this.timer = setTimeout(this.again, wait);
    } else if (this.entries().some((each) => !each.refused)) {
      this.drain(); // one came while the last one was on its way
    }
  }

  async send(entry) {
    const answer = await post(entry);
    this.signedOut = answer !== null && [401, 403].includes(answer.status);
    if (answer === null || this.signedOut || answer.status >= 500) return false;
    if (answer.ok) {
      this.drop(entry);
      this.saved?.(entry);
      return true;
    }
    const { problems } = await answer.json().catch(() => ({ problems: [] }));
    const refused = { ...entry, refused: problems.length ? problems : [String(answer.status)] };
    if (!keep(this.name(entry.uuid), refused)) this.unkept.set(entry.uuid, refused);
    return true;
  }

  close() {
    clearTimeout(this.timer);
    removeEventListener("online", this.again);
    document.removeEventListener("halqa-unkept", this.show);
    document.removeEventListener("visibilitychange", this.again);
  }
}
