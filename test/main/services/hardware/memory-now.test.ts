// Free memory on a Mac: Node's own figure counts only pages nobody uses, and would call every Mac full.
import { expect, test } from 'vitest';
import { freeOfVmStat } from '../../../../src-main/services/hardware/memory-now.ts';

const TEXT = `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               10.
Pages active:                           4000.
Pages inactive:                         3000.
Pages speculative:                       200.
Pages throttled:                           0.
Pages purgeable:                          50.
"Translation faults":              123456789.
`;

test('counts what the system gives back on demand', () => {
  expect(freeOfVmStat(TEXT)).toBe((10 + 3000 + 200 + 50) * 16_384);
});

test('a text of another kind is no number', () => {
  expect(freeOfVmStat('vm_stat: nothing to say')).toBeNull();
});
