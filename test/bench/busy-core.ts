// Another program that wants one core for itself, as a build or a video call does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Returns how to end it. */
export async function keepOneCoreBusy(): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  await once(child, 'spawn');
  return async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
}
