// Drafts and the person's own prompts.
import type { Draft, Prompt } from '#contract/compose.ts';
import { AppError } from '#contract/errors.ts';
import type { WriteDatabase } from './connection.ts';

/** Stands for the conversation that has not begun. */
const NOT_BEGUN = 0;

export class ComposeRepository {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#statements = prepare(db);
  }

  drafts(): Draft[] {
    return this.#statements.drafts
      .all()
      .map(({ id, text }) => ({ conversationId: id === NOT_BEGUN ? null : id, text }));
  }

  /** An empty text forgets it. */
  saveDraft({ conversationId, text }: Draft): void {
    const id = conversationId ?? NOT_BEGUN;
    if (text === '') this.#statements.forgetDraft.run({ id });
    else this.#statements.saveDraft.run({ id, text });
  }

  /** By name. */
  prompts(): Prompt[] {
    return this.#statements.prompts.all().map((row) => ({ ...row, builtIn: null }));
  }

  /** Throws `not-found` for an id that is none of the person's own. */
  savePrompt(id: number | null, values: Pick<Prompt, 'name' | 'text'>): Prompt {
    const { add, change } = this.#statements;
    const saved = id === null ? add.get(values) : change.get({ id, ...values });
    if (!saved) throw new AppError('not-found', `There is no prompt ${id}`);
    return { ...values, id: saved.id, builtIn: null };
  }

  removePrompt(id: number): void {
    this.#statements.remove.run({ id });
  }
}

function prepare(db: WriteDatabase) {
  return {
    drafts: db.query<{ id: number; text: string }>('SELECT conversation_id AS id, text FROM drafts'),
    saveDraft: db.command(`
      INSERT INTO drafts(conversation_id, text)
      SELECT :id, :text WHERE :id = ${NOT_BEGUN} OR EXISTS (SELECT 1 FROM conversations WHERE id = :id)
      ON CONFLICT(conversation_id) DO UPDATE SET text = excluded.text`),
    forgetDraft: db.command('DELETE FROM drafts WHERE conversation_id = :id'),
    prompts: db.query<Pick<Prompt, 'id' | 'name' | 'text'>>(
      'SELECT id, name, text FROM prompts ORDER BY name COLLATE NOCASE, id',
    ),
    add: db.command<{ id: number }>('INSERT INTO prompts(name, text) VALUES (:name, :text) RETURNING id'),
    change: db.command<{ id: number }>(
      'UPDATE prompts SET name = :name, text = :text WHERE id = :id RETURNING id',
    ),
    remove: db.command('DELETE FROM prompts WHERE id = :id'),
  };
}
