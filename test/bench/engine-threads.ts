// The engine finds its thread count itself: compared with the best fixed one, on a quiet machine and beside a program
// that wants a core.
import { bestFixedThreads, writingSpeed } from './bare-loop.ts';
import { keepOneCoreBusy } from './busy-core.ts';
import { startEngine } from './engine-client.ts';
import { subjects, type Subject } from './questions.ts';
import { explain, judge, median, type Row } from './rows.ts';

const RUNS = 3;
const UNDER_LOAD_FROM_MS = 3_000;

export async function measureThreads(tell: (row: Row) => void): Promise<void> {
  for (const subject of await subjects()) {
    await measure(subject, 'idle machine', 0.95, tell);
    const stop = await keepOneCoreBusy();
    try {
      await measure(subject, 'one core busy', 0.8, tell);
    } finally {
      await stop();
    }
  }
}

/** The load, if any, began before; the engine has seen it for three seconds when its figures count. */
async function measure(subject: Subject, load: string, bar: number, tell: (row: Row) => void): Promise<void> {
  const { name, model, contextSize, request } = subject;
  const best = await bestFixedThreads({ model, contextSize }, async (loop) => {
    const rates: number[] = [];
    for (let run = 0; run < RUNS; run++) rates.push(writingSpeed(await loop.answer(request)));
    return median(rates);
  });
  const engine = await startEngine(model, contextSize);
  try {
    const start = performance.now();
    while (performance.now() - start < UNDER_LOAD_FROM_MS) await engine.tokensPerSecond(request);
    const rates: number[] = [];
    for (let run = 0; run < RUNS; run++) rates.push(await engine.tokensPerSecond(request));
    const adaptive = median(rates);
    const area = 'engine';
    const title = `${name}, ${load}: tokens/s`;
    tell(
      explain({
        area,
        name: `${title}, best fixed (${best.threads} threads)`,
        value: best.tokensPerSecond,
        unit: '/s',
      }),
    );
    tell(explain({ area, name: `${title}, the engine's own choice`, value: adaptive, unit: '/s' }));
    const value = adaptive / best.tokensPerSecond;
    tell(judge({ area, name: `${title} / best fixed thread count`, value, unit: '', bar, better: 'higher' }));
  } finally {
    engine.stop();
  }
}
