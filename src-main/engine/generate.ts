// Writes one answer: fits the conversation into the context, restores or reads what is missing, then generates,
// and tells about each of it in events.
import type { ChatHistoryItem, LlamaChatResponse, LlamaChatResponseChunk, Token } from 'node-llama-cpp';
import { createQueue, type Queue } from '#rpc/queue.ts';
import { physicalCores } from '../lib/physical-cores.ts';
import type { EngineEvent, GenerateInput, PromptView } from '#contract/engine.ts';
import { REFILL_SHARE, TURN_OVERHEAD_TOKENS } from './fit-context.ts';
import {
  afterNote,
  layOutView,
  openAnswer,
  promptTokens,
  toHistory,
  type GenerationView,
} from './generation-view.ts';
import { library } from './llama.ts';
import type { ModelInMemory } from './loaded-model.ts';
import { readPrompt } from './read-prompt.ts';
import { RepetitionWatch } from './repetition.ts';
import { resolveSampling } from './recommended-sampling.ts';
import { forkPoints } from './rewinding.ts';
import { restoreState } from './saved-state.ts';
import { flushIntervalMs, TextFlush } from './text-flush.ts';
import { thoughtBudget, withThinking } from './thinking.ts';

/** What the library insists on having free after a shift; the strategy frees much more wherever it can. */
const SMALLEST_SHIFT_TOKENS = 16;

interface Overflow {
  chatHistory: readonly ChatHistoryItem[];
}

type Done = Extract<EngineEvent, { type: 'done' }>;

/** One generation; `signal` stops it within one token. Errors: prompt-too-long. */
export async function* generate(
  inMemory: ModelInMemory,
  input: GenerateInput,
  signal: AbortSignal,
): AsyncGenerator<EngineEvent, void, void> {
  const startedAt = performance.now();
  const loaded = await withThinking(inMemory, input.thinking);
  const { sequence } = loaded;
  const view = await layOutView(loaded, input, signal);
  const context = contextEvent(loaded, view.firstVisibleTurn, view.tokens.length);
  yield input.note && view.note === '' ? { ...context, noteLeftOut: true } : context;
  if (input.whole && view.firstVisibleTurn > 0) return;
  if (input.restore) await restoreState(sequence, input.restore, view.tokens);
  loaded.threads.enter('reading');
  const points = forkPoints(loaded, input, view);
  const reading = readPrompt(sequence, view.tokens, signal, points);
  let progress = await reading.next();
  for (; !progress.done; progress = await reading.next()) yield { type: 'reading', ...progress.value };
  loaded.threads.enter('generating');
  const run = new Generation(loaded, view, input, { startedAt, reusedTokens: progress.value });
  yield* run.events(signal);
}

/** Reads a prompt ahead of its generation, until it is through or the signal comes. Errors: bad-input, prompt-too-long. */
export async function prepare(
  inMemory: ModelInMemory,
  input: GenerateInput,
  signal: AbortSignal,
): Promise<void> {
  const loaded = await withThinking(inMemory, input.thinking);
  const view = await layOutView(loaded, input, signal);
  if (input.whole && view.firstVisibleTurn > 0) return;
  if (input.restore) await restoreState(loaded.sequence, input.restore, view.tokens);
  loaded.threads.enter('reading');
  const points = forkPoints(loaded, input, view);
  for await (const _ of readPrompt(loaded.sequence, view.tokens, signal, points));
}

/** Errors: bad-input, prompt-too-long. */
export async function viewPrompt(
  inMemory: ModelInMemory,
  input: GenerateInput,
  signal: AbortSignal,
): Promise<PromptView> {
  const loaded = await withThinking(inMemory, input.thinking);
  const { tokens, firstVisibleTurn, note } = await layOutView(loaded, input, signal);
  const { contextSize: sizeTokens } = loaded.context;
  const text = loaded.model.detokenize(tokens, true);
  const noteLeftOut = input.note !== undefined && note === '';
  return { text, tokens: tokens.length, sizeTokens, firstVisibleTurn, noteLeftOut };
}

function contextEvent(
  loaded: ModelInMemory,
  firstVisibleTurn: number,
  usedTokens: number,
): Extract<EngineEvent, { type: 'context' }> {
  return { type: 'context', firstVisibleTurn, usedTokens, sizeTokens: loaded.context.contextSize };
}

/** The part of a generation that runs inside the library and reports through callbacks. */
class Generation {
  readonly #loaded: ModelInMemory;
  readonly #view: GenerationView;
  readonly #input: GenerateInput;
  readonly #startedAt: number;
  readonly #reusedTokens: number;
  readonly #queue: Queue<EngineEvent> = createQueue<EngineEvent>();
  readonly #flush = new TextFlush(
    (event) => this.#queue.push(event),
    () => flushIntervalMs(this.#loaded.threads.threads, physicalCores()),
  );
  #firstVisibleTurn: number;
  #firstTokenAt: number | null = null;
  #lastTokenAt: number | null = null;
  #answerTokens = 0;
  readonly #repetition = new RepetitionWatch();
  readonly #runaway = new AbortController();

  constructor(
    loaded: ModelInMemory,
    view: GenerationView,
    input: GenerateInput,
    begun: { startedAt: number; reusedTokens: number },
  ) {
    this.#loaded = loaded;
    this.#view = view;
    this.#input = input;
    this.#startedAt = begun.startedAt;
    this.#reusedTokens = begun.reusedTokens;
    this.#firstVisibleTurn = view.firstVisibleTurn;
  }

