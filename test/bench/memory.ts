// Is the estimate of memory honest? Each case is loaded and used in a process of its own; the estimate told before is
// compared with the most that was ever resident. Noise of the machine does not matter to these figures.
import { TINY_MODEL } from '../support/gguf-files.ts';
import { measureMemory, type MemoryCase } from './memory-measured.ts';
import { explain, judge, type Row } from './rows.ts';
import { shapedModel, windowedModel } from './write-shaped-model.ts';

const AREA = 'memory';
/** The estimate may be a tenth too small or 15 % too large: the distances from 1, each as a share of its own limit. */
const TOO_SMALL = 0.9;
const TOO_LARGE = 1.15;
const MEGABYTE = 1e6;

export async function measureMemoryEstimates(tell: (row: Row) => void): Promise<void> {
  const shaped = await shapedModel();
  for (const contextSize of [512, 1024, 2048]) await compare(tell, 'tiny', { path: TINY_MODEL, contextSize });
  for (const contextSize of [2048, 4096, 8192])
    await compare(tell, '2B-shaped', { path: shaped, contextSize });
  const windowed = await windowedModel();
  for (const contextSize of [2048, 8192])
    await compare(tell, '1B-shaped with windows', { path: windowed, contextSize });
  const large = { path: shaped, contextSize: 4096 };
  await compare(tell, '2B-shaped, context in 8 bits', { ...large, kvCacheType: 'q8_0' });
  await compare(tell, '2B-shaped, without flash attention', { ...large, flashAttention: false });
}

async function compare(tell: (row: Row) => void, name: string, settings: MemoryCase): Promise<void> {
  const { estimatedBytes, peakBytes } = await measureMemory(settings);
  const ratio = estimatedBytes / peakBytes;
  const title = `${name}, ${settings.contextSize} tokens`;
  tell(
    explain({ area: AREA, name: `${title}: most ever resident`, value: peakBytes / MEGABYTE, unit: 'MB' }),
  );
  tell(explain({ area: AREA, name: `${title}: estimate / measured`, value: ratio, unit: '' }));
  const row = { area: AREA, unit: '', better: 'lower' } as const;
  const share = ratio < 1 ? (1 - ratio) / (1 - TOO_SMALL) : (ratio - 1) / (TOO_LARGE - 1);
  tell(judge({ ...row, name: `${title}: error, 1 being the limit (0.9 to 1.15)`, value: share, bar: 1 }));
}
