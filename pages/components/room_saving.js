// From what is in the fields to an entry in the outbox, and what became of those that wait there.
class Saving extends Fields {
  // Says what is missing, beside the fields or in the part of the form that is named.
  problem(text, part = "") {
    for (const place of this.form.querySelectorAll(".wrong")) place.textContent = "";
    const places = [...this.form.querySelectorAll(`${part} .wrong`)];
    if (places.length) places.at(-1).textContent = text;
  }

  submit(event) {
    event.preventDefault();
    const { t } = this.data;
    const draft = this.draft;
    const said = draft.text.trim();
    if (draft.kind === "hands") return this.putHands();
    if (!said) return this.problem(t.needs_words);
    if (!this.dissents) {
      this.put({ what: "point", groups: draft.groups, text: draft.text, said });
    } else {
      const named = draft.attribution === "named";
      if (!this.data.version) return this.problem(t.no_version);
      if (draft.kind === "objection" && !draft.reason.trim()) return this.problem(t.needs_reason);
      if (draft.attribution === "group_only" && !draft.groups.length) {
        return this.problem(t.needs_group);
      }
      if (named && !(draft.person && draft.agreed)) return this.problem(t.needs_agreement);
      this.put({
        what: "dissent",
        strength: draft.kind,
        version: this.data.version.id,
        groups: draft.groups,
        text: draft.text,
        reason: draft.reason,
        resolution: draft.resolution,
        attribution: draft.attribution,
        person: named ? draft.person : null,
        agreed: named && draft.agreed,
        receipt: draft.receipt,
        said,
      });
      if (draft.receipt) this.handOut(draft.receipt);
    }
    this.set({ ...EMPTY });
    this.form.querySelector("textarea")?.focus();
  }

  putHands() {
    const { t } = this.data;
    const counts = Object.entries(this.draft.counts)
      .filter(([, count]) => count !== "")
      .map(([key, count]) => [...key.split(" "), Number(count)]);
    if (!counts.length) return this.problem(t.needs_counts);
    const doubt = this.doubt(counts);
    if (doubt && doubt !== this.doubted) {
      this.doubted = doubt;
      return this.problem(doubt);
    }
    this.doubted = null;
    this.put({
      what: this.draft.cards ? "cards" : "hands",
      counts,
      statement: this.draft.statement,
      text: this.draft.statement === null ? this.draft.text : "",
      said: t.hands,
    });
    this.set({ ...EMPTY, kind: "hands", statement: this.draft.statement, cards: this.draft.cards });
  }

  // More hands than people of a group are here: asked about once, because more may have come.
  doubt(counts) {
    const { groups, t } = this.data;
    const sums = {};
    for (const [group, , count] of counts) sums[group] = (sums[group] ?? 0) + count;
    return groups
      .filter(({ value, present }) => sums[value] > present)
      .map(({ value, here }) => t.more_hands.replace("{hands}", sums[value]).replace("{here}", here))
      .join(" ");
  }

  put(entry) {
    const { block, afterwards } = (entry.text && this.draft.begun) || this.data;
    this.unlisted.textContent = "";
    this.outbox.put({
      ...entry,
      uuid: newId(),
      by: this.data.user,
      convening: this.data.convening,
      block,
      afterwards,
      at: Date.now(),
    });
  }

  handOut(code) {
    this.codes.add(code);
    this.showCodes();
  }

  // Of this place, until somebody says that one is written down, also when another view of the room
  // was looked at meanwhile: the server cannot tell it again. No store of the browser holds them.
  get codes() {
    const all = (globalThis.halqaCodes ??= {});
    return (all[this.place] ??= new Set());
  }

  showCodes() {
    const cards = [...this.codes].map((code) => {
      const card = this.code(code);
      const written = () => {
        this.codes.delete(code);
        card.remove();
      };
      card.append(button(this.data.t.written, "done", written));
      return card;
    });
    this.receipts.replaceChildren(...cards);
  }

  showOutbox() {
    if (!this.list) return;
    const { t } = this.data;
    const entries = this.outbox.entries();
    const waiting = entries.filter((each) => !each.refused);
    const late = waiting.length > 0 && this.outbox.failures > 0;
    this.status.hidden = !late;
    if (late) {
      const text = this.outbox.signedOut ? t.signed_out : t.waiting;
      this.status.textContent = text.replace("{waiting}", String(waiting.length));
    }
    this.list.replaceChildren(...(late ? waiting : []).map((each) => this.waiting(each)));
    this.list.append(...entries.filter((each) => each.refused).map((each) => this.refused(each)));
  }

  waiting(entry) {
    return make("li", {}, make("span", { textContent: `… ${entry.said}` }));
  }

  refused(entry) {
    const { t } = this.data;
    const item = make("li", { className: "refused" });
    item.append(
      make("p", { textContent: `${entry.said}` }),
      make("p", { className: "wrong", role: "alert", textContent: entry.refused.join(" ") }),
      this.fitsTheFields(entry)
        ? button(t.mend, "mend", () => {
            this.outbox.drop(entry);
            this.set(this.asDraft(entry));
          })
        : "",
      button(t.discard, "discard", () => this.outbox.drop(entry)),
    );
    return item;
  }

  // One person's answer, taken by a helper, is no number in the table of hands.
  fitsTheFields({ counts }) {
    return !counts?.some(([who]) => Array.isArray(who));
  }

  asDraft(entry) {
    const draft = { ...EMPTY };
    for (const name of Object.keys(EMPTY)) draft[name] = entry[name] ?? EMPTY[name];
    draft.kind = entry.strength ?? (entry.counts ? "hands" : "point");
    draft.cards = entry.what === "cards";
    const counts = (entry.counts ?? []).map(([group, choice, n]) => [`${group} ${choice}`, `${n}`]);
    draft.counts = Object.fromEntries(counts);
    return draft;
  }
}

