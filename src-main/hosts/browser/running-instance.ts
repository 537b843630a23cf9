// Asks the Lapidary that already has the data folder open to let this person in once more.
import { lockFile, type Instance } from '../instance-lock.ts';

const PATIENCE_MS = 3_000;

/** A fresh address of the running instance, or a sentence that says why there is none. */
export async function askForAddress(
  running: Instance,
  dataFolder: string,
): Promise<{ address: string } | { problem: string }> {
  if (running.port === null) {
    return {
      problem:
        `Lapidary is already open as a desktop window (process ${running.pid}), and only one can use the same data. ` +
        `If there is no such window, delete ${lockFile(dataFolder)}.`,
    };
  }
  try {
    // oxlint-disable-next-line eslint/no-restricted-globals -- to ourselves on 127.0.0.1; nothing leaves the computer
    const response = await fetch(`http://127.0.0.1:${running.port}/address`, {
      method: 'POST',
      headers: { authorization: `Bearer ${running.secret}` },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (response.ok) return { address: await response.text() };
  } catch {
    // Falls through: whatever the reason, it does not answer.
  }
  return {
    problem:
      `Lapidary seems to be running already (process ${running.pid}) but does not answer. ` +
      `End that process, or if it is something else, delete ${lockFile(dataFolder)}.`,
  };
}
