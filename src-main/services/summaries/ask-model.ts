// One question to the model in the background: it waits for people, gives way when one comes, and goes on then with
// what it has written already.
import { setImmediate } from 'node:timers/promises';
import { AppError } from '#contract/errors.ts';
import type { Model } from '#contract/models.ts';
import type { SummaryEvent } from '#contract/summaries.ts';
import { estimateTokens } from '../attachments/estimate-tokens.ts';
import type { InferenceService } from '../inference/inference-service.ts';
import type { Prompt } from './prompts.ts';

/** Little freedom: the words shall be those of the text. */
const SAMPLING = { temperature: 0.2, topK: null, topP: null, minP: null, repeatPenalty: 1, seed: null };
/** An engine that dies of this question more often would die again. */
const MOST_DEATHS = 1;
/** Texts in one request to the engine, which counts beside writing. */
const COUNT_AT_ONCE = 64;
/** Of a model that is not there to be asked. */
const ASSUMED_CONTEXT = 4096;

export interface Answer {
  text: string;
  /** It did not come to its own end. */
  cut: boolean;
}

type Waiting = Extract<SummaryEvent, { type: 'waiting' }>['for'];

interface AskerOptions {
  inference: Pick<InferenceService, 'generate' | 'count' | 'load'>;
  model: Model;
  /** Ends everything. */
  signal: AbortSignal;
  onWaiting: (what: Waiting) => void;
}

export class ModelAsker {
  readonly #options: AskerOptions;

  constructor(options: AskerOptions) {
    this.#options = options;
  }

  /** Loads the model unless it is there: sections are planned by its own tokens and context. */
  async ready(): Promise<void> {
    const { inference, model, signal, onWaiting } = this.#options;
    const input = { texts: [], systemPrompt: '', maxTokens: null };
    if (await inference.count(model, input, signal)) return;
    onWaiting('model');
    await inference.load(model, signal);
  }

  /** How many tokens a text may have behind these instructions, and of how many the context is. */
  async room(systemPrompt: string, maxTokens: number): Promise<{ roomTokens: number; sizeTokens: number }> {
    const { inference, model, signal } = this.#options;
    const counts = await inference.count(model, { texts: [], systemPrompt, maxTokens }, signal);
    if (counts) return counts;
    const sizeTokens = model.engine.contextSize ?? ASSUMED_CONTEXT;
    return { sizeTokens, roomTokens: sizeTokens - maxTokens - estimateTokens(systemPrompt) };
  }

  /** Tokens of each. */
  async measure(texts: readonly string[]): Promise<number[]> {
    const { inference, model, signal } = this.#options;
    const tokens: number[] = [];
    for (let from = 0; from < texts.length; from += COUNT_AT_ONCE) {
      const some = texts.slice(from, from + COUNT_AT_ONCE);
      const counts = await inference.count(model, { texts: some, systemPrompt: '', maxTokens: null }, signal);
      tokens.push(...(counts?.tokens ?? some.map(estimateTokens)));
    }
    return tokens;
  }

  /** @throws AppError cancelled, and those of `InferenceService.generate`. */
  async ask(prompt: Prompt, maxTokens: number, onText: (text: string) => void = () => {}): Promise<Answer> {
    const { signal } = this.#options;
    let text = '';
    const add = (more: string): void => {
      text += more;
      onText(more);
    };
    for (let deaths = 0; ;) {
      if (signal.aborted) throw new AppError('cancelled', 'The summary was stopped');
      try {
        const left = Math.max(1, maxTokens - estimateTokens(text));
        const end = await this.#write(prompt, { begun: text, maxTokens: left }, add);
        if (end) return { text, cut: end !== 'end' };
      } catch (error) {
        const code = error instanceof AppError ? error.code : null;
        const died = code === 'engine-stopped' && deaths++ < MOST_DEATHS;
        if (code !== 'cancelled' && !died) throw error;
      }
      await setImmediate();
    }
  }

  /** How it ended; null when it had to give way. */
  async #write(
    { systemPrompt, question }: Prompt,
    rest: { begun: string; maxTokens: number },
    onText: (text: string) => void,
  ): Promise<'end' | 'limit' | 'repetition' | null> {
    const { inference, model, signal, onWaiting } = this.#options;
    const request = {
      ...rest,
      conversationId: null,
      priority: 'background' as const,
      model: () => model,
      systemPrompt,
      turns: [{ role: 'user' as const, text: question }],
      sampling: SAMPLING,
      thinking: false,
    };
    let waitsFor: Waiting | null = null;
    for await (const event of inference.generate(request, signal)) {
      if (event.type === 'waiting' && event.for !== waitsFor) onWaiting((waitsFor = event.for));
      if (event.type === 'text') onText(event.text);
      if (event.type === 'done' && event.reason !== 'stopped') return event.reason;
    }
    return null;
  }
}
