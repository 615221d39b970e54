// An answer on its way: kept in the browser until the server says that it is stored.

import { Refused, untilReached } from "./api.js";
import { kept, say } from "./dom.js";

export class Votes {
  constructor(api, rater, words) {
    this.api = api;
    this.words = words;
    this.place = `answer ${rater}`;
  }

  // Send an answer, however long it takes; null when the server has another one for this trial already.
  async send(ballot) {
    kept(localStorage, this.place, JSON.stringify(ballot));
    try {
      return await untilReached(
        () => this.api.post("votes", ballot),
        () => say(this.words.of("unreached")),
        () => say(""),
      );
    } catch (error) {
      if (error instanceof Refused && error.status === 409) return null;
      throw error;
    } finally {
      kept(localStorage, this.place, null);
    }
  }

  // Send what a closed or reloaded page has left.
  async sendLeft() {
    const left = kept(localStorage, this.place);
    if (!left) return;
    try {
      await this.send(JSON.parse(left));
    } catch (error) {
      if (!(error instanceof Refused || error instanceof SyntaxError)) throw error;
    }
  }
}
