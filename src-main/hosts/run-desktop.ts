// Starts the desktop app as its own process and stays until it ends.
import { spawn } from 'node:child_process';
import { ROOT } from './places.ts';

/** An end this early with an error means that the system doesn't let Electron run. */
const START_LIMIT_MS = 5_000;

/** 'opened' when the app ran, otherwise a sentence why it could not. Its exit code becomes ours. */
export function runDesktop(executable: string, args: readonly string[]): Promise<string> {
  const startedAt = Date.now();
  const { ELECTRON_RUN_AS_NODE: _unwanted, ...environment } = process.env;
  const child = spawn(executable, [ROOT, ...args], { stdio: 'inherit', env: environment });
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`The desktop window could not be started (${error.message}).`));
    child.once('exit', (code, signal) => {
      process.off('SIGINT', pass).off('SIGTERM', pass);
      const asked = signal === 'SIGINT' || signal === 'SIGTERM';
      const failed = code !== 0 && !asked;
      if (failed && Date.now() - startedAt < START_LIMIT_MS) {
        return resolve(`The desktop window could not be started (it ended with ${signal ?? code}).`);
      }
      process.exitCode = code ?? 1;
      resolve('opened');
    });
  });
}
