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

class Words {
  constructor(code, entries) {
    this.code = code;
    this.entries = entries;
  }

  // The text of a name, with {places} filled in.
  of(name, values = {}) {
    return fill(this.entries[name] ?? name, values);
  }

  all(name, values = {}) {
    return this.entries[name].map((text) => fill(text, values));
  }
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
