// One summary being made. Belongs to the service, not to a window: it goes on, and is kept, whoever watches.
import { setImmediate } from 'node:timers/promises';
import { AppError, toWireError } from '#contract/errors.ts';
import type { Model } from '#contract/models.ts';
import type { Summary, SummaryEvent, SummarySection } from '#contract/summaries.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { Fact, StoredSection, StoredSummary, SummaryState } from '../../database/summary-repository.ts';
import type { Log } from '../../lib/log.ts';
import { Topic } from '../../lib/topic.ts';
import type { InferenceService } from '../inference/inference-service.ts';
import { ModelAsker } from './ask-model.ts';
import { planSummary, type SummaryPlan } from './plan-summary.ts';
import { checkSources, loadSources, type SourceTexts } from './source-texts.ts';
import { summarise, type Keeping } from './summarise.ts';
import { TimeLeft } from './time-left.ts';
import { toSummary } from './to-summary.ts';

interface RunOptions {
  summary: StoredSummary;
  database: AppDatabase;
  inference: Pick<InferenceService, 'generate' | 'count' | 'load'>;
  model: Model;
  log: Log;
  now: () => number;
}

export class SummaryRun {
  readonly #options: RunOptions;
  readonly #topic = new Topic<SummaryEvent>();
  readonly #stop = new AbortController();
  readonly #end = Promise.withResolvers<void>();
  readonly #asker: ModelAsker;
  readonly #time: TimeLeft;
  #summary: StoredSummary;
  /** For those who join later. */
  #latest: SummaryEvent[] = [];
  /** The app closes: the database may be closed already. */
  #abandoned = false;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#summary = options.summary;
    this.#time = new TimeLeft(options.now);
    this.#asker = new ModelAsker({
      ...options,
      signal: this.#stop.signal,
      onWaiting: (what) => this.#tell({ type: 'waiting', for: what }),
    });
  }

  get summary(): Summary {
    return toSummary(this.#summary);
  }

  /** Resolves when it is complete, stopped or failed, and that is kept. */
  get ended(): Promise<void> {
    return this.#end.promise;
  }

  stop(): void {
    this.#stop.abort();
  }

  /** The app is closing: keeps at once that it is not at its end. */
  interrupt(): void {
    const { database, summary } = this.#options;
    this.#abandoned = true;
    this.#stop.abort();
    database.summaries.setState(summary.id, { state: 'interrupted', failure: null, step: null });
  }

  /** All of it as it is, then everything that follows. */
  async *watch(signal: AbortSignal): AsyncGenerator<SummaryEvent, void, void> {
    const events = this.#topic.listen(signal);
    yield { type: 'snapshot', summary: this.summary };
    yield* this.#latest;
    yield* events;
  }

  /** Makes it to its end. Never rejects: what goes wrong becomes its state. */
  async run(): Promise<void> {
    const outcome = await this.#make().catch((error: unknown) => this.#failed(error));
    this.#summary = { ...this.#summary, ...outcome };
    if (!this.#abandoned) await this.#keepEnd(outcome);
    this.#tell({ type: 'done', summary: this.summary });
    this.#topic.close();
    this.#end.resolve();
  }

  async #make(): Promise<SummaryState> {
    const { database, summary } = this.#options;
    const sources = loadSources(database, summary.request.sources);
    await setImmediate();
    await this.#asker.ready();
    const plan = await planSummary(summary.request, sources, this.#asker);
    const kept = await this.#keepsSections(sources, plan);
    if (!kept) this.#plan(sources, plan);
    const lines = await summarise({
      ...plan,
      whole: plan.whole && !kept,
      request: summary.request,
      sources,
      sections: this.#summary.sections,
      asker: {
        measure: (texts) => this.#asker.measure(texts),
        ask: async (prompt, maxTokens, onText) => {
          this.#checkSources();
          const answer = await this.#asker.ask(prompt, maxTokens, onText);
          this.#checkSources();
          return answer;
        },
      },
      keep: this.#keeping(),
    });
    this.#summary = { ...this.#summary, lines, draft: null };
    return { state: 'complete', failure: null, step: null };
  }

  /** Sections that are read need not be read again, if the texts are the same and the rest still fits. */
  async #keepsSections(sources: SourceTexts, { limitTokens }: SummaryPlan): Promise<boolean> {
    const { fingerprint, sections, draft } = this.#summary;
    if (fingerprint !== sources.fingerprint) return false;
    if (draft) return true;
    const waiting = sections.filter(({ state }) => state !== 'done' && state !== 'merged');
    if (waiting.length === sections.length) return false;
    const tokens = await this.#asker.measure(waiting.map((section) => sources.text(section)));
    // Joined pieces may come to a few tokens more or less than one by one.
    return tokens.every((each) => each <= limitTokens * 1.1);
  }

  #plan(sources: SourceTexts, { sections: planned }: SummaryPlan): void {
    const { database, summary } = this.#options;
    const { fingerprint } = sources;
    const sections = planned.map((each): StoredSection => ({ ...each, state: 'waiting', facts: [] }));
    database.summaries.plan(summary.id, fingerprint, sections);
    this.#summary = { ...this.#summary, fingerprint, sections, draft: null };
    this.#tell({ type: 'snapshot', summary: this.summary });
  }

  #keeping(): Keeping {
    const { id } = this.#options.summary;
    const { summaries } = this.#options.database;
    return {
      section: (index, state, facts) => this.#setSection(index, state, facts),
      step: (step) => {
        if (this.#summary.step === step) return;
        this.#summary.step = step;
        summaries.setState(id, this.#summary);
        this.#tell({ type: 'step', step });
      },
      text: (text) => this.#tell({ type: 'text', text }),
      left: (units) => this.#tell({ type: 'left', leftMs: this.#time.left(units) }),
      merged: (key) => summaries.merged(id, key),
      addMerge: (key, facts) => {
        summaries.addMerge(id, key, facts);
        this.#time.done();
      },
      draft: () => this.#summary.draft,
      setDraft: (draft) => {
        this.#summary.draft = draft;
        summaries.setDraft(id, draft);
      },
    };
  }

  #setSection(index: number, state: SummarySection['state'], facts?: readonly Fact[]): void {
    const section = this.#summary.sections[index];
    if (!section) return;
    if (state === 'reading') this.#time.begin();
    if (state === 'done') this.#time.done();
    section.state = state;
    if (facts) section.facts = [...facts];
    const { database, summary } = this.#options;
    database.summaries.setSection(summary.id, index, section);
    // Committed it is; what the disk can't promise now, the next saving meets again and says.
    database.flush().catch(() => {});
    this.#tell({ type: 'section', index, state });
  }

  /** A summary of what is not there any more would lead nowhere. @throws AppError not-found, document-not-ready */
  #checkSources(): void {
    const { database, summary } = this.#options;
    checkSources(database, summary.request.sources);
  }

  /** What is needed to catch up: the last of each kind, and all words. */
  #tell(event: SummaryEvent): void {
    if (event.type === 'waiting' || event.type === 'left')
      this.#latest = [...this.#latest.filter(({ type }) => type !== event.type), event];
    if (event.type === 'section' || event.type === 'step')
      this.#latest = this.#latest.filter(({ type }) => type === 'left');
    if (event.type === 'text') this.#addText(event.text);
    this.#topic.publish(event);
  }

  #addText(text: string): void {
    const before = this.#latest.find((event) => event.type === 'text');
    const others = this.#latest.filter(({ type }) => type === 'left');
    this.#latest = [...others, { type: 'text', text: (before?.text ?? '') + text }];
  }

  #failed(error: unknown): SummaryState {
    const { sections } = this.#summary;
    const stopped = this.#stop.signal.aborted;
    sections.forEach((section, index) => {
      if (section.state === 'reading') this.#leaveSection(index, stopped ? 'waiting' : 'failed');
    });
    if (stopped) return { state: 'stopped', failure: null, step: null };
    const logId = error instanceof AppError ? undefined : this.#options.log.error('Summary', error);
    const { code, details } = toWireError(error, logId);
    return { state: 'failed', failure: { code, ...(details && { details }) }, step: null };
  }

  /** As good as it can be kept: the disk may be what failed. */
  #leaveSection(index: number, state: SummarySection['state']): void {
    const section = this.#summary.sections[index];
    if (section) section.state = state;
    try {
      if (!this.#abandoned) this.#setSection(index, state);
    } catch (error) {
      this.#options.log.error('Keeping a summary', error);
    }
  }

  async #keepEnd(outcome: SummaryState): Promise<void> {
    const { database, summary, log } = this.#options;
    try {
      if (outcome.state === 'complete') database.summaries.complete(summary.id, this.#summary.lines);
      else database.summaries.setState(summary.id, outcome);
      await database.flush();
    } catch (error) {
      const logId = error instanceof AppError ? undefined : log.error('Keeping a summary', error);
      const { code, details } = toWireError(error, logId);
      this.#summary = {
        ...this.#summary,
        state: 'failed',
        failure: { code, ...(details && { details }) },
      };
    }
  }
}
