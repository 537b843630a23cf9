// Summaries of documents: begins them, goes on with them, and keeps them going when nobody watches.
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '#contract/errors.ts';
import type { Model } from '#contract/models.ts';
import type { Summary, SummaryEvent, SummaryRequest } from '#contract/summaries.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { Log } from '../../lib/log.ts';
import type { InferenceService } from '../inference/inference-service.ts';
import { checkSources } from './source-texts.ts';
import { SummaryRun } from './summary-run.ts';
import { toSummary } from './to-summary.ts';

interface SummaryOptions {
  database: AppDatabase;
  inference: Pick<InferenceService, 'generate' | 'count' | 'load'>;
  /** The model that answers now; null when there is none. */
  model: () => Model | null;
  log: Log;
  now: () => number;
}

export class SummaryService {
  readonly #options: SummaryOptions;
  readonly #runs = new Map<number, SummaryRun>();

  constructor(options: SummaryOptions) {
    this.#options = options;
    if (!options.database.readOnly) options.database.summaries.interruptAll();
  }

  /** Of these documents, newest first. */
  list(documentIds: readonly number[]): Summary[] {
    const stored = this.#options.database.summaries.list(documentIds);
    return stored.map((summary) => this.#runs.get(summary.id)?.summary ?? toSummary(summary));
  }

  /**
   * One at a time for each set of sources: the same wish joins the one that runs, another one stops it.
   * @throws AppError not-found, document-not-ready, no-model
   */
  async *start(request: SummaryRequest, signal: AbortSignal): AsyncGenerator<SummaryEvent> {
    const running = this.#ofSources(request);
    const same = running && isDeepStrictEqual(running.summary.request, request);
    yield* (same ? running : await this.#begin(request)).watch(signal);
  }

  /** From where it was; one that runs is joined. @throws AppError not-found, document-not-ready, no-model */
  async *continue(id: number, signal: AbortSignal): AsyncGenerator<SummaryEvent> {
    const ended = !this.#runs.has(id) && this.#require(id).state !== 'complete';
    yield* ended ? (await this.#goOn(id)).watch(signal) : this.attach(id, signal);
  }

  /** Ends after the snapshot when it does not run. @throws AppError not-found */
  async *attach(id: number, signal: AbortSignal): AsyncGenerator<SummaryEvent> {
    const running = this.#runs.get(id);
    if (running) yield* running.watch(signal);
    else yield { type: 'snapshot', summary: toSummary(this.#require(id)) };
  }

  /** What is done stays. Resolves when it has ended. */
  async stop(id: number): Promise<void> {
    const running = this.#runs.get(id);
    running?.stop();
    await running?.ended;
  }

  async remove(id: number): Promise<void> {
    await this.stop(id);
    this.#options.database.summaries.remove(id);
  }

  /** Keeps all of them as interrupted, at once. */
  close(): void {
    for (const run of this.#runs.values()) run.interrupt();
  }

  async #begin(request: SummaryRequest): Promise<SummaryRun> {
    const { database, now } = this.#options;
    const model = await this.#prepare(request);
    return this.#run(database.summaries.add(request, model.name, now()), model);
  }

  async #goOn(id: number): Promise<SummaryRun> {
    const { summaries } = this.#options.database;
    const model = await this.#prepare(this.#require(id).request);
    summaries.setModel(id, model.name);
    summaries.setState(id, { state: 'running', failure: null, step: null });
    return this.#run(id, model);
  }

  /** What there must be, and nothing else of these sources that runs. */
  async #prepare(request: SummaryRequest): Promise<Model> {
    const model = this.#options.model();
    if (!model) throw new AppError('no-model', 'No model to summarise with');
    checkSources(this.#options.database, request.sources);
    const running = this.#ofSources(request);
    running?.stop();
    await running?.ended;
    return model;
  }

  #run(id: number, model: Model): SummaryRun {
    const run = new SummaryRun({ ...this.#options, summary: this.#require(id), model });
    this.#runs.set(id, run);
    void run.run().finally(() => this.#runs.delete(id));
    return run;
  }

  #ofSources({ sources }: SummaryRequest): SummaryRun | null {
    const all = [...this.#runs.values()];
    return all.find(({ summary }) => isDeepStrictEqual(summary.request.sources, sources)) ?? null;
  }

  #require(id: number) {
    const summary = this.#options.database.summaries.get(id);
    if (!summary) throw new AppError('not-found', `There is no summary ${id}`);
    return summary;
  }
}
