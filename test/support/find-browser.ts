// Finds a Chromium that is installed, for the tests that need a real window. Nothing is downloaded.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const LINUX_NAMES = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
];
const MAC_APPS = ['Google Chrome', 'Microsoft Edge', 'Chromium'];
const WINDOWS_PATHS = ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'];
const MISSING =
  'No Chrome, Edge or Chromium found: the tests in a real browser are skipped. LAPIDARY_BROWSER can name one.';

/** The path of a browser; `LAPIDARY_BROWSER` comes first. Null when there is none. */
export function findBrowser(environment: NodeJS.ProcessEnv = process.env): string | null {
  const named = environment['LAPIDARY_BROWSER'];
  return named || (candidates(environment).find((path) => existsSync(path)) ?? null);
}

/**
 * As findBrowser, for the head of a spec: says in one line that its tests are skipped. Throws instead where
 * `LAPIDARY_REQUIRE_BROWSER=1` promises a browser.
 */
export function browserOrSkip(): string | null {
  const browser = findBrowser();
  if (browser) return browser;
  if (process.env['LAPIDARY_REQUIRE_BROWSER'] === '1') throw new Error(MISSING);
  console.warn(MISSING);
  return null;
}

function candidates(environment: NodeJS.ProcessEnv): string[] {
  if (process.platform === 'darwin') {
    return MAC_APPS.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  }
  if (process.platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) => environment[name]);
    return roots.flatMap((root) => (root ? WINDOWS_PATHS.map((path) => join(root, path)) : []));
  }
  const folders = (environment['PATH'] ?? '').split(delimiter);
  return LINUX_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
}
