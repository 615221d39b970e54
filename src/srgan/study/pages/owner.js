// The owner's desk: who is how far, links and codes for new raters, deletion.

import { Api, Refused } from "./api.js";
import { make, say, show } from "./dom.js";
import { wordsFor } from "./words.js";

const EVERY = 5000;

async function begin() {
  const words = await wordsFor(["en", "ko"]);
  document.title = words.of("owner_title");
  const api = new Api(decodeURIComponent(location.hash.slice(1)) || null);
  const heading = make("h1", {}, words.of("owner_title"));
  const table = make("div", { class: "raters" });
  const cards = make("div", { class: "cards" });

  async function guarded(action) {
    try {
      await action();
      say("");
    } catch (error) {
      say(error instanceof Refused ? error.message : words.of("unreached_plain"));
    }
  }

  async function refresh() {
    const raters = await api.get("owner/progress");
    table.replaceChildren(raters.length ? progressTable(raters) : make("p", {}, words.of("owner_none")));
  }

  function progressTable(raters) {
    const rows = raters.map((each) =>
      make(
        "tr",
        {},
        make("td", {}, make("code", {}, each.rater)),
        make("td", {}, make("progress", { max: each.total, value: each.answered, "aria-hidden": "true" })),
        make("td", { class: "number" }, words.of("progress", each)),
        make("td", {}, deleteButton(each.rater)),
      ),
    );
    const head = make(
      "tr",
      {},
      make("th", { scope: "col" }, words.of("owner_rater")),
      make("th", { scope: "col", colspan: "2" }, words.of("owner_answers")),
      make("td", {}),
    );
    return make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows));
  }

  function deleteButton(rater) {
    const facts = { type: "button", class: "quiet", "aria-label": `${words.of("owner_delete")} ${rater}` };
    const button = make("button", facts, words.of("owner_delete"));
    button.onclick = () =>
      guarded(async () => {
        if (!confirm(words.of("owner_delete_sure", { rater }))) return;
        await api.ask("DELETE", `owner/raters/${encodeURIComponent(rater)}`);
        await refresh();
      });
    return button;
  }

  const count = make("input", { id: "count", type: "number", min: "1", max: "200", value: "10" });
  const invite = make("button", { type: "button", class: "first" }, words.of("owner_invite"));
  invite.onclick = () =>
    guarded(async () => {
      const made = await api.post("owner/raters", { count: Number(count.value) });
      const copy = make("button", { type: "button", class: "quiet" }, words.of("owner_copy"));
      copy.onclick = () => navigator.clipboard?.writeText(made.map((each) => each.link).join("\n"));
      const print = make("button", { type: "button", class: "quiet" }, words.of("owner_print"));
      print.onclick = () => window.print();
      cards.replaceChildren(
        make("p", { class: "once" }, words.of("owner_once")),
        make("div", { class: "buttons" }, copy, print),
        make("div", { class: "grid" }, ...made.map(card)),
      );
      await refresh();
    });

  show(
    make(
      "section",
      { class: "panel wide" },
      heading,
      make(
        "p",
        { class: "field" },
        make("label", { for: "count" }, words.of("owner_count")),
        count,
        invite,
      ),
      cards,
      table,
    ),
  );
  if (!api.secret) {
    say(words.of("owner_need"));
    return;
  }
  await guarded(refresh);
  setInterval(() => document.visibilityState === "visible" && guarded(refresh), EVERY);
}

function card(invitation) {
  const code = new DOMParser().parseFromString(invitation.qr, "image/svg+xml").documentElement;
  code.setAttribute("role", "img");
  code.setAttribute("aria-label", invitation.link);
  return make(
    "figure",
    { class: "card" },
    document.importNode(code, true),
    make("figcaption", {}, make("code", {}, invitation.rater), make("a", { href: invitation.link }, invitation.link)),
  );
}

window.addEventListener("hashchange", () => location.reload());
begin();
