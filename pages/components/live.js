// Follows a room. Each event names a state of it, the shape in which a screen shows that state, and
// what is drawn within the shape. Where the shape is the one that this screen was drawn in, "draw"
// gets it; any other shape takes a run of the screen's fragment, at once when nothing is under way,
// and once more for whatever has come meanwhile. A run that brings nothing back is forgotten after
// GIVE_UP milliseconds.

const GIVE_UP = 10_000;
const SILENT = 45_000;
const views = new Map();

const connected = () =>
  document.querySelector(".stApp")?.dataset.testConnectionState === "CONNECTED";

class View {
  constructor(path) {
    this.path = path;
    this.heard = this.drawn = this.asked = null;
    this.askedAt = this.heardAt = 0;
    this.visible = () => (document.hidden ? this.pause() : this.listen());
    document.addEventListener("visibilitychange", this.visible);
    this.timer = setInterval(() => this.check(), 1_000);
    this.polledAt = Date.now();
    if (!document.hidden) this.listen();
  }

  listen() {
    if (this.stream) return;
    this.heardAt = Date.now();
    const stream = (this.stream = new EventSource(this.path));
    const alive = () => (this.heardAt = Date.now());
    stream.onopen = alive;
    stream.addEventListener("beat", alive);
    stream.addEventListener("ended", () => location.reload());
    stream.onmessage = ({ data }) => {
      alive();
      this.heard = JSON.parse(data);
      this.look();
    };
  }

  pause() {
    this.stream?.close();
    this.stream = null;
  }

  up() {
    return this.stream?.readyState === EventSource.OPEN;
  }

  // Shows what was heard of, unless it is shown or a run was asked for it.
  look() {
    const { heard } = this;
    if (heard === null || heard.mark === this.drawn || heard.mark === this.asked) return;
    if (heard.shape === this.facts.shape) {
      this.draw(heard.drawn);
      this.drawn = heard.mark;
      this.polledAt = Date.now();
      return;
    }
    if (this.askedAt && Date.now() - this.askedAt < GIVE_UP) return;
    if (!connected()) return;
    this.asked = heard.mark;
    this.ask("event");
  }

  ask(why) {
    this.askedAt = this.polledAt = Date.now();
    this.run(why);
  }

  ran() {
    this.drawn = this.facts.mark;
    this.askedAt = 0;
    this.polledAt = Date.now();
    this.look();
  }

  check() {
    if (document.hidden) return;
    if (this.askedAt && Date.now() - this.askedAt >= GIVE_UP) this.asked = null;
    this.look();
    if (this.stream && Date.now() - this.heardAt > SILENT) this.pause();
    if (this.stream?.readyState === EventSource.CLOSED) this.pause();
    if (!this.up() && connected() && Date.now() - this.polledAt >= this.facts.every) {
      this.ask("timer");
      this.listen();
    }
  }

  end() {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.visible);
    this.pause();
  }
}

// Begins to follow, or goes on after a run; what is returned ends it.
const follow = (key, facts, draw, run) => {
  let view = views.get(key);
  if (view && view.path !== facts.path) {
    view.end();
    view = undefined;
  }
  if (!view) {
    view = new View(facts.path);
    views.set(key, view);
  }
  Object.assign(view, { facts, draw, run });
  view.ran();
  return () => {
    view.end();
    views.delete(key);
  };
};
