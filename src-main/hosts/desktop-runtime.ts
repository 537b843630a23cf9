// Finds Electron's runtime, or fetches it once. npm no longer brings it along, so the first start does; where GitHub
// can't be reached that is found out within seconds, because a start must never hang.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './places.ts';

const PACKAGE = join(ROOT, 'node_modules', 'electron');
const PROBE_LIMIT_MS = 2_500;
const DOWNLOAD_LIMIT_MS = 10 * 60_000;

/** The executable to start, or one sentence why there is none. */
export async function findDesktopRuntime(): Promise<{ executable: string } | { problem: string }> {
  const impossible = displayProblem();
  if (impossible) return { problem: impossible };
  const present = presentRuntime();
  if (present) return { executable: present };
  if (!existsSync(PACKAGE)) return { problem: 'The desktop runtime (Electron) is not installed.' };
  if (!(await canDownload())) {
    return { problem: 'The desktop runtime (Electron) is not here and could not be downloaded now.' };
  }
  process.stdout.write('Fetching the desktop runtime (Electron, about 120 MB, once)…\n');
  await download();
  const fetched = presentRuntime();
  return fetched
    ? { executable: fetched }
    : { problem: 'The desktop runtime (Electron) could not be downloaded.' };
}

/** The executable if this installation has it. */
export function presentRuntime(environment: NodeJS.ProcessEnv = process.env): string | null {
  const folder = environment['ELECTRON_OVERRIDE_DIST_PATH'] || join(PACKAGE, 'dist');
  const executable = join(folder, executableName());
  return existsSync(executable) ? executable : null;
}

function executableName(): string {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

/** Why no window could show here, or null. */
function displayProblem(): string | null {
  if (process.platform !== 'linux') return null;
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return DISPLAY || WAYLAND_DISPLAY ? null : 'There is no graphical display here.';
}

async function canDownload(): Promise<boolean> {
  if (process.env['ELECTRON_SKIP_BINARY_DOWNLOAD']) return false;
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  const base = process.env['ELECTRON_MIRROR'] ?? 'https://github.com/electron/electron/releases/download/';
  try {
    // oxlint-disable-next-line eslint/no-restricted-globals -- part of the installation, before there is an app
    const answer = await fetch(new URL(`v${version}/SHASUMS256.txt`, base), {
      method: 'HEAD',
      signal: AbortSignal.timeout(PROBE_LIMIT_MS),
    });
    return answer.ok;
  } catch {
    return false; // No network, or none that reaches it.
  }
}

/** Runs Electron's own installer, which checks the file's sum. Its outcome shows in whether the runtime is there. */
function download(): Promise<void> {
  return new Promise((resolve) => {
    const installer = spawn(process.execPath, [join(PACKAGE, 'install.js')], {
      stdio: 'inherit',
      timeout: DOWNLOAD_LIMIT_MS,
    });
    installer.once('error', () => resolve());
    installer.once('exit', () => resolve());
  });
}
