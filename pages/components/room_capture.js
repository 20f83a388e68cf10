class Capture extends Saving {
  constructor(parent, data, trigger) {
    super();
    this.parent = parent;
    this.trigger = trigger;
    this.data = data;
    this.place = `${data.user}-${data.convening}`;
    this.draftName = `${DRAFT}${this.place}`;
    this.draft = { ...EMPTY, ...kept(this.draftName) };
    this.outbox = new Outbox(this.place, () => this.showOutbox());
    this.outbox.saved = (entry) => this.tell(entry);
    this.root = make("section", { className: "capture" });
    this.root.attachedCapture = this;
    this.status = make("p", { className: "banner", role: "status", hidden: true });
    this.form = make("form", { onsubmit: (event) => this.submit(event) });
    this.list = make("ul", { className: "waiting" });
    this.unlisted = make("p", { className: "unlisted", role: "status" });
    this.receipts = make("div", { className: "receipts" });
    this.root.append(this.status, this.form, this.unlisted, this.receipts, this.list);
    parent.append(this.root);
    this.show();
    this.showCodes();
    this.outbox.drain();
  }

  update(data, trigger) {
    const before = JSON.stringify([this.data, this.draft.kind]);
    this.data = data;
    this.trigger = trigger;
    if (before !== JSON.stringify([data, this.draft.kind])) this.show();
  }

  caret() {
    const field = this.parent.getRootNode().activeElement ?? document.activeElement;
    const focused = this.form.contains(field) ? field.name : null;
    const text = focused && field.tagName === "TEXTAREA";
    return { focused, from: text ? field.selectionStart : null, to: text ? field.selectionEnd : null };
  }

  tell(entry) {
    // a note without a name stands in no list from which one could see that it has arrived
    this.unlisted.textContent = entry.attribution === "anonymous" ? this.data.t.unlisted : "";
    this.ask("saved", entry.uuid);
  }

  ask(what, value) {
    try {
      this.trigger(what, value);
    } catch {
      // the screen is not connected; it reads everything anew once it is
    }
  }

  set(changes, redraw = true) {
    Object.assign(this.draft, changes);
    if (!this.draft.text) this.draft.begun = null;
    else this.draft.begun ??= { block: this.data.block, afterwards: this.data.afterwards };
    keep(this.draftName, this.draft);
    if (redraw) this.show();
  }

  get dissents() {
    return DISSENT.includes(this.draft.kind);
  }

  // A count names the groups in its table; their buttons stay, so that nothing jumps.
  get counting() {
    return this.draft.kind === "hands" && this.data.mode !== "aloud";
  }

  show() {
    const { focused, from, to } = this.caret();
    this.draw();
    const field = focused && this.form.querySelector(`[name="${focused}"]`);
    field?.focus();
    if (field && from !== null) field.setSelectionRange(from, to);
  }

  draw() {
    const { t, mode } = this.data;
    this.root.dir = this.data.dir;
    this.root.lang = this.data.lang;
    this.root.dataset.mode = mode;
    const kinds = this.kinds(); // puts the kind right that is not offered here
    const parts = [this.groups()];
    if (mode === "aloud") parts.push(reading(this));
    parts.push(kinds, this.draft.kind === "hands" ? this.hands() : this.words());
    if (mode === "glance") parts.splice(0, parts.length, this.turns());
    this.form.setAttribute("aria-label", t.log);
    this.form.replaceChildren(...parts);
    this.showOutbox();
  }

  groupButton(group, pressed, press) {
    const made = button("", `group ${group.value}`, press);
    made.append(
      make("span", { className: "sign", textContent: group.sign, "aria-hidden": "true" }),
      make("span", { className: "heads", textContent: group.here }),
    );
    if (pressed !== null) made.setAttribute("aria-pressed", String(pressed));
    made.name = `group_${group.value}`;
    return made;
  }

  turns() {
    const { spoke } = this.data.t;
    const row = make("div", { className: "groups", role: "group", "aria-label": spoke });
    for (const group of this.data.groups) {
      row.append(
        this.groupButton(group, null, () =>
          this.put({ what: "turn", groups: [group.value], said: `${group.sign} ${group.name}` }),
        ),
      );
    }
    return make("div", { className: "turns" }, make("p", { textContent: spoke }), row);
  }

  groups() {
    const row = make("div", { className: "groups", role: "group", "aria-label": this.data.t.who });
    const chosen = new Set(this.counting ? [] : this.draft.groups);
    for (const group of this.data.groups) {
      const made = this.groupButton(group, chosen.has(group.value), () => {
        chosen.has(group.value) ? chosen.delete(group.value) : chosen.add(group.value);
        this.set({ groups: [...chosen], unsaid: false });
      });
      made.disabled = this.counting;
      row.append(made);
    }
    if (this.data.mode === "aloud") row.append(this.unsaid());
    return row;
  }

  unsaid() {
    const made = button(this.data.t.unsaid, "unsaid", () =>
      this.set({ groups: [], unsaid: !this.draft.unsaid }),
    );
    made.setAttribute("aria-pressed", String(this.draft.unsaid));
    made.name = "group_unsaid";
    return made;
  }

  kinds() {
    const { t, version } = this.data;
    const row = make("div", { className: "kinds", role: "group", "aria-label": t.what });
    const counted = this.data.afterwards || this.data.mode === "aloud" ? [] : ["hands"];
    // Whoever is writing a view goes on, though its version was taken out of hand meanwhile
    const offered = ["point", ...(version || this.dissents ? DISSENT : []), ...counted];
    if (!offered.includes(this.draft.kind)) this.draft.kind = "point";
    for (const kind of offered) {
      const made = button(t[kind], `kind kind-${kind}`, () => this.set({ kind }));
      made.setAttribute("aria-pressed", String(this.draft.kind === kind));
      made.name = `kind_${kind}`;
      row.append(made);
    }
    if (!this.data.afterwards) {
      const spoke = button(t.only_spoke, "kind kind-turn", () => {
        if (!this.draft.groups.length) return this.problem(t.needs_group);
        this.put({ what: "turn", groups: this.draft.groups, said: t.only_spoke });
        this.set({ groups: [] });
      });
      spoke.name = "kind_turn";
      spoke.disabled = this.counting;
      row.append(spoke);
    }
    return version ? row : make("div", { className: "unversioned" }, row, this.noVersion());
  }

  noVersion() {
    const { t, afterwards } = this.data;
    const why = make("p", { textContent: t.no_version });
    if (!afterwards) {
      const choose = button(t.choose_version, "choose", () => this.ask("set_up", newId()));
      choose.name = "choose_version";
      why.append(" ", choose);
    }
    return why;
  }

  words() {
    const { t, version } = this.data;
    const fields = make("div", { className: "words" });
    if (this.dissents) {
      const against = version ? version.label : t.version_gone;
      fields.append(make("p", { className: "against", textContent: against }));
    }
    fields.append(this.area("text", this.dissents ? t.statement : t.sentence, 2));
    if (this.dissents) {
      const needed = this.draft.kind === "objection";
      fields.append(this.area("reason", needed ? t.reason_needed : t.reason, 2));
      fields.append(this.area("resolution", t.resolution, 1), this.naming());
    }
    fields.append(
      make("p", { className: "wrong", role: "alert" }),
      make("button", { type: "submit", className: "save", name: "save", textContent: t.save }),
    );
    return fields;
  }

  naming() {
    const { t, people, anonymous } = this.data;
    const box = make("div", { className: "naming" });
    const unsaid = this.draft.unsaid && anonymous;
    const names = unsaid ? [] : [["group_only", t.group_only]];
    if (people.length) names.push(["named", t.named]);
    if (anonymous) names.push(["anonymous", t.anonymous]);
    if (unsaid && this.draft.attribution === "group_only") {
      this.set({ attribution: "anonymous", receipt: this.draft.receipt || newCode() }, false);
    }
    if (!names.some(([each]) => each === this.draft.attribution)) {
      this.draft.attribution = "group_only";
    }
    const choice = this.select("attribution", t.attribution, names, this.draft.attribution, (value) =>
      this.set({
        attribution: value,
        receipt: value === "anonymous" ? this.draft.receipt || newCode() : "",
      }),
    );
    box.append(choice);
    if (this.draft.attribution === "named") {
      const persons = [["", ""], ...people.map(({ id, name }) => [id, name])];
      box.append(
        this.select("person", t.person, persons, this.draft.person ?? "", (value) =>
          this.set({ person: value ? Number(value) : null, agreed: false }),
        ),
        this.check("agreed", t.agreed, this.draft.agreed, (on) => this.set({ agreed: on }, false)),
      );
    }
    if (this.draft.attribution !== "anonymous") {
      box.append(
        this.check("paper", t.paper, Boolean(this.draft.receipt), (on) =>
          this.set({ receipt: on ? newCode() : "" }),
        ),
      );
    }
    if (this.draft.receipt) box.append(this.code(this.draft.receipt));
    return box;
  }

  close() {
    this.outbox.close();
  }
}
