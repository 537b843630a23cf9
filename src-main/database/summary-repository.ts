// Summaries and what is done of them: sections with the facts found there, merges of these, and the lines.
import { z } from 'zod';
import { failure } from '#contract/common.ts';
import {
  citation,
  summaryLine,
  summaryRequest,
  summarySection,
  type Summary,
  type SummaryRequest,
  type SummarySection,
} from '#contract/summaries.ts';
import type { WriteDatabase } from './connection.ts';
import { readJson, writeJson } from './json-column.ts';

const fact = z.object({ text: z.string(), citations: z.array(citation) });
/** What a text says, with the places where it says so. */
export type Fact = z.output<typeof fact>;

const draft = z.object({ lines: z.array(summaryLine), adapted: z.number() });
/** Lines as they were first written; the first `adapted` of them are in the wanted language and level. */
export type SummaryDraft = z.output<typeof draft>;

export interface StoredSection extends SummarySection {
  facts: Fact[];
}

export interface StoredSummary extends Omit<Summary, 'sections'> {
  sections: StoredSection[];
  /** Of the texts that its sections were planned for. */
  fingerprint: string | null;
  draft: SummaryDraft | null;
}

/** How far a summary is. */
export type SummaryState = Pick<Summary, 'state' | 'failure' | 'step'>;

export class SummaryRepository {
  readonly #db: WriteDatabase;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: WriteDatabase) {
    this.#db = db;
    this.#statements = prepare(db);
  }

  /** Of these documents, newest first. */
  list(documentIds: readonly number[]): StoredSummary[] {
    const rows = this.#statements.list.all({ ids: JSON.stringify(documentIds) });
    return rows.flatMap((row) => this.#toSummary(row) ?? []);
  }

  get(id: number): StoredSummary | null {
    const row = this.#statements.get.get({ id });
    return row ? this.#toSummary(row) : null;
  }

  /** Begins one, as running; returns its id. */
  add(request: SummaryRequest, modelName: string, createdAt: number): number {
    return this.#db.transaction(() => {
      const values = { request: JSON.stringify(request), modelName, createdAt };
      const { id = 0 } = this.#statements.add.get(values) ?? {};
      for (const documentId of new Set(request.sources.map((source) => source.documentId)))
        this.#statements.addDocument.run({ id, documentId });
      return id;
    });
  }

  setState(id: number, { state, failure: reason, step }: SummaryState): void {
    this.#statements.setState.run({ id, state, failure: writeJson(reason), step });
  }

  setModel(id: number, modelName: string): void {
    this.#statements.setModel.run({ id, modelName });
  }

  /** Other sections than before; what was done of those is forgotten. */
  plan(id: number, fingerprint: string, sections: readonly SummarySection[]): void {
    this.#db.transaction(() => {
      this.#statements.forgetSections.run({ id });
      this.#statements.forgetMerges.run({ id });
      this.#statements.setPlan.run({ id, fingerprint });
      sections.forEach(({ documentId, range: { start, end }, title, state }, position) => {
        this.#statements.addSection.run({ id, position, documentId, start, end, title, state });
      });
    });
  }

  setSection(id: number, position: number, { state, facts }: Pick<StoredSection, 'state' | 'facts'>): void {
    this.#statements.setSection.run({ id, position, state, facts: JSON.stringify(facts) });
  }

  /** What a merge came to; null when it is not done. */
  merged(id: number, key: string): Fact[] | null {
    return readJson(z.array(fact), this.#statements.merged.get({ id, key })?.facts ?? null);
  }

  addMerge(id: number, key: string, facts: readonly Fact[]): void {
    this.#statements.addMerge.run({ id, key, facts: JSON.stringify(facts) });
  }

  setDraft(id: number, value: SummaryDraft): void {
    this.#statements.setDraft.run({ id, draft: JSON.stringify(value) });
  }

  /** All its lines are there. */
  complete(id: number, lines: Summary['lines']): void {
    this.#statements.complete.run({ id, lines: JSON.stringify(lines) });
  }

  /** The app ended while these were written. */
  interruptAll(): void {
    this.#db.transaction(() => {
      this.#statements.stopReading.run();
      this.#statements.interruptAll.run();
    });
  }

  remove(id: number): void {
    this.#statements.remove.run({ id });
  }

  /** Null when its request can't be read. */
  #toSummary(row: Row): StoredSummary | null {
    const request = readJson(summaryRequest, row.request);
    if (!request) return null;
    const sections = this.#statements.sections.all({ id: row.id }).map(toSection);
    return {
      ...row,
      request,
      failure: readJson(failure, row.failure),
      draft: readJson(draft, row.draft),
      lines: readJson(z.array(summaryLine), row.lines) ?? [],
      sections,
    };
  }
}

