// Names of files that are made from names of models: any system must take them.
import { expect, test } from 'vitest';
import { fileNameFor } from '../../../../src-main/services/models/model-files.ts';

test.each([
  ['sha256-aa', 'Gemma 3: 4B / "it"', 'Gemma 3- 4B - -it-.gguf'],
  ['sha256-aa', 'CON', '_CON.gguf'],
  ['sha256-aa', 'aux.v2', '_aux.v2.gguf'],
  ['sha256-aa', '...', 'model.gguf'],
  ['/a/b.GGUF', 'B', 'b.GGUF'],
  ['/a/model.gguf', 'B', 'B.gguf'],
])('%s of the model %j is %j', (path, name, expected) => {
  expect(fileNameFor(path, name)).toBe(expected);
});

// Catches names that are short in letters and too long in bytes, and halves of letters.
test.each(['字'.repeat(120), '🦙'.repeat(100), 'a'.repeat(119) + '🦙'])(
  '%j is cut to what a file system takes',
  (name) => {
    const file = fileNameFor('sha256-aa', name);
    expect(Buffer.byteLength(file)).toBeLessThanOrEqual(200);
    expect(file.isWellFormed()).toBe(true);
  },
);
