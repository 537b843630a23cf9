// `npm start`: builds if needed, then opens the desktop app, or browser mode with one sentence why.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildAll, reasonToBuild } from './build.ts';
import { findDesktopRuntime } from './desktop-runtime.ts';
import { runDesktop } from './run-desktop.ts';
import { isRunning, readInstance } from './instance-lock.ts';
import { ROOT, dataFolder } from './places.ts';
import { readStartOptions } from './start-options.ts';

const args = process.argv.slice(2);

const reason = await reasonToBuild();
if (reason) {
  process.stdout.write(`Building Lapidary (${reason})…\n`);
  await buildAll();
}

const options = readStartOptions(args);
const running = readInstance(dataFolder(options.dataFolder));
const inBrowser = running?.host === 'browser' && isRunning(running);
const problem = options.browser || inBrowser ? null : await openDesktop();
if (problem !== 'opened') {
  if (problem) process.stdout.write(`${problem} Lapidary opens in the browser instead.\n`);
  // In this process: a second one would only cost time.
  const { href } = pathToFileURL(join(ROOT, 'dist', 'main', 'browser.js'));
  await import(href);
}

/** 'opened' after the desktop app ran, otherwise the sentence that says why it can't. */
async function openDesktop(): Promise<string> {
  const runtime = await findDesktopRuntime();
  if ('problem' in runtime) return runtime.problem;
  return runDesktop(runtime.executable, args);
}