  async *events(signal: AbortSignal): AsyncGenerator<EngineEvent, void, void> {
    const stop = new AbortController();
    const finished = this.#respond(AbortSignal.any([signal, stop.signal, this.#runaway.signal])).then(
      (ended) => {
        const reason = this.#runaway.signal.aborted && !signal.aborted ? 'repetition' : ended;
        this.#flush.flush();
        this.#queue.push(
          contextEvent(this.#loaded, this.#firstVisibleTurn, this.#loaded.sequence.nextTokenIndex),
        );
        this.#queue.push(this.#done(reason));
        this.#queue.close();
      },
      (error: Error) => {
        this.#flush.flush();
        this.#queue.fail(error);
      },
    );
    try {
      yield* this.#queue;
    } finally {
      stop.abort();
      await finished;
    }
  }

  async #respond(signal: AbortSignal): Promise<Done['reason']> {
    if (signal.aborted) return 'stopped';
    const { LlamaChat } = await library();
    const { sequence, chatWrapper, description } = this.#loaded;
    const history = [...this.#view.history, openAnswer(this.#loaded, this.#input.begun)];
    const chat = new LlamaChat({ contextSequence: sequence, chatWrapper });
    const { seed, repeatPenalty, ...sampling } = resolveSampling(description.header, this.#input.sampling);
    try {
      const response = await chat.generateResponse(history, {
        ...sampling,
        seed: seed ?? Math.floor(Math.random() * 2 ** 31),
        repeatPenalty,
        ...thoughtBudget(this.#loaded, this.#input.thinking),
        maxTokens: this.#maxTokens(),
        signal,
        stopOnAbortSignal: true,
        onResponseChunk: (chunk) => this.#receive(chunk),
        contextShift: {
          size: SMALLEST_SHIFT_TOKENS,
          strategy: async (shift) => ({ chatHistory: await this.#shift(shift, signal), metadata: {} }),
        },
      });
      return reasonOf(response);
    } catch (error) {
      if (signal.aborted) return 'stopped';
      throw error;
    } finally {
      chat.dispose({ disposeSequence: false });
    }
  }

  #receive(chunk: LlamaChatResponseChunk): void {
    const now = performance.now();
    this.#firstTokenAt ??= now;
    this.#answerTokens += chunk.tokens.length;
    if (this.#lastTokenAt !== null && chunk.tokens.length > 0) {
      this.#loaded.threads.token((now - this.#lastTokenAt) / chunk.tokens.length);
    }
    this.#lastTokenAt = now;
    this.#flush.write(chunk.segmentType === 'thought' ? 'thought' : 'text', chunk.text);
    if (this.#repetition.append(chunk.text)) this.#runaway.abort();
  }

  /** As much as was asked for, as long as the answer fits into a context that holds only its question. */
  #maxTokens(): number {
    const { chatWrapper, model, sequence } = this.#loaded;
    const { systemPrompt, turns, begun, maxTokens } = this.#input;
    const alone = toHistory(chatWrapper, systemPrompt, afterNote(this.#view.note, turns.slice(-1)));
    const taken =
      promptTokens(chatWrapper, model, alone, openAnswer(this.#loaded, begun)).length +
      SMALLEST_SHIFT_TOKENS +
      TURN_OVERHEAD_TOKENS;
    return Math.max(1, Math.min(maxTokens ?? Infinity, sequence.contextSize - taken));
  }

  /**
   * The context is full in the middle of the answer: the oldest turns leave, and what stays is read again, since
   * every later token was computed with them in view.
   */
  async #shift(shift: Overflow, signal: AbortSignal): Promise<ChatHistoryItem[]> {
    const { chatWrapper, model, sequence, threads } = this.#loaded;
    const { turns, systemPrompt } = this.#input;
    const written = shift.chatHistory.slice(-1);
    const lay = (first: number): { history: ChatHistoryItem[]; tokens: Token[] } => {
      const visible = afterNote(this.#view.note, turns.slice(first));
      const history = [...toHistory(chatWrapper, systemPrompt, visible), ...written];
      const { contextText } = chatWrapper.generateContextState({ chatHistory: history });
      return { history, tokens: contextText.tokenize(model.tokenizer) };
    };
    let first = this.#firstVisibleTurn;
    let { history, tokens } = lay(first);
    while (tokens.length > sequence.contextSize * REFILL_SHARE && first < turns.length - 1) {
      first = Math.min(first + 2, turns.length - 1);
      ({ history, tokens } = lay(first));
    }
    this.#firstVisibleTurn = first;
    this.#flush.flush();
    this.#queue.push(contextEvent(this.#loaded, first, tokens.length));
    threads.enter('reading');
    for await (const progress of readPrompt(sequence, tokens, signal)) {
      this.#queue.push({ type: 'reading', ...progress });
    }
    threads.enter('generating');
    this.#lastTokenAt = null;
    return history;
  }

  #done(reason: Done['reason']): Done {
    const now = performance.now();
    const firstTokenAt = this.#firstTokenAt ?? now;
    return {
      type: 'done',
      reason,
      promptTokens: this.#view.tokens.length,
      reusedTokens: this.#reusedTokens,
      answerTokens: this.#answerTokens,
      timeToFirstTokenMs: firstTokenAt - this.#startedAt,
      generationMs: now - firstTokenAt,
    };
  }
}

function reasonOf(response: LlamaChatResponse): Done['reason'] {
  const { stopReason } = response.metadata;
  if (stopReason === 'abort') return 'stopped';
  return stopReason === 'maxTokens' ? 'limit' : 'end';
}
