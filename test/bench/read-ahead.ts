// A long message is read while the person looks it over: how much sooner its answer begins. With the demo model, which
// reads a thousand tokens in less than the three seconds; how far a larger one comes in that time is its reading speed.
import { startWiredApp } from '../support/wired-app.ts';
import { send } from './engine-reuse.ts';
import { explain, judge, median, type Row } from './rows.ts';

const LOOKED_OVER_MS = 3_000;
const RUNS = 3;
/** About 1,000 tokens of the demo model's vocabulary, another text each time. */
const message = (run: number): string =>
  `Text ${run}. ${'The harbour of the town lies in the north and the ships come in on Tuesday. '.repeat(37)}`;

export async function measureReadAhead(tell: (row: Row) => void): Promise<void> {
  const app = await startWiredApp();
  try {
    // What a title would read of its own is no part of this.
    await app.client.call('settings.change', { maxAnswerTokens: 16 });
    await send(app.client, 'Hello!', null);
    const fresh: number[] = [];
    const ahead: number[] = [];
    let tokens = 0;
    for (let run = 0; run < RUNS; run++) {
      const plain = await send(app.client, message(2 * run), null);
      tokens = plain.promptTokens;
      fresh.push(plain.firstTokenMs);
      await new Promise((resolve) => setTimeout(resolve, LOOKED_OVER_MS));
      const text = message(2 * run + 1);
      const reading = app.client.call('chat.prepare', { conversationId: null, text });
      await new Promise((resolve) => setTimeout(resolve, LOOKED_OVER_MS));
      await reading;
      ahead.push((await send(app.client, text, null)).firstTokenMs);
      await new Promise((resolve) => setTimeout(resolve, LOOKED_OVER_MS));
    }
    const area = 'engine';
    const name = `time to first token of ${tokens} tokens (tiny)`;
    tell(explain({ area, name, value: median(fresh), unit: 'ms' }));
    const share = median(ahead) / median(fresh);
    const title = 'the same, pasted 3 s before / not';
    tell(judge({ area, name: title, value: share, unit: '', bar: 0.25, better: 'lower' }));
  } finally {
    await app.destroy();
  }
}
