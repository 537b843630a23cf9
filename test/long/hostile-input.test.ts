// The door of the host, many times over: see test/wired/hostile-input.test.ts.
import { test } from 'vitest';
import { sendHostileInputs } from '../support/hostile-inputs.ts';

const INPUTS = 20_000;

test(`${INPUTS} arbitrary inputs at every channel: always an answer, errors always by name`, async () => {
  await sendHostileInputs(INPUTS);
}, 900_000);
