// What is read again: time to the first token of a message in a long conversation, against the same text sent fresh.
import type { Contract } from '#contract/index.ts';
import type { Client } from '#rpc/client.ts';
import { startWiredApp, until, type WiredApp } from '../support/wired-app.ts';
import { explain, judge, median, type Row } from './rows.ts';
import { shapedModel } from './write-shaped-model.ts';

const CONTEXT = 4096;
const RUNS = 3;
/** About 2,000 tokens of the model's vocabulary. */
const HISTORY = 'The harbour of the town lies in the north and the ships come in on Tuesday. '.repeat(90);
const NEXT = 'And what comes then?';
/** A state is written a little after the last answer; waiting for it is no part of any figure. */
const SAVED_AFTER_MS = 8_000;

interface Sent {
  firstTokenMs: number;
  promptTokens: number;
  reusedTokens: number;
  conversationId: number;
}

export async function measureReuse(tell: (row: Row) => void): Promise<void> {
  let app = await startWithModel();
  try {
    const first = await send(app.client, HISTORY, null);
    const warm: Sent[] = [];
    for (let run = 0; run < RUNS; run++) warm.push(await send(app.client, NEXT, first.conversationId));
    await new Promise((resolve) => setTimeout(resolve, SAVED_AFTER_MS));
    const restored: Sent[] = [];
    for (let run = 0; run < RUNS; run++) {
      app = await restart(app);
      restored.push(await send(app.client, NEXT, first.conversationId));
      await new Promise((resolve) => setTimeout(resolve, SAVED_AFTER_MS));
    }
    // Nothing is restored then, and the process is new: all of it has to be read.
    await app.client.call('settings.change', { stateCacheMegabytes: 0 });
    app = await restart(app);
    const fresh = await send(app.client, NEXT, first.conversationId);
    report(tell, { fresh, warm, restored });
  } finally {
    await app.destroy();
  }
}

function report(tell: (row: Row) => void, sent: { fresh: Sent; warm: Sent[]; restored: Sent[] }): void {
  const area = 'engine';
  const fresh = sent.fresh.firstTokenMs;
  const warm = median(sent.warm.map((one) => one.firstTokenMs));
  const restored = median(sent.restored.map((one) => one.firstTokenMs));
  const history = sent.fresh.promptTokens;
  tell(
    explain({ area, name: `time to first token of ${history} tokens sent fresh`, value: fresh, unit: 'ms' }),
  );
  tell(explain({ area, name: 'time to first token, next message', value: warm, unit: 'ms' }));
  tell(explain({ area, name: 'time to first token, after a restart', value: restored, unit: 'ms' }));
  const name = 'time to first token of the next message / of the same text fresh';
  tell(judge({ area, name, value: warm / fresh, unit: '', bar: 0.15, better: 'lower' }));
  const again = 'the same after a restart, state restored from disk';
  tell(judge({ area, name: again, value: restored / fresh, unit: '', bar: 0.3, better: 'lower' }));
}

async function startWithModel(): Promise<WiredApp> {
  const app = await startWiredApp();
  await app.client.call('settings.change', { contextSize: CONTEXT, maxAnswerTokens: 16, temperature: 1 });
  for await (const event of app.client.stream('models.add', {
    path: await shapedModel(),
    placement: 'in-place',
  })) {
    if (event.type === 'added') await app.client.call('models.load', { id: event.model.id });
  }
  return app;
}

/** The model is loaded before anything is measured. */
async function restart(app: WiredApp): Promise<WiredApp> {
  await app.close();
  const again = await startWiredApp({ folder: app.folder });
  const models = await again.client.stream('models.watch', undefined).next();
  const own = (models.value ?? []).find((model) => !model.demo);
  await until(async () => own && (await loaded(again.client, own.id)), 60_000);
  return again;
}

async function loaded(client: Client<Contract>, id: number): Promise<boolean> {
  await client.call('models.load', { id });
  return true;
}

export async function send(
  client: Client<Contract>,
  text: string,
  conversationId: number | null,
): Promise<Sent> {
  const start = performance.now();
  let firstTokenMs = 0;
  for await (const event of client.stream('chat.send', { conversationId, text })) {
    if (event.type === 'text') firstTokenMs ||= performance.now() - start;
    if (event.type !== 'done') continue;
    const { stats } = event.answer;
    if (!stats) throw new Error(`No answer: ${event.answer.status} ${event.answer.failure?.code ?? ''}`);
    const { promptTokens, reusedTokens } = stats;
    return { firstTokenMs, promptTokens, reusedTokens, conversationId: event.answer.conversationId };
  }
  throw new Error('The stream ended without an answer');
}
