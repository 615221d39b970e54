// One question: the pictures, the answers, and what keys, clicks and touches mean.

import { make } from "./dom.js";
import { centre, draw } from "./picture.js";

const GAP = 24;
const GREY = 400; // milliseconds of plain ground between pictures, so that no change from one to the next is seen
const DEAF = 250; // milliseconds in which nobody can have judged: the rest of a double click

// Whether a question shows two pictures, and so needs room for both, or takes turns.
export function showsTwo(study) {
  return ["pairwise", "ccr", "dcr"].includes(study.protocol);
}

export class TrialView {
  constructor(study, words, side) {
    this.study = study;
    this.words = words;
    this.side = side; // both pictures at once, else one after the other
    this.pair = study.protocol === "pairwise";
    this.compared = study.protocol === "ccr"; // which of the two is the original is not told
    this.double = showsTwo(study);
    this.area = make("div", { class: "area" });
    this.tabs = make("div", { class: "tabs", role: "group" });
    this.labels = [...(study.labels[words.code] ?? study.labels[study.languages[0]])];
    if (!this.pair) this.labels.reverse(); // the design has the best first, keys go from 1 on
    this.buttons = this.labels.map((label, place) => this.button(label, place));
    this.asked = study.question[words.code] ?? study.question[study.languages[0]];
    this.question = make("p", { class: "question", id: "question", role: "status" }, this.asked);
    this.scale = make(
      "div",
      { class: this.pair ? "scale pair" : "scale", role: "group", "aria-labelledby": "question", tabindex: "-1" },
      ...this.buttons,
    );
    this.feedback = make("p", { class: "feedback", role: "status" });
    this.further = make("button", { type: "button", class: "further" }, words.of("go_on"));
    this.after = make("div", { class: "after" }, this.feedback, this.further);
    this.after.hidden = true;
    this.bar = make("progress", { max: "1", value: "0", "aria-hidden": "true" });
    this.count = make("span", { class: "count" });
    const foot = make("div", { class: "progress" }, this.bar, this.count);
    const heading = make("h1", { class: "unseen" }, study.title);
    this.root = make("section", { class: "trial" }, heading, this.tabs, this.area, this.question, this.scale, this.after, foot);
    this.tabs.append(...[0, 1].map((place) => this.tab(place)));
    this.tabbed = this.double && !side; // one after the other, in place
    this.tabs.hidden = !this.tabbed;
    this.open = false;
    this.onkey = (event) => this.key(event);
    this.onresize = () => this.lay();
  }

  button(label, place) {
    const number = this.pair ? (place ? "→" : "←") : String(place + 1);
    return make(
      "button",
      { type: "button", onclick: (event) => event.detail < 2 && this.answer(place) },
      make("b", { "aria-hidden": String(this.pair) }, number),
      make("span", {}, label),
    );
  }

  tab(place) {
    const facts = { type: "button", "aria-pressed": "false", onclick: () => this.frames && this.turn(place) };
    return make("button", facts, this.caption(place));
  }

  start() {
    document.addEventListener("keydown", this.onkey);
    document.addEventListener("keyup", swallowSpace);
    window.addEventListener("resize", this.onresize);
    window.visualViewport?.addEventListener("resize", this.onresize);
  }

  stop() {
    document.removeEventListener("keydown", this.onkey);
    document.removeEventListener("keyup", swallowSpace);
    window.removeEventListener("resize", this.onresize);
    window.visualViewport?.removeEventListener("resize", this.onresize);
  }

  progress(session, example) {
    this.bar.max = session.total;
    this.bar.value = session.answered;
    const count = this.words.of("progress", session);
    this.count.textContent = example ? `${this.words.of("example")} · ${count}` : count;
  }

