const SVG = "http://www.w3.org/2000/svg";
const SHAPES = {
  circle: "M8 1a7 7 0 1 0 .01 0z",
  square: "M1.5 1.5h13v13h-13z",
  "triangle-up": "M8 1 15.5 15H.5z",
};

const LONG = 80; // characters of a question that is set smaller

const make = (tag, { text, ...attributes } = {}, ...children) => {
  const found = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) found.setAttribute(name, value);
  if (text !== undefined) found.textContent = text;
  found.append(...children.filter(Boolean));
  return found;
};

const drawn = (path, size, attributes) => {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
};

const join = (way) => {
  const qr = drawn(way.qr.path, way.qr.size, { class: "qr", role: "img", "aria-label": way.alt });
  qr.setAttribute("shape-rendering", "crispEdges");
  return make("section", { class: "join" },
    make("h3", { text: way.title }),
    qr,
    make("p", { text: way.how }),
    make("p", { class: "code", text: way.code }),
    make("p", { class: "said", text: way.promise }),
  );
};

const bars = (split) => {
  const table = make("div", { class: "bars" });
  table.append(
    make("span"),
    make("span", { class: "sides" },
      make("span", { text: split.against }), make("span", { text: split.for })),
    make("span"),
  );
  for (const row of split.rows) {
    const side = (kind, share) => {
      const fill = share ? make("i") : null;
      if (fill) fill.style.inlineSize = `${share * 100}%`;
      return make("div", { class: kind }, fill);
    };
    const name = make("span", { class: "name" },
      row.shape && drawn(SHAPES[row.shape], 16, { "aria-hidden": "true" }),
      make("span", { text: row.name }));
    const bar = make("div", { class: "bar", "aria-hidden": "true" },
      side("against", row.against), side("for", row.for));
    for (const each of [name, bar]) each.style.setProperty("--of", row.colour);
    table.append(name, bar, make("span", { class: "told", text: row.told }));
  }
  return table;
};

const statement = (each) => {
  const result = each.split?.rows.length ? bars(each.split) : null;
  return make("li",
    { class: result ? "statement result" : "statement",
      "data-statement": each.id, "data-item": `s${each.id}` },
    make("h3", { text: each.text }),
    make("p", { class: "said", text: each.said }),
    result,
  );
};

const note = (text, place) => make("li", { text, "data-item": `n${place}` });

const button = (kind, attributes, onclick) =>
  Object.assign(make("button", { type: "button", class: kind, ...attributes }), { onclick });

const head = (root, data) =>
  make("div", { class: "head" },
    make("h2", { text: data.question, class: data.question.length > LONG ? "long" : "short" }),
    data.now && make("p", { class: "now", text: data.now }),
    data.counts.length &&
      make("ul", { class: "counts" }, ...data.counts.map((text) => make("li", { text }))),
    button("whole", { text: data.whole }, () => root.requestFullscreen?.()),
  );

const rest = (root, data) =>
  make("div", { class: "rest" },
    data.statements.length &&
      make("ul", { "data-list": "" }, ...data.statements.map(statement)),
    data.said && make("section", { class: "said-here", "data-list": "" },
      make("h3", { text: data.said.title }),
      make("ul", {}, ...data.said.notes.map(note))),
    button("turn", { "data-one": data.part.one, "data-several": data.part.several,
      title: data.part.next }, () => root.fitting.turn(1)),
  );

const draw = (root, data) => {
  const focused = root.contains(document.activeElement) && document.activeElement.className;
  root.dir = data.dir;
  root.lang = data.lang;
  const alone = !data.statements.length && !data.said;
  const all = make("div", { class: "all" },
    head(root, data),
    data.join && join(data.join),
    alone ? null : rest(root, data),
  );
  all.classList.toggle("joined", Boolean(data.join));
  all.classList.toggle("alone", alone);
  root.replaceChildren(all);
  root.fitting.fit();
  if (focused) all.querySelector(`button.${focused}`)?.focus();
};

export default function ({ data, key, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector(".halqa-wall");
  if (!root) parentElement.append((root = make("div", { class: "halqa-wall", tabindex: -1 })));
  root.fitting ??= new Fitting(root);
  draw(root, data.wall);
  const run = (why) => setTriggerValue("changed", why);
  const end = follow(key, data.follow, (changed) => draw(root, { ...data.wall, ...changed }), run);
  return () => {
    end();
    root.fitting?.end();
    delete root.fitting;
  };
}
