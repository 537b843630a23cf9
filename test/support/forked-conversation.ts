// A long conversation with two branches near its end, in the whole app with a model whose tokens can be counted by
// hand: what is read again when a person goes from one branch to the other.
import type { Contract } from '#contract/index.ts';
import type { GenerationEvent, Message } from '#contract/chat.ts';
import type { Client } from '#rpc/client.ts';
import { writeTemplateModel, type TemplateFamily } from './template-models.ts';
import { ask, type WiredApp } from './wired-app.ts';

const CONTEXT = 8192;
/** The first answer of each branch: longer than what a window of 128 and the room for one reading hold together. */
const LONG_ANSWER = 700;
const SHORT_ANSWER = 16;
const WORDS = 'The harbour of the town lies in the north. ';
/** No two begin alike, so that the fork is where a question begins. */
const QUESTIONS = ['And what comes then?', 'Is there a ship in the harbour?'] as const;
const NEXT = 'Who waits for it?';

export interface Switched {
  /** Tokens of the prompt that were evaluated. */
  readAgain: number;
  /** Tokens of the prompt behind what both branches share. */
  afterFork: number;
  /** Tokens that both branches share. */
  shared: number;
}

/** Adds a model of this family, with random answers, to the app and loads it. */
export async function loadFamily(app: WiredApp, name: string, family: TemplateFamily): Promise<void> {
  const path = writeTemplateModel(app.folder, name, { ...family, noise: true, contextLength: CONTEXT });
  const varied = { temperature: 1, topK: 10, maxAnswerTokens: SHORT_ANSWER };
  await app.client.call('settings.change', { contextSize: CONTEXT, ...varied });
  for await (const event of app.client.stream('models.add', { path, placement: 'in-place' })) {
    if (event.type === 'added') await app.client.call('models.load', { id: event.model.id });
  }
}

/** Two branches that share a little more than `sharedTokens`; the second one is shown. */
export class ForkedConversation {
  readonly id: number;
  /** The last answer of each branch. */
  readonly #ends: [Message, Message];

  private constructor(ends: [Message, Message]) {
    this.id = ends[0].conversationId;
    this.#ends = ends;
  }

  static async begin(client: Client<Contract>, sharedTokens: number): Promise<ForkedConversation> {
    const { conversationId: id } = (await ask(client, 'Hello!')).answer;
    // With a name of the person's, the model is not asked for one in between.
    await client.call('chat.rename', { id, title: 'The harbour' });
    await ask(client, WORDS.repeat(Math.ceil(sharedTokens / WORDS.length)), id);
    await client.call('settings.change', { maxAnswerTokens: LONG_ANSWER });
    const { answer } = await ask(client, QUESTIONS[0], id);
    const edit = { messageId: answer.parentId ?? 0, text: QUESTIONS[1] };
    const edited = await ended(client.stream('branches.edit', edit));
    await client.call('settings.change', { maxAnswerTokens: SHORT_ANSWER });
    return new ForkedConversation([answer, edited]);
  }

  /** Shows this branch and asks on there. */
  async switchAndAsk(client: Client<Contract>, branch: 0 | 1): Promise<Switched> {
    const before = await this.#viewed(client);
    await client.call('branches.show', { messageId: this.#ends[branch].id });
    const { answer } = await ask(client, NEXT, this.id);
    this.#ends[branch] = answer;
    if (!answer.stats) throw new Error(`No answer: ${answer.status} ${answer.failure?.code ?? ''}`);
    const { promptTokens, reusedTokens } = answer.stats;
    const now = await this.#viewed(client);
    let shared = 0;
    while (before[shared] === now[shared]) shared += 1;
    return { readAgain: promptTokens - reusedTokens, afterFork: promptTokens - shared, shared };
  }

  /** What the model sees of the branch that is shown, one character for every token. */
  async #viewed(client: Client<Contract>): Promise<string> {
    const { text, tokens } = await client.call('chat.view', { id: this.id });
    const counted = text.replaceAll(/<(?:bos|start_of_turn|end_of_turn)>/gu, '·').replaceAll('\n\n', '¶');
    if (counted.length !== tokens) throw new Error(`${counted.length} counted, ${tokens} told`);
    return counted;
  }
}

async function ended(events: AsyncIterable<GenerationEvent>): Promise<Message> {
  for await (const event of events) if (event.type === 'done') return event.answer;
  throw new Error('No answer');
}
