// The rater's way through the study. The server knows where everyone stands; the page only asks it.

import { Api, Refused, untilReached } from "./api.js";
import { kept, say, show } from "./dom.js";
import { Shelf, namesOf } from "./picture.js";
import { acuityStage, colourStage } from "./plates.js";
import { screenFacts } from "./screen.js";
import {
  backStage,
  calibrationStage,
  consentStage,
  doneStage,
  instructionStage,
  joinStage,
  messageStage,
  nowStage,
  pauseStage,
  screenStage,
  sureStage,
} from "./stages.js";
import { TrialView } from "./trial.js";
import { Votes } from "./votes.js";
import { wordsFor } from "./words.js";

const KNOWN = ["en", "ko"];

class Visit {
  constructor(api, words, session) {
    this.api = api;
    this.words = words;
    this.session = session;
    this.votes = new Votes(api, session.rater, words);
    this.shelf = new Shelf(api);
    this.begun = `begun ${session.rater}`;
  }

  reach(action) {
    return untilReached(action, () => say(this.words.of("unreached_plain")), () => say(""));
  }

  note(event, data) {
    return this.reach(() => this.api.post("notes", { event, data }));
  }

  async run() {
    await this.votes.sendLeft();
    this.session = await this.reach(() => this.api.get("session"));
    if (this.session.trial) {
      this.shelf.keepOnly(this.session.trial);
      if (this.session.answered === 0) await this.introduce();
      else await this.resume();
      kept(sessionStorage, this.begun, "yes");
      await this.questions();
    }
    this.view?.stop();
    await doneStage(this.words, this.session, () => this.withdraw());
  }

  async introduce() {
    await consentStage(this.words, this.session);
    await this.note("consent", { agreed: true, language: this.words.code });
    await this.checkScreen(true);
    await instructionStage(this.words, this.session.study, this.facts.side);
    await this.note("colour", await colourStage(this.words));
    await this.note("acuity", await acuityStage(this.words));
  }

  // A reload within a visit goes straight on; another day begins with a word and a look at the screen.
  async resume() {
    if (kept(sessionStorage, this.begun)) return this.checkScreen(false);
    await backStage(this.words, this.session);
    await this.checkScreen(true);
    return instructionStage(this.words, this.session.study, this.facts.side);
  }

  async checkScreen(ask) {
    const refused = (facts) => this.note("refused-screen", facts.note);
    this.facts = await screenStage(this.words, this.session, { ask, refused });
    await this.note("screen", this.facts.note);
  }

  async questions() {
    let paused = null;
    let kind = null;
    while (this.session.trial) {
      const { trial, following } = this.session;
      if (this.session.pause && paused !== this.session.block) {
        this.leave();
        await pauseStage(this.words, this.session, () => this.withdraw());
        await this.note("break", { block: this.session.block });
        paused = this.session.block;
      }
      if (trial.kind !== kind && (kind || this.session.answered === 0)) {
        this.leave();
        if (trial.kind === "test") await nowStage(this.words);
        else await calibrationStage(this.words, this.session.block_size);
      }
      kind = trial.kind;
      const view = await this.viewNow();
      view.progress(this.session, trial.kind === "calibration");
      this.shelf.keepOnly(trial, following);
      const bitmaps = await this.pictures(trial);
      const given = await view.ask(trial, bitmaps);
      const receipt = await this.votes.send({ trial: trial.number, pictures: trial.pictures, ...given });
      if (receipt?.expected !== null && receipt?.expected !== undefined) {
        view.progress(receipt.session, true);
        await view.explain(given.answer, receipt.expected);
      }
      this.session = receipt?.session ?? (await this.reach(() => this.api.get("session")));
    }
  }

  async pictures(trial) {
    const slow = setTimeout(() => say(this.words.of("loading")), 1500);
    try {
      return await this.reach(() => Promise.all(namesOf(trial).map((name) => this.shelf.of(name))));
    } finally {
      clearTimeout(slow);
    }
  }

  // The view of the questions; the screen is looked at before each, for windows change.
  async viewNow() {
    const facts = await screenFacts(this.session, this.words);
    if (facts.problems.length || (this.view && facts.side !== this.facts.side)) {
      this.leave();
      await this.checkScreen(false);
    }
    if (!this.view) {
      this.view = new TrialView(this.session.study, this.words, this.facts.side);
      this.view.start();
      show(this.view.root);
    }
    return this.view;
  }

  leave() {
    this.view?.stop();
    this.view = null;
  }

  async withdraw() {
    if ((await sureStage(this.words)) !== "yes") return;
    await this.reach(() => this.api.ask("DELETE", "session"));
    await messageStage(this.words.of("withdraw"), this.words.of("withdrawn"));
  }
}

async function begin() {
  let words = await wordsFor(KNOWN);
  document.title = words.of("welcome");
  const secret = decodeURIComponent(location.hash.slice(1));
  const api = new Api(secret || null);
  const patient = (action) => untilReached(action, () => say(words.of("unreached_plain")), () => say(""));
  try {
    if (!secret) {
      await joinStage(words, KNOWN);
      const joined = await patient(() => api.post("raters", {}));
      api.secret = joined.secret;
      history.replaceState(null, "", `#${joined.secret}`);
    }
    const session = await patient(() => api.get("session"));
    words = await wordsFor(session.study.languages);
    document.title = session.study.title;
    await new Visit(api, words, session).run();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const text = { 401: words.of("need_link"), 403: words.of("unknown_link") }[error.status] ?? error.message;
    await messageStage(words.of("trouble"), text, error.status === 401 ? null : words.of("try_again"));
  }
}

// Another link in the same tab, or the page as the browser kept it: begin anew, the server knows the place.
window.addEventListener("hashchange", () => location.reload());
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

begin();
