// Requests with the personal secret in a header: it stands in the link's fragment, which no server and no log sees.

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;
const PATIENCE = 20000;

export class Api {
  constructor(secret) {
    this.secret = secret;
  }

  async ask(method, path, body) {
    const headers = this.secret ? { Authorization: `Bearer ${this.secret}` } : {};
    if (method === "POST") headers["Content-Type"] = "application/json";
    const answer = await fetch(`/api/${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.ok) return answer;
    const error = await answer.json().catch(() => ({}));
    throw new Refused(answer.status, error.error ?? `${answer.status} ${answer.statusText}`);
  }

  async get(path) {
    return (await this.ask("GET", path)).json();
  }

  async post(path, body) {
    const answer = await this.ask("POST", path, body);
    return answer.status === 204 ? null : answer.json();
  }

  // A picture, fetched and fully decoded, with its colours as they are in the file.
  async picture(name) {
    const blob = await (await this.ask("GET", `pictures/${encodeURIComponent(name)}`)).blob();
    return createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  }
}

// Try until the server has answered. Only an answer that says no for good (4xx) ends it otherwise.
export async function untilReached(action, onTrouble, onReached) {
  for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    try {
      const result = await action();
      onReached();
      return result;
    } catch (error) {
      const lasting = error instanceof Refused && error.status < 500 && error.status !== 408 && error.status !== 429;
      if (lasting) {
        onReached();
        throw error;
      }
      onTrouble();
    }
    await Promise.race([
      new Promise((resolve) => setTimeout(resolve, wait)),
      new Promise((resolve) => window.addEventListener("online", resolve, { once: true })),
    ]);
  }
}
