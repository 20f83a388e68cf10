// The fields of the form, each of which keeps what is typed as it is typed.
const make = (tag, properties = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("aria-") || name === "role" || name === "for") made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.filter((each) => each !== null && each !== undefined));
  return made;
};
const button = (text, className, press) =>
  make("button", { type: "button", className, textContent: text, onclick: press });
const DISSENT = ["concern", "disagreement", "objection"];
const EMPTY = {
  kind: "point",
  groups: [],
  unsaid: false, // of which group somebody is
  text: "",
  reason: "",
  resolution: "",
  attribution: "group_only",
  person: null,
  agreed: false,
  receipt: "",
  statement: null,
  cards: false,
  counts: {},
  begun: null, // where its first word was typed: a sentence can outlast a block, and the room
};

class Fields {
  area(name, label, rows, help = "") {
    const id = `capture_${name}`;
    return make(
      "div",
      { className: "field" },
      make("label", { for: id, textContent: label }),
      make("textarea", {
        id,
        name,
        rows,
        value: this.draft[name],
        placeholder: help,
        maxLength: name === "text" ? 2000 : 5000,
        oninput: ({ target }) => this.set({ [name]: target.value }, false),
      }),
    );
  }

  code(code) {
    const { t } = this.data;
    return make(
      "div",
      { className: "code" },
      make("span", { textContent: t.code }),
      make("strong", { textContent: spaced(code), dir: "ltr" }),
    );
  }

  select(name, label, options, value, change) {
    const id = `capture_${name}`;
    const made = make("select", { id, name, onchange: ({ target }) => change(target.value) });
    for (const [each, text] of options) {
      made.append(make("option", { value: each, textContent: text }));
    }
    made.value = String(value);
    return make("div", { className: "field" }, make("label", { for: id, textContent: label }), made);
  }

  check(name, label, on, change) {
    const input = make("input", {
      type: "checkbox",
      name,
      checked: on,
      onchange: ({ target }) => change(target.checked),
    });
    return make("label", { className: "check" }, input, make("span", { textContent: label }));
  }

  hands() {
    const { t, groups, choices, statements } = this.data;
    const box = make("div", { className: "hands" });
    const asked = [["", t.another], ...statements.map(({ id, text }) => [id, text])];
    const known = statements.some(({ id }) => id === this.draft.statement);
    if (!known) this.draft.statement = null;
    const chosen = known ? this.draft.statement : "";
    box.append(
      this.select("statement", t.asked, asked, chosen, (value) =>
        this.set({ statement: value ? Number(value) : null }),
      ),
    );
    box.append(
      chosen === ""
        ? this.area("text", t.aloud, 1)
        : make("p", { className: "count-only", textContent: t.count_only }),
    );
    const head = make("tr", {}, make("td"));
    for (const choice of choices) head.append(make("th", { textContent: choice.name }));
    const table = make("table", {}, head);
    for (const group of groups) {
      const row = make("tr", {}, make("th", { textContent: `${group.sign} ${group.name}` }));
      for (const choice of choices) row.append(this.cell(group, choice));
      table.append(row);
    }
    box.append(
      table,
      this.check("cards", t.cards, this.draft.cards, (on) => this.set({ cards: on }, false)),
      make("p", { className: "wrong", role: "alert" }),
      make("button", { type: "submit", className: "save", name: "save", textContent: t.save }),
    );
    return box;
  }

  cell(group, choice) {
    const cell = make("td", {}, this.counter(group, choice));
    cell.dataset.label = choice.name; // a phone has no room for the head of the table
    return cell;
  }

  counter(group, choice) {
    const key = `${group.value} ${choice.value}`;
    const field = make("input", {
      type: "text",
      inputMode: "numeric",
      name: `count_${group.value}_${choice.value}`,
      value: this.draft.counts[key] ?? "",
      dir: "ltr",
      "aria-label": `${group.name}: ${choice.name}`,
      oninput: () => change(field.value),
    });
    const change = (typed) => {
      const count = typed.replace(/\D/g, "").slice(0, 4);
      field.value = count;
      this.set({ counts: { ...this.draft.counts, [key]: count } }, false);
    };
    const step = (by) => () => change(String(Math.max(0, Number(field.value || 0) + by)));
    const less = button("−", "step", step(-1));
    const more = button("+", "step", step(1));
    less.setAttribute("aria-label", `${group.name}: ${choice.name} −1`);
    more.setAttribute("aria-label", `${group.name}: ${choice.name} +1`);
    return make("div", { className: "counter" }, less, field, more);
  }
}

