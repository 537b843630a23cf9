// How much may be added to the page before it is painted again: one allowance for all answers and their formulas
// together. It follows what the frames before cost in truth, with style, layout and painting, which no script can time
// while it works.

/** A unit is about what four UTF-16 units of plain text, or a twelfth of a formula's box, cost to lay out. */
const AT_FIRST_UNITS = 4_000;
const LEAST_UNITS = 600;
const MOST_UNITS = 12_000;
/** A frame that took longer makes the next ones smaller, a shorter one makes them larger. */
const LONG_MS = 20;
const SHORT_MS = 12;

let perFrameUnits = AT_FIRST_UNITS;
let leftUnits = AT_FIRST_UNITS;
let beganAt = 0;
let measuring = false;
let awaiting = false;

/** Every callback of an animation frame that adds to the page calls this first. */
export function beginFrame(): void {
  if (measuring) return;
  measuring = true;
  beganAt = performance.now();
  // Its message comes after the frame was laid out and painted.
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => {
    port1.close();
    measuring = false;
    endFrame(performance.now() - beganAt);
  });
  port1.start();
  port2.postMessage(null);
}

/** Adapts to a frame that took `tookMs` from its first callback until it was painted. */
function endFrame(tookMs: number): void {
  if (tookMs > LONG_MS) perFrameUnits *= Math.max(0.4, LONG_MS / tookMs);
  else if (tookMs < SHORT_MS && leftUnits <= 0) perFrameUnits *= 1.25;
  perFrameUnits = Math.min(MOST_UNITS, Math.max(LEAST_UNITS, perFrameUnits));
  leftUnits = perFrameUnits;
}

/** Also for work outside of frames: the next one has to lay it out. */
export function spend(units: number): void {
  leftUnits -= units;
  if (measuring || awaiting) return;
  awaiting = true;
  requestAnimationFrame(() => {
    awaiting = false;
    beginFrame();
  });
}

/** True while more may be added before the next paint. */
export function hasBudget(): boolean {
  return leftUnits > 0;
}
