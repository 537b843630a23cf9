// Notes that stand for the older part of a conversation.
import type { Note } from '#contract/notes.ts';
import { AppError } from '#contract/errors.ts';
import type { WriteDatabase } from './connection.ts';

interface NoteRow extends Omit<Note, 'edited' | 'removed'> {
  edited: number;
  removed: number;
}

export type NewNote = Pick<Note, 'conversationId' | 'coversId' | 'text' | 'createdAt'>;

export class NoteRepository {
  readonly #db: WriteDatabase;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#db = db;
    this.#statements = prepare(db);
  }

  /** One for each place: the one that applies there, or else the last that did. */
  list(conversationId: number): Note[] {
    const rows = this.#statements.list.all({ conversationId }).map(toNote);
    return [...new Map(rows.map((note) => [note.coversId, note])).values()];
  }

  /** Throws `not-found`. */
  get(id: number): Note {
    return toNote(existing(this.#statements.get.get({ id }), id));
  }

  /** Applies at its place from now on; one that did is kept as removed. */
  add(note: NewNote): Note {
    return this.#db.transaction(() => {
      const { conversationId, coversId, text, createdAt } = note;
      this.#statements.removeAt.run({ coversId });
      const row = this.#statements.add.get({ conversationId, coversId, text, createdAt });
      return toNote(existing(row, coversId));
    });
  }

  /** As it is, to another conversation, where `coversId` is the message that it stands for. */
  copy(note: Note, conversationId: number, coversId: number): void {
    const { text, edited, removed, createdAt } = note;
    const flags = { edited: Number(edited), removed: Number(removed) };
    this.#statements.copy.run({ conversationId, coversId, text, ...flags, createdAt });
  }

  /** In the person's words. Throws `not-found`. */
  edit(id: number, text: string): Note {
    return toNote(existing(this.#statements.edit.get({ id, text }), id));
  }

  /** Throws `not-found`. */
  remove(id: number): Note {
    return toNote(existing(this.#statements.remove.get({ id }), id));
  }

  /** Applies at its place again. Throws `not-found`. */
  restore(id: number): Note {
    return this.#db.transaction(() => {
      this.#statements.removeAt.run({ coversId: this.get(id).coversId });
      return toNote(existing(this.#statements.restore.get({ id }), id));
    });
  }

  /** For good: another one has taken its place. */
  erase(id: number): void {
    this.#statements.erase.run({ id });
  }
}

function toNote({ edited, removed, ...note }: NoteRow): Note {
  return { ...note, edited: edited === 1, removed: removed === 1 };
}

function existing(row: NoteRow | undefined, id: number): NoteRow {
  if (row) return row;
  throw new AppError('not-found', `There is no note ${id}`);
}

const COLUMNS =
  'id, conversation_id AS conversationId, covers_id AS coversId, text, edited, removed, created_at AS createdAt';

function prepare(db: WriteDatabase) {
  return {
    list: db.query<NoteRow>(
      `SELECT ${COLUMNS} FROM notes WHERE conversation_id = :conversationId ORDER BY removed DESC, id`,
    ),
    get: db.query<NoteRow>(`SELECT ${COLUMNS} FROM notes WHERE id = :id`),
    add: db.command<NoteRow>(`
      INSERT INTO notes(conversation_id, covers_id, text, created_at)
      VALUES (:conversationId, :coversId, :text, :createdAt) RETURNING ${COLUMNS}`),
    copy: db.command(`
      INSERT INTO notes(conversation_id, covers_id, text, edited, removed, created_at)
      VALUES (:conversationId, :coversId, :text, :edited, :removed, :createdAt)`),
    edit: db.command<NoteRow>(
      `UPDATE notes SET text = :text, edited = 1 WHERE id = :id RETURNING ${COLUMNS}`,
    ),
    remove: db.command<NoteRow>(`UPDATE notes SET removed = 1 WHERE id = :id RETURNING ${COLUMNS}`),
    removeAt: db.command('UPDATE notes SET removed = 1 WHERE covers_id = :coversId AND removed = 0'),
    restore: db.command<NoteRow>(`UPDATE notes SET removed = 0 WHERE id = :id RETURNING ${COLUMNS}`),
    erase: db.command('DELETE FROM notes WHERE id = :id'),
  };
}