  // Show decoded pictures and give {answer, milliseconds} once one of the answers was chosen.
  async ask(trial, bitmaps) {
    this.trial = trial;
    this.close();
    this.area.replaceChildren();
    this.after.hidden = true;
    this.scale.hidden = false;
    for (const button of this.buttons) button.setAttribute("aria-pressed", "false");
    await new Promise((resolve) => setTimeout(resolve, GREY));
    this.frames = bitmaps.map((bitmap, place) => this.frame(bitmap, place));
    this.area.append(...this.frames);
    this.seen = new Set();
    this.lay();
    if (this.tabbed) this.turn(0);
    else this.frames.forEach((_, place) => this.seen.add(place));
    await painted();
    this.shown = performance.now();
    this.open = true;
    this.mayAnswer();
    this.scale.focus({ preventScroll: true });
    return new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  frame(bitmap, place) {
    const canvas = make("canvas", { role: "img", "aria-label": this.caption(place) });
    draw(canvas, bitmap);
    const frame = make("figure", {}, canvas);
    if (this.double && this.side && !this.pair) frame.append(make("figcaption", {}, this.caption(place)));
    return frame;
  }

  caption(place) {
    if (this.pair) return this.words.of(place ? "picture_right" : "picture_left");
    if (this.compared) return this.words.of(place ? "picture_b" : "picture_a");
    if (this.double) return this.words.of(place ? "to_judge" : "original");
    return this.words.of("picture");
  }

  lay() {
    if (!this.frames) return;
    this.put(this.asked); // the room that counts is the one beside the question, not beside a longer warning
    for (const frame of this.frames) {
      const canvas = frame.firstElementChild;
      canvas.style.width = `${canvas.width / devicePixelRatio}px`;
      canvas.style.height = `${canvas.height / devicePixelRatio}px`;
    }
    if (this.double && this.side) centre(this.area, this.frames, GAP);
    else for (const frame of this.frames) centre(this.area, [frame], 0);
    this.cramped = this.isCramped();
    this.put(this.due());
    this.mayAnswer();
  }

  // What is to be done now: to make room, to look at the other picture too, or to answer.
  due() {
    if (this.cramped) return this.words.of("cramped");
    return this.seen.size < this.frames.length && this.tabbed ? this.words.of("both_first") : this.asked;
  }

  put(text) {
    if (this.question.textContent !== text) this.question.textContent = text;
  }

  // A window that was made too small, or pinched, since the picture came: it is not judged so.
  isCramped() {
    const area = this.area.getBoundingClientRect();
    const inside = this.frames.every((frame) => {
      const box = frame.getBoundingClientRect();
      return box.left >= area.left - 1 && box.right <= area.right + 1 && box.height <= area.height + 1;
    });
    return !inside || Math.abs((window.visualViewport?.scale ?? 1) - 1) > 0.01;
  }

  // Bring one of two pictures to the front, in the very place of the other.
  turn(place) {
    this.front = place;
    this.seen.add(place);
    this.frames.forEach((frame, each) => frame.classList.toggle("behind", each !== place));
    [...this.tabs.children].forEach((tab, each) => tab.setAttribute("aria-pressed", String(each === place)));
    this.put(this.due());
    this.mayAnswer();
  }

  mayAnswer() {
    const may = this.open && !this.cramped && this.seen?.size === this.frames?.length;
    for (const button of this.buttons) button.setAttribute("aria-disabled", String(!may));
    return may;
  }

  close() {
    this.open = false;
    for (const button of this.buttons) button.setAttribute("aria-disabled", "true");
  }

  answer(place) {
    const now = performance.now();
    if (!this.open || !this.mayAnswer() || now - this.shown < DEAF) return;
    this.close();
    this.buttons[place].setAttribute("aria-pressed", "true");
    const milliseconds = Math.min(Math.round(now - this.shown), 86_400_000);
    this.resolve({ answer: this.study.scale[place], milliseconds });
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.repeat) {
      if (event.key === "Enter" || event.key === " ") event.preventDefault();
      return;
    }
    const number = Number.parseInt(event.key, 10);
    if (number >= 1 && number <= this.buttons.length) this.answer(number - 1);
    else if (event.key === " " && this.tabbed && this.frames && this.after.hidden) {
      event.preventDefault();
      this.turn(1 - this.front);
    } else if (event.key === "ArrowRight" || event.key === "ArrowUp") this.arrow(event, 1);
    else if (event.key === "ArrowLeft" || event.key === "ArrowDown") this.arrow(event, -1);
  }

  arrow(event, step) {
    if (this.scale.hidden) return;
    event.preventDefault();
    if (this.pair) {
      if (event.key === "ArrowLeft" || event.key === "ArrowRight") this.answer(step > 0 ? 1 : 0);
      return;
    }
    const here = this.buttons.indexOf(document.activeElement);
    const next = here < 0 ? Math.floor(this.buttons.length / 2) : here + step;
    this.buttons[Math.min(Math.max(next, 0), this.buttons.length - 1)].focus();
  }

  // After an example: what it was meant to be. The picture stays.
  explain(answer, expected) {
    const named = (value) => {
      const place = this.study.scale.indexOf(value);
      return this.pair ? this.labels[place] : `${place + 1} – ${this.labels[place]}`;
    };
    const text = `feedback_${this.pair ? "pair_" : ""}${answer === expected ? "same" : "other"}`;
    this.feedback.textContent = this.words.of(text, { answer: named(answer), expected: named(expected) });
    this.scale.hidden = true;
    this.after.hidden = false;
    this.lay();
    this.further.focus({ preventScroll: true });
    return new Promise((resolve) => {
      this.further.onclick = resolve;
    });
  }
}

function swallowSpace(event) {
  // A space bar that turns pictures must not press the button that has the focus.
  if (event.key === " " && event.target.closest?.(".scale")) event.preventDefault();
}

function painted() {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}
