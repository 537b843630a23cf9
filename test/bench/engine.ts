// The engine's figures: how much of the bare library's speed arrives, what is read again, how it shares the machine.
import { measureReuse } from './engine-reuse.ts';
import { measureThreads } from './engine-threads.ts';
import { measureWholePath } from './engine-whole-path.ts';
import { measureReadAhead } from './read-ahead.ts';
import type { Row } from './rows.ts';

export async function measureEngine(tell: (row: Row) => void): Promise<void> {
  await measureThreads(tell);
  await measureWholePath(tell);
  await measureReuse(tell);
  await measureReadAhead(tell);
}
