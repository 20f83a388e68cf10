// Makes a wall fit a full screen, where nobody scrolls: the text as large as it may be, statements
// without a result in two columns where that helps, and where even the least text holds not all of
// it, one part after the other with a sign of it. Out of full screen everything stands in one list.

const SHORTER = { least: 0.022, most: 0.045 }; // of the screen's shorter side: the size of text
const TINY = 8; // pixels: for one statement that fits no screen at a size to read
const TURNS = 15_000;

class Fitting {
  constructor(root) {
    this.root = root;
    this.parts = [[]];
    this.fit = this.fit.bind(this);
    this.full = () => {
      this.fit();
      if (document.fullscreenElement === root) root.focus();
    };
    // What a remote control for slides sends
    root.onkeydown = ({ key }) => {
      if (key === "PageDown" || key === "PageUp") this.turn(key === "PageDown" ? 1 : -1);
    };
    document.addEventListener("fullscreenchange", this.full);
    document.fonts.addEventListener("loadingdone", this.fit);
    window.addEventListener("resize", this.fit);
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.begin();
  }

  end() {
    document.removeEventListener("fullscreenchange", this.full);
    document.fonts.removeEventListener("loadingdone", this.fit);
    window.removeEventListener("resize", this.fit);
    clearInterval(this.timer);
  }

  begin() {
    clearInterval(this.timer);
    this.timer = setInterval(() => this.still.matches || this.turn(1), TURNS);
  }

  fit() {
    const { root } = this;
    this.all = root.querySelector(".all");
    this.rest = root.querySelector(".rest");
    this.items = [...root.querySelectorAll("[data-item]")];
    this.parts = [this.items];
    this.write("");
    this.pair(false);
    this.show(this.items);
    if (document.fullscreenElement !== root) return;
    const side = Math.min(root.clientWidth, root.clientHeight);
    this.least = side * SHORTER.least;
    const sizes = [false, true].map((pairs) => {
      this.pair(pairs);
      return this.largest(this.least, side * SHORTER.most);
    });
    const size = Math.max(...sizes);
    this.pair(sizes[1] > sizes[0]);
    if (size) return this.write(size);
    const [single, paired] = [false, true].map((pairs) => {
      this.pair(pairs);
      return this.divided();
    });
    this.parts = paired.length < single.length ? paired : single;
    this.pair(this.parts === paired);
    this.turn(0);
  }

  // Goes on by so many parts, from the one that is shown.
  turn(by) {
    const { parts } = this;
    if (by && parts.length < 2) return;
    const now = parts.findIndex((part) => part.some((each) => each.dataset.item === this.at));
    const part = parts[(Math.max(0, now) + by + parts.length) % parts.length];
    this.at = part[0]?.dataset.item;
    this.show(part);
    this.largest(TINY, this.least * 1.25);
    if (by) this.begin();
  }

  pair(pairs) {
    this.rest?.classList.toggle("pairs", pairs);
  }

  write(size) {
    this.all.style.fontSize = size && `${size}px`;
  }

  fits() {
    const { root } = this;
    return root.scrollHeight <= root.clientHeight && root.scrollWidth <= root.clientWidth;
  }

  // The largest size of text at which everything that is shown fits; 0 where not even the least is.
  largest(least, most) {
    this.write(least);
    if (!this.fits()) return 0;
    for (let step = 0; step < 8; step++) {
      const middle = (least + most) / 2;
      this.write(middle);
      if (this.fits()) least = middle;
      else most = middle;
    }
    this.write(least);
    return least;
  }

  // Parts of the list, each of which fits at the least size, or is a single statement.
  divided() {
    this.write(this.least);
    const parts = [[]];
    for (const item of this.items) {
      const part = parts.at(-1);
      this.show([...part, item]);
      if (part.length && !this.fits()) parts.push([item]);
      else part.push(item);
    }
    return parts;
  }

  show(part) {
    for (const each of this.items) each.hidden = !part.includes(each);
    for (const list of this.rest?.querySelectorAll("[data-list]") ?? [])
      list.hidden = !list.querySelector("[data-item]:not([hidden])");
    const turn = this.root.querySelector(".turn");
    if (!turn) return;
    turn.hidden = part.length === this.items.length;
    const [first, last] = [part[0], part.at(-1)].map((each) => this.items.indexOf(each) + 1);
    const text = first === last ? turn.dataset.one : turn.dataset.several;
    const places = { "{first}": first, "{last}": last, "{all}": this.items.length };
    turn.textContent = text.replace(/\{\w+\}/g, (name) => places[name]);
  }
}
