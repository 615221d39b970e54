// Two short checks of sight: numbers in coloured dots, and rings with a gap of a few device pixels.
// They tell whether a rater can see what is judged; they are no medical test.

import { make, panel } from "./dom.js";

const SIZE = 280;
const DIRECTIONS = ["up", "right", "down", "left"];
const ARROWS = { ArrowUp: "up", ArrowRight: "right", ArrowDown: "down", ArrowLeft: "left" };
const GAPS = [4, 2, 1, 1, 2];

// Figure and ground: a control that everyone sees, then two pairs that differ only in what the long (protan) or
// the middle (deutan) cones see: Viénot's matrix for sRGB, half of what the gamut holds. Lightness varies by dot.
const PLATES = [
  { name: "control", figure: [165, 165, 157], ground: [68, 68, 64] },
  { name: "protan", figure: [186, 136, 91], ground: [98, 148, 92] },
  { name: "deutan", figure: [192, 115, 94], ground: [112, 156, 90] },
];

export async function colourStage(words) {
  const found = {};
  for (const [place, plate] of PLATES.entries()) {
    const number = String(12 + Math.floor(Math.random() * 87));
    const field = make("input", {
      id: "number",
      inputmode: "numeric",
      maxlength: "2",
      size: "3",
      autocomplete: "off",
      "data-focus": "",
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && field.value.trim()) document.querySelector(".buttons button").click();
    });
    const how = await panel(
      words.of("colour"),
      [
        make("p", {}, words.of("colour_text", { n: place + 1, total: PLATES.length })),
        dots(number, plate, words.of("colour_plate")),
        make("p", { class: "field" }, make("label", { for: "number" }, words.of("colour_label")), field),
      ],
      [
        ["seen", words.of("go_on")],
        ["none", words.of("colour_none"), {}],
      ],
    );
    found[plate.name] = how === "seen" && field.value.trim() === number;
  }
  return found;
}

function dots(number, plate, label) {
  const ratio = devicePixelRatio;
  const canvas = make("canvas", { class: "plate", role: "img", "aria-label": label });
  canvas.width = canvas.height = Math.round(SIZE * ratio);
  canvas.style.width = canvas.style.height = `${SIZE}px`;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  const inside = figureOf(number);
  const placed = [];
  for (let tries = 0; tries < 9000; tries += 1) {
    const radius = tries < 1500 ? 7 : tries < 4500 ? 5 : 3;
    const angle = Math.random() * 2 * Math.PI;
    const far = Math.sqrt(Math.random()) * (SIZE / 2 - radius - 1);
    const x = SIZE / 2 + far * Math.cos(angle);
    const y = SIZE / 2 + far * Math.sin(angle);
    if (placed.some((dot) => Math.hypot(dot.x - x, dot.y - y) < dot.radius + radius + 0.7)) continue;
    placed.push({ x, y, radius });
    const light = plate.name === "control" ? 0.92 + 0.16 * Math.random() : 0.72 + 0.5 * Math.random();
    const colour = (inside(x, y) ? plate.figure : plate.ground).map((part) => Math.min(255, part * light));
    context.fillStyle = `rgb(${colour.join(",")})`;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  }
  return canvas;
}

function figureOf(number) {
  const canvas = new OffscreenCanvas(SIZE, SIZE);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.font = `900 ${SIZE * 0.62}px sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(number, SIZE / 2, SIZE / 2 + SIZE * 0.03, SIZE * 0.78);
  const { data } = context.getImageData(0, 0, SIZE, SIZE);
  return (x, y) => data[4 * (Math.floor(y) * SIZE + Math.floor(x)) + 3] > 127;
}

// Give the smallest gap, in device pixels, whose side was always told right; 0: none was.
export async function acuityStage(words) {
  const right = new Map();
  for (const [place, gap] of GAPS.entries()) {
    const side = DIRECTIONS[Math.floor(Math.random() * 4)];
    const told = await ringPanel(words, gap, side, place);
    right.set(gap, (right.get(gap) ?? true) && told === side);
  }
  const good = [...right].filter(([, all]) => all).map(([gap]) => gap);
  return { smallest: good.length ? Math.min(...good) : 0, trials: GAPS.length };
}

async function ringPanel(words, gap, side, place) {
  let onkey;
  const byKey = new Promise((resolve) => {
    onkey = (event) => {
      if (!event.repeat && ARROWS[event.key]) {
        event.preventDefault();
        resolve(ARROWS[event.key]);
      }
    };
  });
  document.addEventListener("keydown", onkey);
  const byButton = panel(
    words.of("acuity"),
    [
      make("p", {}, words.of("acuity_text", { n: place + 1, total: GAPS.length })),
      make("div", { class: "ring" }, ring(gap, side, words.of("acuity_ring"))),
    ],
    DIRECTIONS.map((name) => [name, words.of(name), { class: `arrow ${name}` }]),
  );
  const told = await Promise.race([byKey, byButton]);
  document.removeEventListener("keydown", onkey);
  return told;
}

// Landolt's ring, five gaps across, squared to whole device pixels: nothing of it is smoothed.
function ring(gap, side, label) {
  const size = 5 * gap;
  const canvas = make("canvas", { role: "img", "aria-label": label });
  canvas.width = canvas.height = size;
  canvas.style.width = canvas.style.height = `${size / devicePixelRatio}px`;
  const context = canvas.getContext("2d");
  context.fillStyle = "#000";
  context.fillRect(0, 0, size, size);
  context.clearRect(gap, gap, 3 * gap, 3 * gap);
  const [x, y] = { up: [2, 0], right: [4, 2], down: [2, 4], left: [0, 2] }[side];
  context.clearRect(x * gap, y * gap, gap, gap);
  return canvas;
}
