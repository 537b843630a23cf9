// How much a question takes of what the model can see, and how much of each attachment can be given so that it fits.
// Counted by the model where it is loaded, guessed from the number of characters where not.
import type { AttachedQuestion, Measured } from '#contract/attachments.ts';
import type { Attachment } from '#contract/attachment.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { KeptAttachment, Passages } from '../../database/attachment-repository.ts';
import type { AnswerRequests } from '../chat/answer-requests.ts';
import type { GenerationRequest } from '../inference/generation-request.ts';
import type { InferenceService } from '../inference/inference-service.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { beginningOf, joinPassages, layOutOne, wordsBefore } from './lay-out.ts';
import { passagesInSteps } from './passages.ts';

/** What was said before is counted as long as there could be room for it. */
const CHARACTERS_PER_TOKEN_AT_MOST = 8;
/** A little less than would fit: another question may be longer by a word. */
const SAFETY = 0.97;
const LEAST_TOKENS = 60;
const TRIES = 4;
const REMEMBERED = 500;

interface MeasureOptions {
  database: AppDatabase;
  inference: Pick<InferenceService, 'count' | 'status'>;
  requests: Pick<AnswerRequests, 'ahead'>;
}

/** What counts the texts of one question. */
interface Scale {
  count(texts: readonly string[]): Promise<number[]>;
  request: GenerationRequest;
  modelId: number | null;
  roomTokens: number | null;
  sizeTokens: number | null;
  largestTokens: number | null;
  estimated: boolean;
}

interface Fitted {
  limitCharacters: number;
  givenTokens: number;
  passages: Passages;
}

export class QuestionMeasure {
  readonly #options: MeasureOptions;
  /** Whole documents, by model. */
  readonly #known = new Map<string, number>();

  constructor(options: MeasureOptions) {
    this.#options = options;
  }

  async measure(question: AttachedQuestion, signal: AbortSignal): Promise<Measured> {
    const scale = await this.#scaleFor(question, signal);
    const kept = this.#kept(question.ids);
    const attachmentTokens = await this.#wholeTokens(kept, scale);
    const given = kept.map((each, index) => each.givenTokens ?? attachmentTokens[index] ?? 0);
    const [asked = 0] = await scale.count([question.text]);
    const history = await scale.count(this.#history(scale));
    const { roomTokens, sizeTokens, largestTokens, estimated } = scale;
    return {
      attachmentTokens,
      questionTokens: sum(given) + asked,
      historyTokens: sum(history),
      roomTokens,
      sizeTokens,
      largestTokens,
      estimated,
    };
  }

  /** Chooses how much is given of each. */
  async fit(
    question: AttachedQuestion,
    use: Attachment['use'],
    signal: AbortSignal,
  ): Promise<KeptAttachment[]> {
    const scale = await this.#scaleFor(question, signal);
    const kept = this.#kept(question.ids);
    const tokens = await this.#wholeTokens(kept, scale);
    const [asked = 0] = await scale.count([question.text]);
    const room = scale.roomTokens === null ? Infinity : scale.roomTokens * SAFETY - asked;
    const shares = use === 'whole' ? tokens.map(() => Infinity) : shareOut(tokens, room);
    for (const [index, each] of kept.entries()) {
      const whole = tokens[index] ?? 0;
      const share = shares[index] ?? 0;
      const { attachments } = this.#options.database.holding(each.id);
      if (whole <= share) {
        attachments.choose(each.id, { ...WHOLE, tokens: whole });
        continue;
      }
      const text = attachments.text(each.documentId);
      const fitted = await fitOne({ ...each, use }, { text, question: question.text, whole, share }, scale);
      const { limitCharacters, givenTokens, passages } = fitted;
      const until = use === 'beginning' ? wordsBefore(text, passages[0]?.[1] ?? 0) : null;
      attachments.choose(each.id, { use, limitCharacters, tokens: whole, givenTokens, until });
    }
    return this.#kept(question.ids);
  }

  #kept(ids: readonly number[]): KeptAttachment[] {
    return ids.flatMap((id) => this.#options.database.holding(id).attachments.find(id) ?? []);
  }

  async #scaleFor({ conversationId, setup }: AttachedQuestion, signal: AbortSignal): Promise<Scale> {
    const { inference, requests } = this.#options;
    const request = requests.ahead({ conversationId, setup, text: '' });
    const model = request.model();
    const { systemPrompt, maxTokens } = request;
    const counting = (texts: readonly string[]) =>
      model && inference.count(model, { texts: [...texts], systemPrompt, maxTokens }, signal);
    const room = await counting([]);
    const largestTokens = model?.header.contextLength ?? null;
    const known = { request, modelId: model?.id ?? null, largestTokens };
    if (room) {
      const { roomTokens, sizeTokens } = room;
      const count = async (texts: readonly string[]): Promise<number[]> =>
        (await counting(texts))?.tokens ?? texts.map(estimateTokens);
      return { ...known, roomTokens, sizeTokens, estimated: false, count };
    }
    const chosen = model?.engine.contextSize ?? largestTokens;
    const roomTokens = chosen === null ? null : Math.floor(chosen * 0.87) - estimateTokens(systemPrompt);
    const count = async (texts: readonly string[]): Promise<number[]> => texts.map(estimateTokens);
    return { ...known, roomTokens, sizeTokens: chosen, estimated: true, count };
  }

