// What comes before, between and after the questions.

import { make, panel, paragraphs, show } from "./dom.js";
import { screenFacts } from "./screen.js";
import { showsTwo } from "./trial.js";
import { fill, speak } from "./words.js";

const LOOK_AGAIN = 500;

export function joinStage(words, languages) {
  const content = [...paragraphs(words.of("welcome_text")), ...tongues(words, languages)];
  return panel(words.of("welcome"), content, [["join", words.of("take_part")]]);
}

// The other languages, each by its own name, for who did not set the browser to theirs.
function tongues(words, languages) {
  const others = languages.filter((code) => code !== words.code);
  if (!others.length) return [];
  const named = (code) => new Intl.DisplayNames([code], { type: "language" }).of(code);
  const facts = (code) => ({ type: "button", class: "quiet", lang: code, onclick: () => speak(code) });
  return [make("p", { class: "tongues" }, ...others.map((code) => make("button", facts(code), named(code))))];
}

export function consentStage(words, session) {
  const { study, rater, total, blocks } = session;
  const texts = study.consent[words.code] ?? study.consent.en; // a design with a text of its own has every language
  const agreed = texts.map((text) => make("p", { class: "agreed" }, fill(text, { rater, total, blocks })));
  const content = [
    make("p", { class: "study", lang: study.languages[0] }, study.title),
    ...tongues(words, study.languages),
    ...agreed,
    ...contact(words, study),
    personalLink(words),
  ];
  return panel(words.of("consent"), content, [["agree", words.of("i_agree")]]);
}

function contact(words, study) {
  if (!study.contact) return [];
  return [make("p", { class: "contact" }, words.of("contact", { contact: study.contact }))];
}

export function instructionStage(words, study, side) {
  const pair = study.protocol === "pairwise";
  const how = { pairwise: "how_pairwise", dcr: "how_dcr", ccr: "how_ccr" }[study.protocol] ?? "how_rating";
  const labels = study.labels[words.code] ?? study.labels[study.languages[0]];
  const list = make("ul", { class: "labels" });
  if (!pair) labels.forEach((label, place) => list.append(make("li", {}, make("b", {}, String(labels.length - place)), ` ${label}`)));
  const hands = matchMedia("(hover: none) and (pointer: coarse)").matches; // a phone has no keys to speak of
  const keys = hands ? [] : [words.of(pair ? "how_keys_pair" : "how_keys", { most: labels.length })];
  const toggle = side || !showsTwo(study) ? [] : [words.of("how_toggle")];
  const content = [...paragraphs(words.of(how)), ...(pair ? [] : [list])];
  return panel(
    words.of("instructions"),
    [...content, ...paragraphs(...keys, ...toggle, words.of("how_advice"))],
    [["on", words.of("go_on")]],
  );
}

// Wait until pictures can be shown as they are; looks again by itself. Gives the facts it went on with.
export async function screenStage(words, session, { ask, refused }) {
  let facts = await screenFacts(session, words);
  let said = null;
  while (facts.problems.length) {
    const lines = facts.problems.map((name) =>
      words.of(name, {
        width: session.width,
        height: session.height,
        roomWidth: facts.room.width,
        roomHeight: facts.room.height,
      }),
    );
    if (lines.join() !== said) {
      if (said === null) refused(facts);
      said = lines.join();
      panel(words.of("screen"), paragraphs(words.of("screen_bad"), ...lines), []);
    }
    await Promise.race([
      new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN)),
      new Promise((resolve) => window.addEventListener("resize", resolve, { once: true })),
    ]);
    facts = await screenFacts(session, words);
  }
  if (ask || said !== null) {
    await panel(words.of("screen"), paragraphs(words.of("screen_good")), [["on", words.of("go_on")]]);
    const last = await screenFacts(session, words);
    return last.problems.length ? screenStage(words, session, { ask, refused }) : last;
  }
  return facts;
}

export function calibrationStage(words, count) {
  return panel(words.of("calibration"), paragraphs(words.of("calibration_text", { count })), [
    ["on", words.of("begin")],
  ]);
}

export function nowStage(words) {
  return panel(words.of("now"), paragraphs(words.of("now_text")), [["on", words.of("begin")]]);
}

export function backStage(words, session) {
  return panel(words.of("welcome_back"), paragraphs(words.of("welcome_back_text", session)), [
    ["on", words.of("go_on")],
  ]);
}

export async function pauseStage(words, session, withdraw) {
  const values = { ...session, done: session.block - 1 };
  const text = make("p", {}, words.of("pause_text", values));
  const content = [text, bar(session), ...contact(words, session.study), personalLink(words)];
  const buttons = [
    ["on", words.of("go_on")],
    ["withdraw", words.of("withdraw"), { class: "quiet" }],
  ];
  while ((await panel(words.of("pause"), content, buttons)) === "withdraw") await withdraw();
}

export async function doneStage(words, session, withdraw) {
  const content = [...paragraphs(words.of("done_text", session)), bar(session), ...contact(words, session.study)];
  for (;;) {
    await panel(words.of("done"), content, [["withdraw", words.of("withdraw"), { class: "quiet" }]]);
    await withdraw();
  }
}

export function sureStage(words) {
  return panel(words.of("withdraw"), paragraphs(words.of("withdraw_sure")), [
    ["no", words.of("withdraw_no")],
    ["yes", words.of("withdraw_yes"), { class: "quiet" }],
  ]);
}

// The end of the road: nothing to press but a reload.
export function messageStage(title, text, again) {
  if (again) return panel(title, paragraphs(text), [["again", again]]).then(() => location.reload());
  show(make("section", { class: "panel" }, make("h1", {}, title), make("p", {}, text)));
  return new Promise(() => {});
}

function bar(session) {
  return make("progress", { max: session.total, value: session.answered, "aria-hidden": "true" });
}

function personalLink(words) {
  const field = make("input", { readonly: true, value: location.href, "aria-label": words.of("link_title") });
  const copy = make("button", { type: "button", class: "quiet" }, words.of("copy"));
  copy.onclick = async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      document.execCommand("copy"); // over plain HTTP in a local network there is no clipboard
    }
    copy.textContent = words.of("copied");
  };
  return make(
    "div",
    { class: "link" },
    make("h2", {}, words.of("link_title")),
    make("p", {}, words.of("link_text")),
    make("p", { class: "field" }, field, copy),
  );
}
