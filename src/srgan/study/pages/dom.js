// Elements made by hand: no templates, no HTML from strings, so nothing that is shown can become code.

export function make(tag, facts = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (typeof value === "boolean") element.toggleAttribute(name, value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function show(...children) {
  const stage = document.getElementById("stage");
  stage.replaceChildren(...children);
  window.scrollTo(0, 0);
}

export function say(text) {
  const status = document.getElementById("status");
  if (status.textContent !== text) status.textContent = text;
}

// A stage with a heading, some content and buttons; resolves with the name of the button that was used.
// Without content to fill in, the first button has the focus, so that Enter goes on.
export function panel(title, content, buttons) {
  return new Promise((resolve) => {
    const made = buttons.map(([name, label, facts = {}]) =>
      make("button", { type: "button", ...facts, onclick: () => resolve(name) }, label),
    );
    if (made[0] && !buttons[0][2]) made[0].classList.add("first");
    const body = make("div", { class: "content", id: "content", tabindex: "-1" }, ...content);
    show(
      make(
        "section",
        { class: "panel", "aria-labelledby": "heading" },
        make("h1", { id: "heading" }, title),
        body,
        make("div", { class: "buttons" }, ...made),
      ),
    );
    const field = body.querySelector("[data-focus]");
    made[0]?.setAttribute("aria-describedby", "content");
    const first = made[0]?.classList.contains("first") ? made[0] : body; // nothing is deleted by Enter alone
    (field ?? first).focus();
  });
}

export function paragraphs(...texts) {
  return texts.map((text) => make("p", {}, text));
}

export function kept(storage, name, value) {
  // Browsers may forbid storage; then only a reload in the very moment of a vote could lose it.
  try {
    if (value === undefined) return storage.getItem(name);
    if (value === null) storage.removeItem(name);
    else storage.setItem(name, value);
  } catch {
    /* forbidden */
  }
  return null;
}
