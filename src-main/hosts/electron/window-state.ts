// Where the window was, so that it comes back there; never outside of what is connected now.
import { screen, type BrowserWindow, type Rectangle } from 'electron';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const windowState = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(640),
  height: z.int().min(480),
  maximized: z.boolean(),
});
type WindowState = z.output<typeof windowState>;

const DEFAULT_SIZE = { width: 1180, height: 800 };
/** So much of the window, in pixels, must be on a screen for it to be found and moved. */
const MIN_VISIBLE = 120;

/** Bounds to open with: the remembered ones if they are on a screen, else the size alone and the system's place. */
export function recallWindow(file: string): Partial<Rectangle> & { maximized: boolean } {
  const state = readState(file);
  if (!state) return { ...DEFAULT_SIZE, maximized: false };
  const visible = screen.getAllDisplays().some(({ workArea }) => overlaps(state, workArea));
  if (visible) return state;
  return { ...DEFAULT_SIZE, maximized: state.maximized };
}

/** Remembers the window's bounds when it closes. */
export function rememberWindow(window: BrowserWindow, file: string): void {
  window.on('close', () => {
    const state: WindowState = { ...window.getNormalBounds(), maximized: window.isMaximized() };
    try {
      writeFileSync(`${file}.new`, JSON.stringify(state));
      renameSync(`${file}.new`, file);
    } catch {
      // A place that can't be remembered must not keep the window from closing.
    }
  });
}

function overlaps(window: Rectangle, area: Rectangle): boolean {
  const width = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  const height = Math.min(window.y + window.height, area.y + area.height) - Math.max(window.y, area.y);
  return width >= MIN_VISIBLE && height >= MIN_VISIBLE;
}

function readState(file: string): WindowState | null {
  try {
    return windowState.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null; // Never saved, or damaged: the default will do.
  }
}
