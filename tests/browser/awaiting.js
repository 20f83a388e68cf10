// Keeps data-test-awaiting on <html> from the moment the page asks for a run of the script until
// that run has ended and was drawn. Streamlit's own mark of a running script appears only when the
// server's answer has arrived, so a test that looks for it can look too early.
//
// For a fragment that the run before has done away with no run begins: Streamlit forgets the request.
// Such a one is given up FORGOTTEN milliseconds after that run has ended.
(() => {
  const RERUN = 11; // of BackMsg
  const [NEW_SESSION, FINISHED] = [4, 6]; // of ForwardMsg
  const FINISHED_EARLY = 2; // another run follows
  const FORGOTTEN = 5_000;

  // The first field of a protobuf message that is no hash and no metadata: its number and value.
  const first = (bytes) => {
    let at = 0;
    const number = () => {
      let value = 0;
      for (let factor = 1; ; factor *= 128) {
        const byte = bytes[at++];
        value += (byte & 127) * factor;
        if (byte < 128) return value;
      }
    };
    while (at < bytes.length) {
      const tag = number();
      const value = number(); // of a text or a message: how long it is
      if (tag >> 3 > 2) return [tag >> 3, value];
      at += value;
    }
    return [0, 0];
  };

  let asked = 0;
  let begun = 0;
  const mark = (on) => document.documentElement?.toggleAttribute("data-test-awaiting", on);
  const drawn = (of) =>
    requestAnimationFrame(() => requestAnimationFrame(() => of === asked && mark(false)));

  window.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args);
      this.addEventListener("close", () => mark(false));
      this.addEventListener("message", ({ data }) => {
        if (!(data instanceof ArrayBuffer)) return;
        const [kind, value] = first(new Uint8Array(data));
        if (kind === NEW_SESSION) begun = asked;
        if (kind !== FINISHED || value === FINISHED_EARLY) return;
        if (begun === asked) drawn(asked);
        else setTimeout((of) => of === asked && begun < of && mark(false), FORGOTTEN, asked);
      });
    }

    send(data) {
      if (data instanceof Uint8Array && first(data)[0] === RERUN) {
        asked += 1;
        mark(true);
      }
      super.send(data);
    }
  };
})();
