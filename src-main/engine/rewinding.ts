// How a conversation goes back to where another branch leaves it. Most models keep every token and just forget the
// later ones. Where layers look back through a window (Gemma 2 and later), what lay before it is gone: such a model
// goes back by checkpoints of its windows, which are taken where branches usually leave: before the question and
// before the answer. Where the context is little longer than the window, keeping everything costs less than that.
import type { ChatHistoryItem, LlamaContextSequence } from 'node-llama-cpp';
import type { GenerateInput } from '#contract/engine.ts';
import type { EnginePlan } from '#contract/models.ts';
import { checkpointBytes, keepsWholeWindows, type ModelShape } from '../lib/model-memory.ts';
import { promptTokens, type GenerationView } from './generation-view.ts';
import type { ModelInMemory } from './loaded-model.ts';
import { modelShape } from './model-shape.ts';
import type { CheckedFile } from './read-header.ts';
import { commonPrefix } from './saved-state.ts';

/** Enough to go back over the last few questions. */
const MOST_CHECKPOINTS = 12;
const CHECKPOINTS_BYTES = 256 * 1_048_576;
/** Where so much is read, it is because the way back to an earlier question was lost: it is laid anew. */
const LONG_READING_TOKENS = 1024;
const EARLIER_QUESTIONS = 4;
/** What no question begins with. */
const OTHER_QUESTION = '\uFFFC';

export interface Rewinding {
  /** Every layer keeps the whole context, also those that look back through a window. */
  swaFullCache: boolean;
  checkpoints: { max: number; maxMemory: number };
  /** Of one checkpoint; 0 where none is needed. */
  checkpointBytes: number;
}

/** How the model will go back, in a context like that. */
export function planRewinding(
  { info }: Pick<CheckedFile, 'info'>,
  { contextSize, kvCacheType }: Pick<EnginePlan, 'contextSize' | 'kvCacheType'>,
): Rewinding {
  const shape = knownShape(info);
  const bytes = shape ? checkpointBytes(shape, { contextSize, cacheType: kvCacheType }) : 0;
  return {
    swaFullCache: shape?.cache.some(({ window }) => keepsWholeWindows(window, contextSize)) ?? false,
    // The library takes one of its own with every answer, which must not push ours out.
    checkpoints: { max: MOST_CHECKPOINTS, maxMemory: Math.max(CHECKPOINTS_BYTES, 2 * bytes) },
    checkpointBytes: bytes,
  };
}

/** Null for architectures whose shape says nothing about windows; what is absurd in it was refused before. */
function knownShape(info: CheckedFile['info']): ModelShape | null {
  try {
    return modelShape(info);
  } catch {
    return null;
  }
}

/**
 * After how many tokens of a prompt a checkpoint is worth it: where the question begins, for one that is edited, and
 * where the answer begins, for one that is asked for again, unless a checkpoint is so large that only one has room.
 * After a long reading also where earlier questions begin: a state from disk has no checkpoints, and without these
 * every further change of branch would read as much again.
 */
export function forkPoints(
  loaded: ModelInMemory,
  input: GenerateInput,
  view: GenerationView,
): (reusedTokens: number) => number[] {
  if (!loaded.sequence.needsCheckpoints) return () => [];
  const room = Math.floor(CHECKPOINTS_BYTES / Math.max(1, loaded.rewinding.checkpointBytes));
  const end = view.tokens.length;
  return (reusedTokens) => {
    const isLong = end - reusedTokens >= LONG_READING_TOKENS;
    const earlier = isLong ? earlierQuestions(loaded, view, Math.min(EARLIER_QUESTIONS, room - 3)) : [];
    const question = questionStart(loaded, input, view);
    return room >= 3 ? [...earlier, question, end - 1] : [question];
  };
}

/** Where the last questions before the present one begin, at most `most` of them. */
function earlierQuestions(
  { chatWrapper, model }: ModelInMemory,
  { history, tokens }: GenerationView,
  most: number,
): number[] {
  const places = Array.from(history.keys()).slice(1, -1);
  const questions = places.filter((place) => history[place]?.type === 'user');
  return questions.slice(Math.max(0, questions.length - most)).map((place) => {
    const other: ChatHistoryItem[] = [...history.slice(0, place), { type: 'user', text: OTHER_QUESTION }];
    return commonPrefix(tokens, promptTokens(chatWrapper, model, other));
  });
}

/** Takes a checkpoint where one is wanted and the sequence stands. */
export async function keepForkPoint(
  sequence: LlamaContextSequence,
  points: readonly number[],
): Promise<void> {
  if (points.includes(sequence.nextTokenIndex)) await sequence.takeCheckpoint();
}

/** How many tokens come before the first one of the question's own text. */
function questionStart(
  { chatWrapper, model }: ModelInMemory,
  input: GenerateInput,
  view: GenerationView,
): number {
  const asked = view.history.at(-1);
  const own = input.turns.at(-1)?.text.trim() ?? '';
  if (asked?.type !== 'user') return 0;
  const before = asked.text.slice(0, Math.max(0, asked.text.lastIndexOf(own)));
  const other: ChatHistoryItem[] = [
    ...view.history.slice(0, -1),
    { type: 'user', text: before + OTHER_QUESTION },
  ];
  return commonPrefix(view.tokens, promptTokens(chatWrapper, model, other));
}
