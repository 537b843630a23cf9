// Writes an answer, also where not all of its conversation fits into what the model can see. Where the conversation
// wants a note of what leaves the view, that is made first, and the answer waits for it.
import type { ContextUse, ConversationSetup, Message } from '#contract/chat.ts';
import { AppError } from '#contract/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { InferenceEvent } from '../inference/generation-request.ts';
import type { InferenceService } from '../inference/inference-service.ts';
import { againstRepetition } from './against-repetition.ts';
import type { AnswerRequests, BuiltRequest } from './answer-requests.ts';
import type { NoteService } from './note-service.ts';

interface WriterOptions {
  inference: Pick<InferenceService, 'generate'>;
  requests: Pick<AnswerRequests, 'build'>;
  notes: Pick<NoteService, 'extend'>;
  log: Log;
}

export interface AskedAnswer {
  /** What stands before the answer. */
  branch: readonly Message[];
  answer: Message;
  /** Where that is not as its conversation says. */
  setup?: ConversationSetup | undefined;
  /** Against repetition. */
  varied?: boolean | undefined;
}

type EngineContext = Extract<InferenceEvent, { type: 'context' }>;

export type AnswerEvent =
  | Exclude<InferenceEvent, EngineContext>
  | { type: 'noting'; progress: number }
  | { type: 'context'; context: ContextUse };

export class AnswerWriter {
  readonly #options: WriterOptions;
  /** Ends the making of a note that an answer of this conversation waits for. */
  readonly #skips = new Map<number, AbortController>();

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** The answer that waits for a note begins without it. */
  skipNote(conversationId: number): void {
    this.#skips.get(conversationId)?.abort();
  }

  /** @throws AppError as `InferenceService.generate`, and not-found */
  async *write(asked: AskedAnswer, signal: AbortSignal): AsyncGenerator<AnswerEvent, void, void> {
    const built = this.#build(asked);
    if (!built.wantsNote) {
      yield* this.#generate(built, signal);
      return;
    }
    const leaving = yield* this.#tryWhole(built, signal);
    if (leaving === 0 || signal.aborted) return;
    const withoutNote = yield* this.#makeNote(asked.answer.conversationId, { ...built, leaving }, signal);
    if (!signal.aborted) yield* this.#generate(this.#build(asked), signal, withoutNote);
  }

  #build({ branch, answer, setup, varied }: AskedAnswer): BuiltRequest {
    const built = this.#options.requests.build(branch, answer, setup);
    if (varied) built.request.sampling = againstRepetition(built.request.sampling);
    return built;
  }

  async *#generate(
    built: BuiltRequest,
    signal: AbortSignal,
    withoutNote?: ContextUse['withoutNote'],
  ): AsyncGenerator<AnswerEvent, void, void> {
    for await (const event of this.#options.inference.generate(built.request, signal)) {
      yield event.type === 'context' ? contextEvent(event, built, withoutNote) : event;
    }
  }

  /** Writes the answer if nothing has to leave the view for it; otherwise returns how many turns have to. */
  async *#tryWhole(built: BuiltRequest, signal: AbortSignal): AsyncGenerator<AnswerEvent, number, void> {
    const request = { ...built.request, whole: true };
    let leaving = 0;
    let fits = false;
    for await (const event of this.#options.inference.generate(request, signal)) {
      if (event.type !== 'context') yield event;
      else if (!fits && event.firstVisibleTurn > 0) leaving = event.firstVisibleTurn;
      else {
        fits = true;
        yield contextEvent(event, built);
      }
    }
    return leaving;
  }

  /** Returns why there is no note, if so: that is no reason to leave a question without an answer. */
  async *#makeNote(
    conversationId: number,
    from: BuiltRequest & { leaving: number },
    signal: AbortSignal,
  ): AsyncGenerator<AnswerEvent, ContextUse['withoutNote'], void> {
    const { notes, log } = this.#options;
    const skip = new AbortController();
    this.#skips.set(conversationId, skip);
    try {
      yield { type: 'noting', progress: 0 };
      yield* notes.extend(conversationId, from, AbortSignal.any([signal, skip.signal]));
      return undefined;
    } catch (error) {
      if (!(error instanceof AppError)) log.error('Making a note', error);
      return skip.signal.aborted ? 'skipped' : 'failed';
    } finally {
      this.#skips.delete(conversationId);
    }
  }
}

function contextEvent(
  { firstVisibleTurn, usedTokens, sizeTokens, noteLeftOut }: EngineContext,
  { ids, note }: BuiltRequest,
  withoutNote?: ContextUse['withoutNote'],
): AnswerEvent {
  const visibleFromId = firstVisibleTurn > 0 || note ? (ids[firstVisibleTurn] ?? null) : null;
  const reason = withoutNote ?? (noteLeftOut ? 'no-room' : undefined);
  return {
    type: 'context',
    context: { usedTokens, sizeTokens, visibleFromId, ...(reason && { withoutNote: reason }) },
  };
}
