// For somebody who helps people without a phone, or who do not read: everything that stands in the
// room is read aloud, and their answers to the statements are taken one person at a time.
const speech = window.speechSynthesis;

let heard = null; // the place in the list that is being read, and what is spoken there

const hush = () => {
  heard = null;
  speech?.cancel();
};

const say = (place, text, lang, changed) => {
  hush();
  const spoken = new SpeechSynthesisUtterance(text);
  heard = { place, spoken };
  spoken.onend = spoken.onerror = () => {
    if (heard?.spoken !== spoken) return; // another text is read by now
    heard = null;
    changed();
  };
  spoken.lang = lang;
  const voice = speech.getVoices().find((each) => each.lang.toLowerCase().startsWith(lang));
  if (voice) spoken.voice = voice;
  speech.speak(spoken);
};

// Reading stops where it was started.
const aloud = (capture, place, text) => {
  if (!speech) return "";
  const { t, lang } = capture.data;
  const speaking = heard?.place === place;
  const label = speaking ? t.silence : t.read;
  const made = button(label, "read", () => {
    if (speaking) hush();
    else say(place, text, lang, () => capture.show());
    capture.show();
  });
  made.name = `read_${place}`;
  made.setAttribute("aria-label", `${label}: ${text.slice(0, 80)}`);
  return made;
};

// What the person beside the helper has chosen, until the next one comes.
const answered = new Map();

const answers = (capture, statement) => {
  const { choices, t } = capture.data;
  const row = make("div", { className: "choices", role: "group", "aria-label": statement.text });
  for (const choice of choices) {
    const made = button(choice.name, `choice ${choice.value}`, () => {
      const { groups, unsaid } = capture.draft;
      if (!groups.length && !unsaid) return capture.problem(t.needs_group_or_unsaid, ".aloud");
      if (answered.has(statement.id)) return;
      answered.set(statement.id, choice.value);
      capture.put({
        what: "hands",
        counts: [[groups, choice.value, 1]], // one person, of however many groups
        statement: statement.id,
        said: `${choice.name}: ${statement.text}`,
      });
      capture.show();
    });
    const chosen = answered.get(statement.id);
    made.name = `choice_${statement.id}_${choice.value}`;
    made.setAttribute("aria-pressed", String(chosen === choice.value));
    made.disabled = chosen !== undefined;
    row.append(made);
  }
  return row;
};

const reading = (capture) => {
  const { t, texts, statements } = capture.data;
  const box = make("div", { className: "aloud" });
  if (!speech) box.append(make("p", { textContent: t.no_speech }));
  for (const [number, { title, text }] of texts.entries()) {
    box.append(
      make("h3", { textContent: title }),
      make("p", { className: "spoken", textContent: text }),
      aloud(capture, `text_${number}`, text),
    );
  }
  for (const statement of statements) {
    const item = make(
      "article",
      {},
      make("h3", { textContent: t.vote }),
      make("p", { className: "spoken", textContent: statement.text }),
      aloud(capture, `statement_${statement.id}`, statement.text),
      answers(capture, statement),
    );
    box.append(item);
  }
  const row = make("div", { className: "aloud-actions" });
  const next = button(t.next_person, "next", () => {
    answered.clear();
    hush();
    capture.set({ groups: [], unsaid: false });
  });
  next.name = "next_person";
  if (statements.length) row.append(next);
  box.append(make("p", { className: "wrong", role: "alert" }), row);
  return box;
};

export default function ({ data, parentElement, setTriggerValue }) {
  const there = parentElement.querySelector("section.capture")?.attachedCapture;
  const same = there && there.place === `${data.user}-${data.convening}`;
  if (same) {
    there.update(data, setTriggerValue);
  } else {
    there?.close();
    there?.root.remove();
    new Capture(parentElement, data, setTriggerValue);
  }
  return () => {
    const gone = parentElement.querySelector("section.capture")?.attachedCapture;
    if (gone && !parentElement.isConnected) gone.close();
  };
}
