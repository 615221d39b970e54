// Whether pictures are shown as they are: one picture pixel on one device pixel, and room for the largest.

import { make } from "./dom.js";
import { covered } from "./picture.js";
import { TrialView, showsTwo } from "./trial.js";

const GAP = 24;

// Look at window and screen as they are now, for pictures of at most session.width x session.height.
export async function screenFacts(session, words) {
  const study = session.study;
  const ratio = devicePixelRatio;
  const wide = await room(new TrialView(study, words, true));
  const double = showsTwo(study);
  const side = double && fits(wide, 2 * session.width + Math.ceil(GAP * ratio), session.height + Math.ceil(32 * ratio));
  const area = double && !side ? await room(new TrialView(study, words, false)) : wide;
  const zoom = outerWidth && innerWidth ? outerWidth / innerWidth : 1;
  const scale = window.visualViewport?.scale ?? 1;
  const exact = await isExact(session, ratio, zoom);
  const problems = [];
  if (Math.abs(scale - 1) > 0.01) problems.push("screen_pinch");
  else if (!exact) problems.push("screen_zoom");
  if (!side && !fits(area, session.width, session.height)) problems.push("screen_small");
  return {
    problems,
    side,
    room: area,
    note: {
      ratio,
      pinch: scale,
      zoom,
      exact,
      side,
      windowWidth: innerWidth,
      windowHeight: innerHeight,
      screenWidth: screen.width,
      screenHeight: screen.height,
      depth: screen.colorDepth,
      gamut: ["rec2020", "p3", "srgb"].find((name) => matchMedia(`(color-gamut: ${name})`).matches) ?? null,
      high: matchMedia("(dynamic-range: high)").matches,
      touch: navigator.maxTouchPoints > 0,
      language: words.code,
    },
  };
}

// The room that a trial leaves for pictures, in device pixels, measured on the real thing, unseen.
async function room(view) {
  const root = view.root;
  root.classList.add("measured");
  root.setAttribute("aria-hidden", "true");
  document.body.append(root);
  const box = view.area.getBoundingClientRect();
  root.remove();
  return { width: Math.floor(box.width * devicePixelRatio), height: Math.floor(box.height * devicePixelRatio) };
}

function fits(area, width, height) {
  return area.width >= width && area.height >= height;
}

// A canvas as large as the largest picture: does it cover just as many device pixels? Safari does not tell; there
// a whole pixel ratio, and a page as wide as its window, have to do.
async function isExact(session, ratio, zoom) {
  const canvas = make("canvas", { class: "measured" });
  canvas.style.width = `${session.width / ratio}px`;
  canvas.style.height = `${session.height / ratio}px`;
  document.body.append(canvas);
  const size = await covered(canvas);
  canvas.remove();
  if (size) return size.width === session.width && size.height === session.height;
  return Number.isInteger(ratio) && (navigator.maxTouchPoints > 0 || Math.abs(zoom - 1) < 0.05);
}
