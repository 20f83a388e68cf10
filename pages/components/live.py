"""Screens that follow a room: each change runs the fragment that shows it again, and nothing else.

The browser holds one event stream for each screen that is looked at. An event names the state of
the room; the fragment runs again where that is not the state it has drawn. While the stream is
down a slow timer asks in its place.
"""

import time

import streamlit as st

from db import events

EVERY_SECONDS = 15  # while the stream is down

# Runs again what is on the screen: at once when nothing is under way, and once more for whatever
# has come meanwhile. A run that brings nothing back is forgotten after GIVE_UP milliseconds.
_JS = """
const GIVE_UP = 10_000;
const SILENT = 45_000;
const views = new Map();

const connected = () =>
  document.querySelector(".stApp")?.dataset.testConnectionState === "CONNECTED";

class View {
  constructor(path, every) {
    this.path = path;
    this.every = every;
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
      this.heard = data;
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

  // Asks for a run when what was heard is neither drawn nor asked for.
  look() {
    if (this.heard === null || this.heard === this.drawn || this.heard === this.asked) return;
    if (this.askedAt && Date.now() - this.askedAt < GIVE_UP) return;
    if (!connected()) return;
    this.asked = this.heard;
    this.run("event");
  }

  run(why) {
    this.askedAt = this.polledAt = Date.now();
    this.trigger(why);
  }

  drew(mark) {
    this.drawn = mark;
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
    if (!this.up() && connected() && Date.now() - this.polledAt >= this.every) {
      this.run("timer");
      this.listen();
    }
  }

  end() {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.visible);
    this.pause();
  }
}

export default function ({ data, key, parentElement, setTriggerValue }) {
  let view = views.get(key);
  if (view && view.path !== data.path) {
    view.end();
    view = undefined;
  }
  if (!view) {
    view = new View(data.path, data.every);
    views.set(key, view);
  }
  view.trigger = (why) => setTriggerValue("changed", why);
  parentElement.host?.setAttribute("data-live", data.mark);
  view.drew(data.mark);
  return () => {
    view.end();
    views.delete(key);
  };
}
"""

_stream = st.components.v2.component("halqa_live", js=_JS)


def follow(convening_id: int) -> None:
    """Has the fragment that calls it, or the screen outside of one, follow a convening's room.

    To be called before anything is read: what changes while it is read is then heard of again.
    """
    _stream(
        data={
            "path": f"/events/{convening_id}",
            "mark": events.mark(convening_id),
            "every": EVERY_SECONDS * 1000,
            "run": time.monotonic_ns(),  # each run reaches the browser, also one without a change
        },
        key=f"live_{convening_id}",
        on_changed_change=lambda: None,
    )
