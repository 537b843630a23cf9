// Search over the passages of the library by their words, best first: in the worker thread, because ranking takes longer
// than the host thread may be away.
import type { PassageHit } from '#contract/documents.ts';
import type { WriteDatabase } from './connection.ts';
import { makeExcerpt } from './excerpt.ts';
import { queryWords, toMatchExpression } from './search-terms.ts';
import { TextRepository } from './text-repository.ts';

export interface PassageQuery {
  query: string;
  /** Null: in all documents. */
  documentIds: readonly number[] | null;
  limit: number;
}

/** Of more matches than this only the first are ranked. */
const RANKED_MATCHES = 2000;

export class PassageSearch {
  readonly #texts: TextRepository;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#texts = new TextRepository(db);
    this.#statements = prepare(db);
  }

  /** Those of documents that are in the library. Any text is a valid query. */
  search({ query, documentIds, limit }: PassageQuery): PassageHit[] {
    const match = toMatchExpression(query);
    if (match === null) return [];
    const documents = documentIds && JSON.stringify(documentIds);
    const ids = this.#statements.best.all({ match, documents, limit }).map(({ id }) => id);
    const words = queryWords(query);
    return this.#texts
      .passagesById(ids)
      .map((passage) => ({ passage, excerpt: makeExcerpt(passage.text, words) }));
  }
}

function prepare(db: WriteDatabase) {
  return {
    // A heading that says the words weighs more than the text.
    best: db.query<{ id: number }>(`
      WITH found AS MATERIALIZED (
        SELECT p.id, bm25(passages_fts, 2.0, 1.0) AS score
        FROM passages_fts CROSS JOIN passages p ON p.id = passages_fts.rowid
        CROSS JOIN library_documents d ON d.id = p.document_id
        WHERE passages_fts MATCH :match AND d.removed_at IS NULL
          AND (:documents IS NULL OR p.document_id IN (SELECT value FROM json_each(:documents)))
        LIMIT ${RANKED_MATCHES}
      ) SELECT id FROM found ORDER BY score, id LIMIT :limit`),
  };
}