  async #wholeTokens(kept: readonly KeptAttachment[], scale: Scale): Promise<number[]> {
    const found: number[] = [];
    for (const each of kept) {
      const key = `${scale.estimated ? '' : scale.modelId}/${each.id}`;
      const known = this.#known.get(key) ?? (await this.#countWhole(each, scale));
      if (this.#known.size >= REMEMBERED) this.#known.clear();
      this.#known.set(key, known);
      found.push(known);
    }
    return found;
  }

  async #countWhole(each: KeptAttachment, scale: Scale): Promise<number> {
    const text = this.#options.database.holding(each.id).attachments.text(each.documentId);
    const [tokens = 0] = await scale.count([layOutOne({ ...each, use: 'whole', text })]);
    return tokens;
  }

  /** The newest of what was said before. */
  #history({ request, sizeTokens }: Scale): string[] {
    let room = (sizeTokens ?? 0) * CHARACTERS_PER_TOKEN_AT_MOST;
    const before = request.turns.slice(0, -1).toReversed();
    return before.flatMap(({ text }) => {
      const part = room > 0 ? [text.slice(-room)] : [];
      room -= text.length;
      return part;
    });
  }
}

const WHOLE = { use: 'whole' as const, limitCharacters: null, givenTokens: null, until: null };

/** As much for each as for the others; what a small one does not need is for the larger ones. */
function shareOut(tokens: readonly number[], room: number): number[] {
  const shares = tokens.map(() => 0);
  let left = room;
  const bySize = [...tokens.keys()].toSorted((one, other) => (tokens[one] ?? 0) - (tokens[other] ?? 0));
  bySize.forEach((index, done) => {
    const share = Math.max(LEAST_TOKENS, Math.floor(left / (bySize.length - done)));
    shares[index] = share;
    left -= Math.min(share, tokens[index] ?? 0);
  });
  return shares;
}

/** Comes closer to the share from above, step by step: how many tokens a text has is known when it is counted. */
async function fitOne(
  each: Pick<KeptAttachment, 'kind' | 'name' | 'use'>,
  wanted: { text: string; question: string; whole: number; share: number },
  scale: Scale,
): Promise<Fitted> {
  const { text, question, whole, share } = wanted;
  let limitCharacters = Math.max(1, Math.floor((text.length * share * SAFETY) / whole));
  for (let attempt = 1; ; attempt++) {
    const passages =
      each.use === 'beginning'
        ? beginningOf(text, limitCharacters)
        : await passagesInSteps(text, question, limitCharacters);
    const [givenTokens = 0] = await scale.count([layOutOne({ ...each, text: joinPassages(text, passages) })]);
    if (givenTokens <= share || attempt === TRIES) return { limitCharacters, givenTokens, passages };
    limitCharacters = Math.max(1, Math.floor((limitCharacters * share * SAFETY) / givenTokens));
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
