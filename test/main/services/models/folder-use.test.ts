// One move or any number of copies: what goes wrong on the way back must not lock the folder for good.
import { expect, test } from 'vitest';
import { FolderUse } from '../../../../src-main/services/models/folder-use.ts';

// Catches a folder that is "in use" until the next start because a download could not go on.
test('the folder is free again although a writer fails to go on, and the others go on', async () => {
  const use = new FolderUse();
  const resumed: string[] = [];
  use.register(async () => () => {
    throw new Error('Its disk is gone');
  });
  use.register(async () => () => void resumed.push('second'));
  const taken = await use.take();
  await expect(taken[Symbol.asyncDispose]()).rejects.toThrow('Its disk is gone');
  expect(resumed).toEqual(['second']);
  await expect((await use.take())[Symbol.asyncDispose]()).rejects.toThrow();
  expect(() => use.share()[Symbol.dispose]()).not.toThrow();
});
