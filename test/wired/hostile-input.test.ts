// The door of the host: whatever arrives at a channel gets a named answer; nothing crashes, nothing hangs. The campaign
// of many more is in test/long.
import { test } from 'vitest';
import { sendHostileInputs } from '../support/hostile-inputs.ts';

const INPUTS = 2_500;

test(`${INPUTS} arbitrary inputs at every channel: always an answer, errors always by name`, async () => {
  await sendHostileInputs(INPUTS);
}, 120_000);
