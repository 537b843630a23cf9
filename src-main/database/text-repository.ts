// The texts of documents: blocks as they were read, and the passages they are divided into. A text is so large that
// it is written and erased in steps.
import { z } from 'zod';
import type { DocumentBlock, Passage, Section, TextRange } from '#contract/documents.ts';
import type { Query, WriteDatabase } from './connection.ts';
import { readJson } from './json-column.ts';
import { searchText } from './search-text.ts';

export type NewPassage = Omit<Passage, 'id' | 'documentId'>;

/** A passage and its document, without its text. */
export type PassagePlace = Omit<Passage, 'text'>;

export class TextRepository {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#statements = prepare(db);
  }

  /** In their order, from the one at position `from` on. */
  blocks(documentId: number, from: number, limit: number): DocumentBlock[] {
    return this.#statements.blocks.all({ documentId, from, limit });
  }

  /** The text between two positions, however it is divided. */
  text(documentId: number, { start, end }: TextRange): string {
    const blocks = this.#statements.between.all({ documentId, start, end });
    const first = blocks[0];
    if (!first) return '';
    return joinBlocks(blocks).slice(Math.max(0, start - first.start), end - first.start);
  }

  /** What stands under each heading, in order; what comes before the first has the title ''. */
  outline(documentId: number): Section[] {
    const headings = this.#statements.headings.all({ documentId });
    const end = this.#statements.end.get({ documentId })?.end ?? 0;
    const sections = headings.map((heading, index): Section => {
      const next = headings.slice(index + 1).find(({ level }) => level <= heading.level);
      return { ...heading, end: next?.start ?? end };
    });
    const lead = headings[0]?.start ?? end;
    return lead > 0 ? [{ start: 0, end: lead, title: '', level: 0, page: null }, ...sections] : sections;
  }

  /** Where the passages are, in order. */
  places(documentId: number): PassagePlace[] {
    return this.#statements.passages.all({ documentId }).map(toPlace);
  }

  passages(documentId: number): Passage[] {
    return this.#toPassages(this.#statements.passages.all({ documentId }));
  }

  /** In the order of `ids`; those that are gone are left out. */
  passagesById(ids: readonly number[]): Passage[] {
    const found = this.#statements.passagesById.all({ ids: JSON.stringify(ids) });
    const byId = new Map(this.#toPassages(found).map((passage) => [passage.id, passage]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  addBlock(documentId: number, { start, end, kind, level, page, text }: DocumentBlock): void {
    this.#statements.addBlock.run({ documentId, start, end, kind, level, page, text });
  }

  addPassage(documentId: number, { start, end, headings, page, text }: NewPassage): void {
    const values = { documentId, start, end, page, headings: JSON.stringify(headings) };
    const { id = 0 } = this.#statements.addPassage.get(values) ?? {};
    const words = { headings: searchText(headings.join(' ')), text: searchText(text) };
    this.#statements.indexPassage.run({ id, ...words });
  }

  /** Erases at most so many blocks and passages; false when nothing was left. */
  erase(documentId: number, limit: number): boolean {
    const { eraseBlocks, erasePassages } = this.#statements;
    return erasePassages.run({ documentId, limit }) + eraseBlocks.run({ documentId, limit }) > 0;
  }

  /** With everything that refers to it; its text must have been erased. */
  eraseDocument(documentId: number): void {
    this.#statements.eraseDocument.run({ documentId });
  }

  #toPassages(rows: readonly PassageRow[]): Passage[] {
    return rows.map((row) => ({
      ...toPlace(row),
      text: this.text(row.documentId, row),
    }));
  }
}

/** Blocks that follow each other as the text that they are part of. */
function joinBlocks(blocks: readonly Pick<DocumentBlock, 'start' | 'end' | 'text'>[]): string {
  return blocks
    .map(({ text, end }, index) => {
      const next = blocks[index + 1];
      return next ? text + '\n'.repeat(next.start - end) : text;
    })
    .join('');
}

function toPlace({ headings, ...row }: PassageRow): PassagePlace {
  return { ...row, headings: readJson(z.array(z.string()), headings) ?? [] };
}

type PassageRow = Omit<PassagePlace, 'headings'> & { headings: string };

function prepare(db: WriteDatabase) {
  const block = 'start, finish AS end, kind, level, page, text';
  const passage = 'p.id, p.document_id AS documentId, p.start, p.finish AS end, p.headings, p.page';
  const blocks: Query<DocumentBlock> = db.query(`
    SELECT ${block} FROM library_blocks WHERE document_id = :documentId AND start >= :from
    ORDER BY start LIMIT :limit`);
  return {
    blocks,
    between: db.query<DocumentBlock>(`
      SELECT ${block} FROM library_blocks WHERE document_id = :documentId AND start < :end AND start >= coalesce((
        SELECT max(start) FROM library_blocks WHERE document_id = :documentId AND start <= :start), 0)
      ORDER BY start`),
    headings: db.query<Omit<Section, 'end'>>(`
      SELECT start, text AS title, coalesce(level, 1) AS level, page FROM library_blocks
      WHERE document_id = :documentId AND kind = 'heading' ORDER BY start`),
    end: db.query<{ end: number }>(`
      SELECT finish AS end FROM library_blocks WHERE document_id = :documentId ORDER BY start DESC LIMIT 1`),
    passages: db.query<PassageRow>(
      `SELECT ${passage} FROM passages p WHERE p.document_id = :documentId ORDER BY p.start`,
    ),
    passagesById: db.query<PassageRow>(
      `SELECT ${passage} FROM passages p WHERE p.id IN (SELECT value FROM json_each(:ids))`,
    ),
    addBlock: db.command(`
      INSERT INTO library_blocks(document_id, start, finish, kind, level, page, text)
      VALUES (:documentId, :start, :end, :kind, :level, :page, :text)`),
    addPassage: db.command<{ id: number }>(`
      INSERT INTO passages(document_id, start, finish, headings, page)
      VALUES (:documentId, :start, :end, :headings, :page) RETURNING id`),
    indexPassage: db.command(
      'INSERT INTO passages_fts(rowid, headings, text) VALUES (:id, :headings, :text)',
    ),
    erasePassages: db.command(`
      DELETE FROM passages WHERE id IN (
        SELECT id FROM passages WHERE document_id = :documentId LIMIT :limit)`),
    eraseBlocks: db.command(`
      DELETE FROM library_blocks WHERE document_id = :documentId AND start IN (
        SELECT start FROM library_blocks WHERE document_id = :documentId LIMIT :limit)`),
    eraseDocument: db.command('DELETE FROM library_documents WHERE id = :documentId'),
  };
}