type Plain = 'id' | 'state' | 'step' | 'fingerprint' | 'modelName' | 'createdAt';
interface Row extends Pick<StoredSummary, Plain> {
  request: string;
  failure: string | null;
  draft: string | null;
  lines: string;
}

interface SectionRow {
  documentId: number;
  start: number;
  end: number;
  title: string;
  state: string;
  facts: string;
}

function toSection({ documentId, start, end, title, ...row }: SectionRow): StoredSection {
  const facts = readJson(z.array(fact), row.facts);
  const state = summarySection.shape.state.safeParse(row.state).data ?? 'waiting';
  return { documentId, range: { start, end }, title, state: facts ? state : 'waiting', facts: facts ?? [] };
}

const COLUMNS = `
  s.id, s.request, s.state, s.failure, s.step, s.fingerprint, s.draft, s.lines,
  s.model_name AS modelName, s.created_at AS createdAt`;

function prepare(db: WriteDatabase) {
  return {
    list: db.query<Row>(`
      SELECT ${COLUMNS} FROM summaries s WHERE EXISTS (
        SELECT 1 FROM summary_documents d WHERE d.summary_id = s.id
          AND d.document_id IN (SELECT value FROM json_each(:ids)))
      ORDER BY s.id DESC`),
    get: db.query<Row>(`SELECT ${COLUMNS} FROM summaries s WHERE s.id = :id`),
    sections: db.query<SectionRow>(`
      SELECT document_id AS documentId, start, finish AS end, title, state, facts FROM summary_sections
      WHERE summary_id = :id ORDER BY position`),
    merged: db.query<{ facts: string }>(
      'SELECT facts FROM summary_merges WHERE summary_id = :id AND key = :key',
    ),
    add: db.command<{ id: number }>(`
      INSERT INTO summaries(request, state, model_name, created_at)
      VALUES (:request, 'running', :modelName, :createdAt) RETURNING id`),
    addDocument: db.command(
      'INSERT INTO summary_documents(summary_id, document_id) VALUES (:id, :documentId)',
    ),
    setState: db.command(
      'UPDATE summaries SET state = :state, failure = :failure, step = :step WHERE id = :id',
    ),
    setModel: db.command('UPDATE summaries SET model_name = :modelName WHERE id = :id'),
    setPlan: db.command('UPDATE summaries SET fingerprint = :fingerprint, draft = NULL WHERE id = :id'),
    forgetSections: db.command('DELETE FROM summary_sections WHERE summary_id = :id'),
    forgetMerges: db.command('DELETE FROM summary_merges WHERE summary_id = :id'),
    addSection: db.command(`
      INSERT INTO summary_sections(summary_id, position, document_id, start, finish, title, state)
      VALUES (:id, :position, :documentId, :start, :end, :title, :state)`),
    setSection: db.command(`
      UPDATE summary_sections SET state = :state, facts = :facts
      WHERE summary_id = :id AND position = :position`),
    addMerge: db.command(`
      INSERT INTO summary_merges(summary_id, key, facts) VALUES (:id, :key, :facts)
      ON CONFLICT(summary_id, key) DO UPDATE SET facts = excluded.facts`),
    setDraft: db.command('UPDATE summaries SET draft = :draft WHERE id = :id'),
    complete: db.command(`
      UPDATE summaries SET state = 'complete', failure = NULL, step = NULL, draft = NULL, lines = :lines
      WHERE id = :id`),
    stopReading: db.command("UPDATE summary_sections SET state = 'waiting' WHERE state = 'reading'"),
    interruptAll: db.command("UPDATE summaries SET state = 'interrupted' WHERE state = 'running'"),
    remove: db.command('DELETE FROM summaries WHERE id = :id'),
  };
}
