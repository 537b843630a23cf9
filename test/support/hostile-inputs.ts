// Arbitrary messages at every channel of the host, through its own port.
import fc from 'fast-check';
import { expect } from 'vitest';
import { ERROR_CODES } from '#contract/errors.ts';
import { contract } from '#contract/index.ts';
import { createMemoryPorts } from '#rpc/message-port.ts';
import type { Port } from '#rpc/port.ts';
import type { ServerMessage } from '#rpc/protocol.ts';
import { startWiredApp } from './wired-app.ts';

const CHANNELS = Object.keys(contract) as (keyof typeof contract)[];
const PER_RUN = 100;

/** A stream that has nothing to say yet is cancelled after this; a call must answer by itself. */
const QUIET_STREAM_MS = 300;

/** Sends a message and resolves with the first answer to its id; streams are cancelled then. */
function firstAnswers(port: Port): (message: Record<string, unknown>) => Promise<ServerMessage> {
  const waiting = new Map<number, (answer: ServerMessage) => void>();
  let nextId = 1;
  port.onMessage((value) => {
    const answer = value as ServerMessage;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
    if (answer.type === 'event') port.send({ type: 'cancel', id: answer.id });
  });
  return (message) =>
    new Promise((resolve) => {
      const id = nextId++;
      waiting.set(id, resolve);
      port.send({ ...message, id });
      if (message['type'] === 'stream') setTimeout(() => port.send({ type: 'cancel', id }), QUIET_STREAM_MS);
    });
}

/** Near misses find more than noise: objects with the contract's own keys and wild values. */
const key = fc.constantFrom(
  'id',
  'conversationId',
  'text',
  'path',
  'placement',
  'title',
  'query',
  'limit',
  'file',
  'url',
);
const wildValue = fc.oneof(fc.jsonValue(), fc.string(), fc.integer(), fc.double(), fc.constant(undefined));
const nearMiss = fc.dictionary(
  fc.oneof(key, fc.constantFrom('__proto__', 'theme', 'constructor')),
  wildValue,
);
const input = fc.oneof(fc.jsonValue(), nearMiss, fc.constant(undefined));
const message = fc.record({
  type: fc.constantFrom('call', 'stream', 'cancelled', 'call'),
  channel: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...CHANNELS) },
    { weight: 1, arbitrary: fc.string() },
  ),
  input,
});

/** Sends that many inputs. Each must get an answer, every error a name that people are told, and the host must live. */
export async function sendHostileInputs(count: number): Promise<void> {
  const wired = await startWiredApp();
  try {
    // A search for a random word is a valid input: it must not leave this machine.
    await wired.client.call('settings.change', { hubMirror: 'http://127.0.0.1:1' });
    const [near, far] = createMemoryPorts();
    wired.app.serve(far);
    const ask = firstAnswers(near);
    const answered = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: PER_RUN, maxLength: PER_RUN }), async (messages) => {
        const answers = await Promise.all(messages.map((each) => ask(each)));
        answers.forEach((answer, index) => {
          answered.add(messages[index]!.channel);
          if (answer.type !== 'error') return;
          expect(ERROR_CODES).toContain(answer.error.code);
          // An internal error is a bug that the door let through.
          expect(answer.error.code, JSON.stringify(messages[index])).not.toBe('internal');
        });
      }),
      { numRuns: count / PER_RUN, endOnFailure: true },
    );
    expect(CHANNELS.filter((channel) => !answered.has(channel))).toEqual([]);
    expect(await wired.client.call('chat.list', {})).toBeInstanceOf(Array);
  } finally {
    await wired.close();
  }
}
