// A picture on the screen, one picture pixel to one pixel of the device.

export function draw(canvas, bitmap) {
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.style.width = `${bitmap.width / devicePixelRatio}px`;
  canvas.style.height = `${bitmap.height / devicePixelRatio}px`;
  const context = canvas.getContext("2d", { alpha: false, colorSpace: "srgb" });
  context.imageSmoothingEnabled = false;
  context.drawImage(bitmap, 0, 0);
}

// Put boxes side by side into the middle of an area, on the grid of the device's pixels.
export function centre(area, boxes, gap) {
  const ratio = devicePixelRatio;
  const snap = (value) => Math.round(value * ratio) / ratio;
  const outer = area.getBoundingClientRect();
  const sizes = boxes.map((box) => box.getBoundingClientRect());
  const whole = sizes.reduce((sum, size) => sum + size.width, gap * (boxes.length - 1));
  let left = outer.left + (outer.width - whole) / 2;
  boxes.forEach((box, place) => {
    box.style.left = `${snap(left) - outer.left}px`;
    box.style.top = `${snap(outer.top + (outer.height - sizes[place].height) / 2) - outer.top}px`;
    left += sizes[place].width + gap;
  });
}

// How many device pixels a canvas really covers; null where the browser does not tell (Safari).
export function covered(canvas) {
  return new Promise((resolve) => {
    const observer = new ResizeObserver(([entry]) => {
      observer.disconnect();
      const size = entry.devicePixelContentBoxSize?.[0];
      resolve(size ? { width: size.inlineSize, height: size.blockSize } : null);
    });
    try {
      observer.observe(canvas, { box: "device-pixel-content-box" });
    } catch {
      resolve(null);
    }
  });
}

// Pictures that will be needed soon, fetched and decoded in time; a failed one is fetched anew when it is due.
export class Shelf {
  constructor(api) {
    this.api = api;
    this.held = new Map();
  }

  of(name) {
    if (!this.held.has(name)) {
      const coming = this.api.picture(name);
      coming.catch(() => this.held.delete(name));
      this.held.set(name, coming);
    }
    return this.held.get(name);
  }

  // Fetch what a trial shows, and let go of everything else.
  keepOnly(...trials) {
    const names = new Set(trials.flatMap((trial) => namesOf(trial)));
    for (const [name, coming] of this.held) {
      if (names.has(name)) continue;
      coming.then((bitmap) => bitmap.close(), () => {});
      this.held.delete(name);
    }
    for (const name of names) this.of(name).catch(() => {});
  }
}

export function namesOf(trial) {
  if (!trial) return [];
  return trial.reference ? [trial.reference, ...trial.pictures] : trial.pictures;
}
