// The page's own words in the reader's language; adding a language is adding words/CODE.json.

import { kept } from "./dom.js";

export async function wordsFor(languages) {
  const wanted = [kept(localStorage, "language"), ...navigator.languages.map((code) => code.split("-")[0])];
  const code = wanted.find((each) => languages.includes(each)) ?? languages[0];
  const answer = (await load(code)) ?? (await load("en"));
  document.documentElement.lang = code;
  return new Words(code, answer);
}

async function load(code) {
  const answer = await fetch(`/words/${encodeURIComponent(code)}.json`);
  return answer.ok ? answer.json() : null;
}

// Take another language from now on, in this browser.
export function speak(code) {
  kept(localStorage, "language", code);
  location.reload();
}

class Words {
  constructor(code, entries) {
    this.code = code;
    this.entries = entries;
  }

  // The text of a name, with {places} filled in.
  of(name, values = {}) {
    return fill(this.entries[name] ?? name, values);
  }
}

export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
}
