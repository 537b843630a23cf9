// Kills a host at a random moment of a generation and checks what the next one finds.
import { expect } from 'vitest';
import { AppError } from '#contract/errors.ts';
import { startKillableHost } from './killable-host.ts';

/** Longest the database may lag behind what was shown. */
const LAG_MS = 500;

interface Shown {
  at: number;
  text: string;
}

/** One round: returns at which length of text the kill came, for reports. */
export async function killDuringGeneration(folder: string, killAfterMs: number): Promise<number> {
  const host = startKillableHost(folder);
  let ids: { conversation: number; question: number; answer: number } | null = null;
  const shown: Shown[] = [{ at: 0, text: '' }];
  let killedAt = Infinity;
  const watching = (async () => {
    for await (const event of host.client.stream('chat.send', {
      conversationId: null,
      text: 'Count to 200.',
    })) {
      if (event.type === 'accepted') {
        ids = { conversation: event.conversation.id, question: event.question.id, answer: event.answer.id };
        setTimeout(() => {
          killedAt = performance.now();
          void host.kill();
        }, killAfterMs);
      }
      if (event.type === 'text') shown.push({ at: performance.now(), text: shown.at(-1)!.text + event.text });
    }
  })();
  await watching.catch((error: unknown) => expect((error as AppError).code).toBe('connection-lost'));
  if (killedAt === Infinity) await new Promise((resolve) => setTimeout(resolve, killAfterMs + 100));
  await checkAfterwards(folder, ids!, shown, killedAt);
  return shown.at(-1)!.text.length;
}

async function checkAfterwards(
  folder: string,
  ids: { conversation: number; question: number; answer: number },
  shown: Shown[],
  killedAt: number,
): Promise<void> {
  const next = startKillableHost(folder);
  try {
    const { messages } = await next.client.call('chat.open', { id: ids.conversation });
    expect(messages.map((message) => message.id)).toEqual([ids.question, ids.answer]);
    expect(messages[0]!.text).toBe('Count to 200.');
    const answer = messages[1]!;
    expect(['interrupted', 'complete']).toContain(answer.status);
    const mustBeThere = shown.findLast((moment) => moment.at <= killedAt - LAG_MS)?.text ?? '';
    expect(
      answer.text.startsWith(mustBeThere),
      `stored ${answer.text.length}, shown ${mustBeThere.length}`,
    ).toBe(true);
    const health = (await next.client.stream('app.watchHealth', undefined).next()).value;
    expect(health).toMatchObject({ usable: true });
  } finally {
    await next.kill();
  }
}
