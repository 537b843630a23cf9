// One answer being written. Belongs to the service, not to a window: it goes on, and is saved, whoever watches.
import { AppError, toWireError } from '#contract/errors.ts';
import type { Failure } from '#contract/common.ts';
import type { ContextUse, GenerationEvent, Message } from '#contract/chat.ts';
import type { Log } from '../../lib/log.ts';
import { Topic } from '../../lib/topic.ts';
import { AnswerDraft, type AnswerStore } from './answer-draft.ts';
import type { AnswerEvent } from './answer-writer.ts';

interface GenerationOptions {
  answer: Message;
  store: AnswerStore;
  log: Log;
  produce(signal: AbortSignal): AsyncIterable<AnswerEvent>;
  /** Names the model and backend for the stats. */
  describeModel(): { modelName: string; backend: string };
}

type EngineDone = Extract<AnswerEvent, { type: 'done' }>;

export class Generation {
  /** How full the context was when the model last said so. */
  context: ContextUse | null = null;
  readonly #options: GenerationOptions;
  readonly #draft: AnswerDraft;
  readonly #topic = new Topic<GenerationEvent>();
  readonly #stop = new AbortController();
  readonly #end = Promise.withResolvers<void>();
  /** What the model does now, for those who join later. */
  #latest: GenerationEvent | null = null;

  constructor(options: GenerationOptions) {
    this.#options = options;
    this.#draft = new AnswerDraft(options.answer, options.store, (failure) =>
      this.#topic.publish({ type: 'saving', failure }),
    );
  }

  get answer(): Message {
    return this.#draft.message;
  }

  /** Resolves when the answer is written to its end and saved. */
  get ended(): Promise<void> {
    return this.#end.promise;
  }

  /** Ends the answer where it is; the text stays. */
  stop(): void {
    this.#stop.abort();
  }

  /** The answer so far, then everything that follows; listening starts with the first `next`. */
  async *watch(signal: AbortSignal): AsyncGenerator<GenerationEvent, void, void> {
    const events = this.#topic.listen(signal);
    yield { type: 'snapshot', answer: { ...this.answer } };
    if (this.context) yield { type: 'context', context: this.context };
    if (this.#latest && !this.answer.text) yield this.#latest;
    yield* events;
  }

  /** Writes the answer to its end. Never rejects: what goes wrong becomes the answer's status. */
  async run(): Promise<void> {
    const outcome = await this.#write().catch((error: unknown) => this.#failed(error));
    await this.#draft.finish(outcome);
    this.#topic.publish({ type: 'done', answer: { ...this.answer } });
    this.#topic.close();
    this.#end.resolve();
  }

  /** Keeps what is there as interrupted, at once: the app is closing. */
  interrupt(): void {
    this.#draft.finishNow({ status: 'interrupted', failure: null, stats: null });
    this.#draft.abandon();
    this.#stop.abort();
  }

  async #write(): Promise<Pick<Message, 'status' | 'failure' | 'stats'>> {
    let done: EngineDone | null = null;
    let stats: Message['stats'] = null;
    for await (const event of this.#options.produce(this.#stop.signal)) {
      if (event.type !== 'done') this.#take(event);
      else {
        done = event;
        // At once: the next answer in line may be another model's.
        stats = this.#statsOf(event);
      }
    }
    const runaway = done?.reason === 'repetition';
    const stopped = !done || done.reason === 'stopped' || runaway;
    const failure = runaway ? { code: 'answer-repeats' as const } : null;
    return { status: stopped ? 'stopped' : 'complete', failure, stats };
  }

  #take(event: Exclude<AnswerEvent, EngineDone>): void {
    if (event.type === 'text' || event.type === 'thought') this.#draft.append(event.type, event.text);
    else if (event.type === 'context') this.context = event.context;
    else this.#latest = event;
    this.#topic.publish(event);
  }

  #statsOf(done: EngineDone): Message['stats'] {
    const { promptTokens, reusedTokens, answerTokens, timeToFirstTokenMs, generationMs } = done;
    const tokensPerSecond = generationMs > 0 ? (answerTokens * 1000) / generationMs : 0;
    const figures = { promptTokens, reusedTokens, answerTokens, timeToFirstTokenMs, tokensPerSecond };
    return { ...this.#options.describeModel(), ...figures };
  }

  #failed(error: unknown): Pick<Message, 'status' | 'failure' | 'stats'> {
    if (this.#stop.signal.aborted) return { status: 'stopped', failure: null, stats: null };
    const logId = error instanceof AppError ? undefined : this.#options.log.error('Generation', error);
    const { code, details } = toWireError(error, logId);
    const failure: Failure = { code, ...(details && { details }) };
    return { status: code === 'engine-stopped' ? 'interrupted' : 'failed', failure, stats: null };
  }
}
