// Notes that stand for the older part of conversations: the person's way to them, and making them when the oldest
// messages leave the model's view.
import type { Note } from '#contract/notes.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { NoteRepository } from '../../database/note-repository.ts';
import { Topic } from '../../lib/topic.ts';
import type { AnswerRequests, BuiltRequest } from './answer-requests.ts';
import type { NoteEvent, NoteMaker, NoteMaking } from './note-maker.ts';
import { sectionsOf } from './note-sections.ts';

interface NoteOptions {
  database: AppDatabase;
  requests: Pick<AnswerRequests, 'build'>;
  maker: Pick<NoteMaker, 'make'>;
  now: () => number;
}

/** What a person hears while a note is made. */
type Progress = Exclude<NoteEvent, { type: 'noted' }>;

export class NoteService {
  readonly #options: NoteOptions;
  /** Conversations whose notes have changed. */
  readonly #changes = new Topic<number>();

  constructor(options: NoteOptions) {
    this.#options = options;
  }

  /** The notes of a conversation now and after every change. */
  async *watch(conversationId: number, signal: AbortSignal): AsyncGenerator<Note[], void, void> {
    const changes = this.#changes.listen(signal);
    yield this.#of(conversationId).list(conversationId);
    for await (const changed of changes) {
      if (changed === conversationId) yield this.#of(conversationId).list(conversationId);
    }
  }

  /** @throws AppError not-found */
  edit(id: number, text: string): Note {
    return this.#changed(this.#of(id).edit(id, text));
  }

  /** @throws AppError not-found */
  remove(id: number): Note {
    return this.#changed(this.#of(id).remove(id));
  }

  /** @throws AppError not-found */
  restore(id: number): Note {
    return this.#changed(this.#of(id).restore(id));
  }

  /**
   * Another note of the same messages, from the note before it and those messages.
   * @throws AppError not-found, note-failed, and those of `InferenceService.generate`
   */
  async *remake(id: number, signal: AbortSignal): AsyncGenerator<Progress, void, void> {
    const { database, requests } = this.#options;
    const { conversationId, coversId } = this.#of(id).get(id);
    const branch = database.holding(coversId).messages.branchUpTo(coversId);
    const built = requests.build(branch, { conversationId, text: '' });
    yield* this.#make(conversationId, { ...built, leaving: built.request.turns.length, coversId }, signal);
  }

  /**
   * A note that stands for what the present one does and for the first turns of a request. What is kept of it when it
   * breaks off stands for fewer of them.
   * @throws AppError note-failed, cancelled, and those of `InferenceService.generate`
   */
  extend(
    conversationId: number,
    from: BuiltRequest & { leaving: number },
    signal: AbortSignal,
  ): AsyncGenerator<Progress, void, void> {
    return this.#make(conversationId, from, signal);
  }

  /** With `coversId`, only a note that stands for all up to that message is kept. */
  async *#make(
    conversationId: number,
    { request, lastIds, note, leaving, coversId }: BuiltRequest & { leaving: number; coversId?: number },
    signal: AbortSignal,
  ): AsyncGenerator<Progress, void, void> {
    const { maker, now } = this.#options;
    const making: NoteMaking = {
      conversationId,
      earlier: note && !note.removed ? note.text : '',
      sections: sectionsOf(request.turns.slice(0, leaving), lastIds),
      model: request.model,
    };
    let kept: Note | null = null;
    for await (const event of maker.make(making, signal)) {
      if (event.type !== 'noted') yield event;
      else if (coversId === undefined || coversId === event.coversId) {
        const { type: _, ...made } = event;
        const notes = this.#of(conversationId);
        const step: Note | null = kept;
        kept = notes.add({ ...made, conversationId, createdAt: now() });
        if (step) notes.erase(step.id);
        this.#changed(kept);
      }
    }
  }

  #of(id: number): NoteRepository {
    return this.#options.database.holding(id).notes;
  }

  #changed(note: Note): Note {
    this.#changes.publish(note.conversationId);
    return note;
  }
}
