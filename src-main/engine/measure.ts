// Measures how fast the loaded model reads and writes here, on the same path as answers: the same pieces, threads
// and sampling. What it writes means nothing and is thrown away; an end token does not end it.
import type { Llama, Token } from 'node-llama-cpp';
import type { MeasureEvent, MeasureInput } from '#contract/engine.ts';
import { promptTokens, toHistory } from './generation-view.ts';
import type { ModelInMemory } from './loaded-model.ts';
import { peakMemory } from './peak-memory.ts';
import { readPrompt } from './read-prompt.ts';
import { resolveSampling } from './recommended-sampling.ts';

const TEXT =
  'The river runs past the mill and the old bridge, and on market days people cross it with baskets. ';
const SHORT_QUESTION = 'What is the capital of France?';
const WARM_UP_TOKENS = 48;
const SPARE_TOKENS = 16;
/** When the parts end, as shares of the whole time. */
const WARM_UNTIL = 0.15;
const READ_UNTIL = 0.55;
/** Written in any case: one token alone has no speed. */
const LEAST_TOKENS = 4;
const NOTHING_SET = {
  temperature: null,
  topK: null,
  topP: null,
  minP: null,
  repeatPenalty: null,
  seed: 1,
};

interface Limit {
  tokens: number;
  /** On the clock of `performance`. */
  until: number;
}

/** Measures once; the context is empty afterwards. `signal` ends it within one piece or token, without a result. */
export async function* measure(
  llama: Llama,
  loaded: ModelInMemory,
  input: MeasureInput,
  signal: AbortSignal,
): AsyncGenerator<MeasureEvent, void, void> {
  const { sequence } = loaded;
  const { promptTokens, answerTokens } = withinContext(input, loaded.context.contextSize);
  const startedAt = performance.now();
  const reading = { tokens: promptTokens, until: startedAt + input.limitMs * READ_UNTIL };
  const writing = { tokens: answerTokens, until: startedAt + input.limitMs };
  try {
    yield { type: 'reading', progress: 0 };
    await warmUp(loaded, startedAt + input.limitMs * WARM_UNTIL, signal);
    const timeToFirstTokenMs = await timeToFirstToken(loaded, signal);
    const promptTokensPerSecond = yield* read(loaded, reading, signal);
    const generationTokensPerSecond = yield* write(loaded, writing, signal);
    if (signal.aborted) return;
    const peakMemoryBytes = await peakMemory(llama, loaded.graphicsBytes);
    yield {
      type: 'measured',
      promptTokensPerSecond,
      generationTokensPerSecond,
      timeToFirstTokenMs,
      peakMemoryBytes,
    };
  } finally {
    await sequence.clearHistory();
  }
}

type Amounts = Pick<MeasureInput, 'promptTokens' | 'answerTokens'>;

/** Half of a small context is read, and what is left is written. */
export function withinContext(wanted: Amounts, contextSize: number): Amounts {
  const promptTokens = Math.min(wanted.promptTokens, Math.floor(contextSize / 2));
  const answerTokens = Math.min(wanted.answerTokens, contextSize - promptTokens - SPARE_TOKENS);
  return { promptTokens, answerTokens };
}

/** Pages in the weights, and lets the number of threads settle. */
async function warmUp(loaded: ModelInMemory, until: number, signal: AbortSignal): Promise<void> {
  loaded.threads.enter('reading');
  await loaded.sequence.clearHistory();
  const prompt = sampleTokens(loaded, WARM_UP_TOKENS);
  for await (const _ of readPrompt(loaded.sequence, prompt, signal)) if (performance.now() >= until) break;
  const limit = { tokens: WARM_UP_TOKENS, until };
  for await (const _ of writeTokens(loaded, prompt.slice(-1), limit, signal));
}

/** Of a short question in an empty context. */
async function timeToFirstToken(loaded: ModelInMemory, signal: AbortSignal): Promise<number> {
  const { sequence, chatWrapper, model, threads } = loaded;
  const history = toHistory(chatWrapper, '', [{ role: 'user', text: SHORT_QUESTION }]);
  await sequence.clearHistory();
  const startedAt = performance.now();
  const prompt = promptTokens(chatWrapper, model, history);
  threads.enter('reading');
  for await (const _ of readPrompt(sequence, prompt, signal));
  const one = { tokens: 1, until: Infinity };
  for await (const _ of writeTokens(loaded, prompt.slice(-1), one, signal));
  return performance.now() - startedAt;
}

/** Tokens per second. */
async function* read(
  loaded: ModelInMemory,
  { tokens, until }: Limit,
  signal: AbortSignal,
): AsyncGenerator<MeasureEvent, number, void> {
  const { sequence, threads } = loaded;
  await sequence.clearHistory();
  threads.enter('reading');
  const startedAt = performance.now();
  let [done, ms] = [0, 0];
  for await (const { doneTokens } of readPrompt(sequence, sampleTokens(loaded, tokens), signal)) {
    done = doneTokens;
    const now = performance.now();
    ms = now - startedAt;
    yield { type: 'reading', progress: share(done / tokens, (now - startedAt) / (until - startedAt)) };
    if (now >= until) break;
  }
  return perSecond(done, ms);
}

/** Tokens per second, after the first one. */
async function* write(
  loaded: ModelInMemory,
  limit: Limit,
  signal: AbortSignal,
): AsyncGenerator<MeasureEvent, number, void> {
  const last = loaded.sequence.contextTokens.slice(-1);
  const availableMs = limit.until - performance.now();
  let told = 0;
  let [done, ms] = [0, 0];
  for await (const written of writeTokens(loaded, last, limit, signal)) {
    ({ done, ms } = written);
    const progress = share(done / limit.tokens, ms / availableMs);
    if (progress - told < 0.05) continue;
    told = progress;
    yield { type: 'writing', progress };
  }
  return perSecond(done - 1, ms);
}

/** Writes on behind `start`; tells how many tokens there are, and the milliseconds since the first. */
async function* writeTokens(
  loaded: ModelInMemory,
  start: Token[],
  { tokens, until }: Limit,
  signal: AbortSignal,
): AsyncGenerator<{ done: number; ms: number }, void, void> {
  const { sequence, threads, description } = loaded;
  const { repeatPenalty: _, ...sampling } = resolveSampling(description.header, NOTHING_SET);
  threads.enter('generating');
  let done = 0;
  let [firstAt, lastAt] = [0, 0];
  for await (const token of sequence.evaluate(start, { ...sampling, yieldEogToken: true })) {
    if (signal.aborted || token === undefined) return;
    const now = performance.now();
    if (done === 0) firstAt = now;
    else threads.token(now - lastAt);
    lastAt = now;
    done += 1;
    yield { done, ms: now - firstAt };
    if (done >= tokens || (done >= LEAST_TOKENS && now >= until)) return;
  }
}

function sampleTokens({ model }: ModelInMemory, count: number): Token[] {
  const sentence = model.tokenize(TEXT);
  const start = model.tokens.bos === null ? [] : [model.tokens.bos];
  const needed = Math.ceil(count / sentence.length);
  return [...start, ...Array.from({ length: needed }, () => sentence).flat()].slice(0, count);
}

/** Of the tokens or of the time, whichever is further; all of it when no time was left. */
function share(ofTokens: number, ofTime: number): number {
  return Math.min(1, ofTime < 0 ? 1 : Math.max(ofTokens, ofTime));
}

function perSecond(tokens: number, ms: number): number {
  return ms > 0 ? Math.max(0, tokens) / (ms / 1000) : 0;
}
