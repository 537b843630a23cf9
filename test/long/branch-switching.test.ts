// Going from branch to branch of a long conversation through the whole app. Bugs these catch: a branch that is read
// from its beginning because the app asks on with another state than the engine holds, and a saved state that helps
// only the branch it was saved from.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ForkedConversation, loadFamily } from '../support/forked-conversation.ts';
import { GEMMA_2, GEMMA_3 } from '../support/template-families.ts';
import { ask, startWiredApp, type WiredApp } from '../support/wired-app.ts';

const SHARED = 1500;
let wired: WiredApp;
beforeEach(async () => {
  wired = await startWiredApp();
});
afterEach(() => wired.destroy());

test.each([
  ['keeps everything', GEMMA_2],
  ['looks back through a window', GEMMA_3],
])('a model that %s reads only what follows the fork, there and back', async (name, family) => {
  await loadFamily(wired, name, family);
  const conversation = await ForkedConversation.begin(wired.client, SHARED);
  for (const branch of [0, 1, 0] as const) {
    const { readAgain, afterFork, shared } = await conversation.switchAndAsk(wired.client, branch);
    expect(shared).toBeGreaterThan(SHARED);
    expect(readAgain).toBeLessThanOrEqual(afterFork + 1);
  }
});

/** Starts the app again after the state of its conversation came to the disk. */
async function restart(app: WiredApp): Promise<WiredApp> {
  // Another conversation comes only after the first one's state is saved.
  await ask(app.client, 'Hello!');
  await app.close();
  return startWiredApp({ folder: app.folder });
}

test('another branch than the saved one reads only what follows the fork, also after a restart', async () => {
  await loadFamily(wired, 'restarted', GEMMA_2);
  const conversation = await ForkedConversation.begin(wired.client, SHARED);
  wired = await restart(wired);
  const { readAgain, afterFork, shared } = await conversation.switchAndAsk(wired.client, 0);
  expect(shared).toBeGreaterThan(SHARED);
  expect(readAgain).toBeLessThanOrEqual(afterFork + 1);
});

test('a model with a window reads all of the other branch once after a restart, and never again', async () => {
  await loadFamily(wired, 'restarted window', GEMMA_3);
  const conversation = await ForkedConversation.begin(wired.client, SHARED);
  wired = await restart(wired);
  // What lay before its window is in no saved state.
  const first = await conversation.switchAndAsk(wired.client, 0);
  expect(first.readAgain).toBe(first.afterFork + first.shared);
  for (const branch of [1, 0] as const) {
    const { readAgain, afterFork } = await conversation.switchAndAsk(wired.client, branch);
    expect(readAgain).toBeLessThanOrEqual(afterFork + 1);
  }
});
