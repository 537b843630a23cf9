// Lets the model write a note of a part of a conversation: the note so far and what came after it become one note, in
// as many steps as it takes to read all. Each step that ends with a whole section is told, so that it can be kept.
import { AppError } from '#contract/errors.ts';
import type { Model } from '#contract/models.ts';
import type { InferenceEvent } from '../inference/generation-request.ts';
import type { InferenceService } from '../inference/inference-service.ts';
import { nextPiece, type Section } from './note-sections.ts';
import { cleanNote, noteQuestion } from './note-text.ts';

/** How much of a context a note may take. */
const NOTE_SHARE = 1 / 8;
const SMALLEST_NOTE_TOKENS = 64;
const LARGEST_NOTE_TOKENS = 1024;
/** Of a model that is not loaded. */
const USUAL_CONTEXT_TOKENS = 4096;
/** Pieces shorter than this make no sense any more: the note so far takes all the room. */
const SHORTEST_PIECE = 120;
/** Of the characters that would fill the context: some texts have more tokens than others. */
const SAFE_SHARE = 0.85;

export interface NoteMaking {
  conversationId: number;
  /** The note so far; '' when there is none. */
  earlier: string;
  sections: Section[];
  model: () => Model | null;
}

export type NoteEvent =
  | Extract<InferenceEvent, { type: 'waiting' }>
  | { type: 'noting'; progress: number }
  /** All up to this message is in the text. */
  | { type: 'noted'; coversId: number; text: string };

export class NoteMaker {
  readonly #inference: Pick<InferenceService, 'generate' | 'status'>;

  constructor(inference: Pick<InferenceService, 'generate' | 'status'>) {
    this.#inference = inference;
  }

  /** @throws AppError note-failed, cancelled when the signal aborts, and those of `InferenceService.generate` */
  async *make(making: NoteMaking, signal: AbortSignal): AsyncGenerator<NoteEvent, void, void> {
    const total = lengthOf(making.sections);
    let { earlier, sections } = making;
    let limit = Infinity;
    while (sections.length > 0) {
      const piece = nextPiece(sections, limit);
      const done = total - lengthOf(sections);
      const share = (part: number): number => (done + part * piece.text.length) / Math.max(1, total);
      try {
        earlier = yield* this.#write({ ...making, earlier, part: piece.text, share }, signal);
      } catch (error) {
        limit = smaller(piece.text.length, error);
        continue;
      }
      sections = piece.rest;
      if (piece.lastId !== null) yield { type: 'noted', coversId: piece.lastId, text: earlier };
    }
  }

  /** One note. `share` says how far all is when so much of this one is done. */
  async *#write(
    step: Omit<NoteMaking, 'sections'> & { part: string; share: (part: number) => number },
    signal: AbortSignal,
  ): AsyncGenerator<NoteEvent, string, void> {
    const { conversationId, earlier, part, model, share } = step;
    const maxTokens = this.#noteTokens();
    const request = {
      conversationId: null,
      onBehalfOf: conversationId,
      priority: 'person' as const,
      model,
      systemPrompt: '',
      turns: [{ role: 'user' as const, text: noteQuestion(earlier, part, Math.floor(maxTokens * 0.6)) }],
      begun: '',
      whole: true,
      sampling: { temperature: 0, topK: null, topP: null, minP: null, repeatPenalty: null, seed: null },
      maxTokens,
      thinking: false,
    };
    let text = '';
    let reason = null;
    for await (const event of this.#inference.generate(request, signal)) {
      if (event.type === 'waiting') yield event;
      else if (event.type === 'reading') {
        yield { type: 'noting', progress: share((0.6 * event.doneTokens) / Math.max(1, event.totalTokens)) };
      } else if (event.type === 'text') {
        text += event.text;
        yield { type: 'noting', progress: share(0.6 + 0.4 * Math.min(1, text.length / (maxTokens * 4))) };
      } else if (event.type === 'done') ({ reason } = event);
    }
    if (signal.aborted || reason === null || reason === 'stopped') {
      throw new AppError('cancelled', 'Cancelled while a note was made');
    }
    const note = cleanNote(text, reason === 'limit');
    if (note === '' || reason === 'repetition') throw new AppError('note-failed', `Ended with ${reason}`);
    return note;
  }

  #noteTokens(): number {
    const size = this.#inference.status.value.contextSize ?? USUAL_CONTEXT_TOKENS;
    return Math.max(SMALLEST_NOTE_TOKENS, Math.min(LARGEST_NOTE_TOKENS, Math.floor(size * NOTE_SHARE)));
  }
}

function lengthOf(sections: readonly Section[]): number {
  return sections.reduce((length, { text }) => length + text.length, 0);
}

/** How many characters to try next after so many were too many. Throws what it is not about. */
function smaller(length: number, error: unknown): number {
  if (!(error instanceof AppError) || error.code !== 'prompt-too-long') throw error;
  const { promptTokens, contextTokens } = error.details ?? {};
  const share = Number(contextTokens) / Number(promptTokens);
  const limit = Math.floor(length * Math.min(0.8, share > 0 ? share * SAFE_SHARE : 0.5));
  if (limit < SHORTEST_PIECE) {
    throw new AppError('note-failed', 'The note so far leaves no room for what came after it', {
      cause: error,
    });
  }
  return limit;
}
