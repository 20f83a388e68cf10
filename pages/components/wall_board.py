"""The wall as a browser draws it: large, in one piece, and full screen where wanted.

Everything on it comes as data and is set as text: a statement can hold whatever somebody typed.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

_CSS = """
.halqa-wall {
  --gap: clamp(0.75rem, 1.5vw, 1.75rem);
  background: var(--st-background-color); color: var(--st-text-color);
  font-family: var(--st-font); display: grid; gap: var(--gap); align-content: start;
}
.halqa-wall * { box-sizing: border-box; margin: 0; }
.halqa-wall:fullscreen { padding: clamp(1rem, 3vw, 3.5rem); overflow: auto; }
.halqa-wall :is(h2, h3, p, li) { unicode-bidi: plaintext; text-align: start; }
.halqa-wall[dir="rtl"] :is(h2, h3, p, li) { text-align: right; }
.halqa-wall h2 { font-size: clamp(1.5rem, 3.2vw, 3.5rem); line-height: 1.25; padding: 0; }
.halqa-wall h3 { font-size: clamp(1.125rem, 1.7vw, 1.75rem); line-height: 1.35; padding: 0;
  font-weight: 600; }
.halqa-wall p, .halqa-wall li { font-size: clamp(1rem, 1.25vw, 1.375rem); line-height: 1.5; }
.halqa-wall .said-here { display: grid; gap: 0.75rem; }
.halqa-wall .said-here ul { display: grid; gap: 0.5rem; padding: 0; list-style: none; }
.halqa-wall[dir="ltr"] .said-here li { text-align: left; }
.halqa-wall .said-here li { padding: 0.5rem 0.9rem; overflow-wrap: anywhere; white-space: pre-wrap;
  border-inline-start: 0.3rem solid var(--st-border-color); }
.halqa-wall .now { color: var(--st-gray-text-color); }
.halqa-wall .body { display: grid; gap: var(--gap); align-items: start; }
@media (min-width: 900px) {
  .halqa-wall .body.two { grid-template-columns: minmax(0, 1fr) minmax(15rem, 26%); }
}
.halqa-wall .join { display: grid; gap: 0.75rem; justify-items: start; padding: var(--gap);
  background: var(--st-secondary-background-color); border-radius: var(--st-base-radius); }
.halqa-wall .join svg.qr { inline-size: min(100%, 22rem); background: #fff; border-radius: 0.5rem; }
.halqa-wall .body:not(.two) .join { grid-template-columns: minmax(0, 1fr); }
@media (min-width: 900px) {
  .halqa-wall .body:not(.two) .join { grid-template-columns: auto minmax(0, 1fr);
    column-gap: var(--gap); }
  .halqa-wall .body:not(.two) .join svg.qr { grid-row: 1 / span 4; inline-size: 24rem; }
}
.halqa-wall .code { font-size: clamp(1.75rem, 2.6vw, 3rem); font-weight: 700; direction: ltr;
  letter-spacing: 0.06em; font-variant-numeric: tabular-nums; line-height: 1.2; }
.halqa-wall ul { list-style: none; padding: 0; display: grid; gap: var(--gap); }
.halqa-wall ul.counts { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; }
.halqa-wall ul.counts li { font-weight: 600; }
.halqa-wall .statement { display: grid; gap: 0.5rem; padding-block-end: var(--gap);
  border-block-end: 1px solid var(--st-border-color-light, var(--st-border-color)); }
.halqa-wall .said { color: var(--st-gray-text-color); }
.halqa-wall .bars { display: grid; gap: 0.25rem 1rem; align-items: center;
  grid-template-columns: minmax(6rem, max-content) minmax(0, 1fr) max-content; }
.halqa-wall .bars > span { font-size: clamp(0.9375rem, 1.1vw, 1.25rem); line-height: 1.4; }
.halqa-wall .sides, .halqa-wall .bar { display: grid; grid-template-columns: 1fr 1fr; }
.halqa-wall .sides span:first-child { text-align: end; padding-inline-end: 0.5rem; }
.halqa-wall .sides span:last-child { padding-inline-start: 0.5rem; }
.halqa-wall .bar { block-size: clamp(1.25rem, 1.6vw, 1.75rem); }
.halqa-wall .bar div { display: flex; }
.halqa-wall .bar .against { justify-content: flex-end; border-inline-end: 1px solid currentColor; }
.halqa-wall .bar .for { border-inline-start: 1px solid currentColor; }
.halqa-wall .bar i { display: block; block-size: 100%; }
.halqa-wall .bar .for i { background: var(--of); }
.halqa-wall .bar .against i { border: 2px solid var(--of); background: repeating-linear-gradient(
  45deg, var(--of) 0 3px, transparent 3px 8px); }
.halqa-wall .name { display: flex; align-items: center; gap: 0.4rem; font-weight: 600; }
.halqa-wall .name svg { inline-size: 0.9em; block-size: 0.9em; flex: none; fill: var(--of); }
@media (max-width: 1000px) {
  .halqa-wall .bars { grid-template-columns: minmax(0, 1fr); gap: 0.15rem; }
  .halqa-wall .bars .name { margin-block-start: 0.5rem; }
}
.halqa-wall button { justify-self: start; font: inherit; color: inherit; padding: 0.4rem 1rem;
  min-block-size: 2.5rem; background: transparent; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); }
.halqa-wall button:focus-visible { outline: 3px solid var(--st-primary-color);
  outline-offset: 2px; }
.halqa-wall:fullscreen button { display: none; }
"""

_JS = """
const SVG = "http://www.w3.org/2000/svg";
const SHAPES = {
  circle: "M8 1a7 7 0 1 0 .01 0z",
  square: "M1.5 1.5h13v13h-13z",
  "triangle-up": "M8 1 15.5 15H.5z",
};

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

const statement = (each) =>
  make("li", { class: "statement", "data-statement": each.id },
    make("h3", { text: each.text }),
    make("p", { class: "said", text: each.said }),
    each.split?.rows.length ? bars(each.split) : null,
  );

export default function ({ data, parentElement }) {
  let root = parentElement.querySelector(".halqa-wall");
  if (!root) parentElement.append((root = make("div", { class: "halqa-wall" })));
  const focused = root.contains(document.activeElement);
  root.dir = data.dir;
  root.lang = data.lang;
  const statements = data.statements.length
    ? make("ul", {}, ...data.statements.map(statement))
    : null;
  const whole = make("button", { type: "button", text: data.whole });
  whole.onclick = () => root.requestFullscreen?.();
  root.replaceChildren(...[
    make("h2", { text: data.question }),
    data.now && make("p", { class: "now", text: data.now }),
    data.counts.length &&
      make("ul", { class: "counts" }, ...data.counts.map((text) => make("li", { text }))),
    make("div", { class: data.join && statements ? "body two" : "body" },
      statements, data.join && join(data.join)),
    data.said && make("section", { class: "said-here" },
      make("h3", { text: data.said.title }),
      make("ul", {}, ...data.said.notes.map((text) => make("li", { text })))),
    whole,
  ].filter(Boolean));
  if (focused) whole.focus();
}
"""

# Not in a shadow tree: what a full screen shows is then found by screen readers and by tests.
_board = st.components.v2.component("halqa_wall", css=_CSS, js=_JS, isolate_styles=False)


def show(data: Mapping[str, Any]) -> None:
    """Draws what ``wall_data.of`` put together."""
    _board(data=dict(data), key="wall_board")
