// The log is sent along with reports of faults: an error that quotes a document must not carry its text there.
import { expect, it } from 'vitest';
import { traceOf } from '../../../src-main/reader/error-traces.ts';

it('tells class, code and place of an error, never its message', () => {
  const error = Object.assign(new TypeError('Unexpected "my secret"\n    at my secret diary:1:1'), {
    code: 'E_PARSE',
  });
  const trace = traceOf(error);
  expect(trace).toMatch(/^TypeError E_PARSE\n +at .*error-traces\.test\.ts/);
  expect(trace).not.toContain('secret');
});

it('holds back even a message that was changed after the error was made', () => {
  const error = new Error('my secret\n    at my secret diary\nsecret');
  error.message = 'something else';
  expect(traceOf(error)).not.toContain('secret');
  expect(traceOf('my secret')).toBe('A thrown string');
});
