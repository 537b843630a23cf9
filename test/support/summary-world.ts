// Summaries with a model that does what a test tells it, over a small book.
import { expect, onTestFinished } from 'vitest';
import type { Model } from '#contract/models.ts';
import type { Summary, SummaryEvent, SummaryRequest } from '#contract/summaries.ts';
import type { AppDatabase } from '../../src-main/database/app-database.ts';
import { countWords } from '../../src-main/services/documents/count-words.ts';
import { PassageSplitter } from '../../src-main/services/documents/passage-splitter.ts';
import { BlockPlacer } from '../../src-main/services/documents/place-blocks.ts';
import type {
  GenerationRequest,
  InferenceEvent,
} from '../../src-main/services/inference/generation-request.ts';
import { SummaryService } from '../../src-main/services/summaries/summary-service.ts';
import { createPlace, openAt, type Place } from '../main/database/database-fixture.ts';

const MODEL = { id: 1, name: 'Gemma', engine: { contextSize: null } } as Model;
/** The end of an answer, without its reason. */
export const DONE = {
  promptTokens: 1,
  reusedTokens: 0,
  answerTokens: 1,
  timeToFirstTokenMs: 1,
  generationMs: 1,
};
/** Without sources. */
export const REQUEST: Omit<SummaryRequest, 'sources'> = {
  length: { kind: 'short' },
  form: 'bullets',
  focus: '',
  language: null,
  level: null,
};
/** The chapters of the book. */
export const GEMS = ['Ruby', 'Opal', 'Jade', 'Topaz', 'Agate', 'Beryl', 'Onyx', 'Pearl', 'Garnet', 'Zircon'];

/** Four characters are a token. Takes of each text its first sentence, or does what `act` says. */
export class ScriptedEngine {
  readonly asked: string[] = [];
  sizeTokens = 1_000;
  act: (
    question: string,
    request: GenerationRequest,
    number: number,
  ) => string | null | Promise<string | null> = () => null;

  async *generate(request: GenerationRequest, signal: AbortSignal): AsyncGenerator<InferenceEvent> {
    const question = request.turns.at(-1)?.text ?? '';
    this.asked.push(question);
    const told = await this.act(question, request, this.asked.length);
    if (signal.aborted) return;
    yield { type: 'text', text: told ?? answerTo(question) };
    yield { type: 'done', reason: 'end', ...DONE };
  }

  async count(_: Model, { texts, maxTokens }: { texts: string[]; maxTokens: number | null }) {
    const tokens = texts.map((text) => Math.ceil(text.length / 4));
    return { tokens, roomTokens: this.sizeTokens - (maxTokens ?? 100) - 50, sizeTokens: this.sizeTokens };
  }

  async load(): Promise<void> {}

  /** The gems whose chapters were read, in order. */
  read(): string[] {
    return this.asked
      .filter((each) => !each.includes('\n- '))
      .map((each) => /(\w+) is the stone/.exec(each)?.[1] ?? '');
  }
}

function answerTo(question: string): string {
  const inside = question.replace(/^[\s\S]*?<text>\n/, '').replace(/\n<\/text>$/, '');
  const notes = inside.split('\n').filter((line) => line.startsWith('- '));
  return notes.length > 0
    ? notes.join('\n')
    : `- ${/\w+ is the stone[^.]*\./.exec(inside)?.[0] ?? 'Nothing.'}`;
}

/** A document that is read; '# ' begins a heading. */
export function addDocument(database: AppDatabase, lines: readonly string[], language = 'en'): number {
  const { id } = database.documents.add({
    title: 'Gems',
    titled: true,
    name: 'gems.md',
    sizeBytes: 1,
    path: null,
    upload: null,
    collectionId: null,
    addedAt: 1,
  });
  const placer = new BlockPlacer();
  const splitter = new PassageSplitter(language);
  const blocks = lines.map((line) => {
    const heading = line.startsWith('# ');
    const text = heading ? line.slice(2) : line;
    const kind = heading ? ('heading' as const) : ('paragraph' as const);
    return placer.place({ kind, level: heading ? 1 : null, page: 3, continues: false, text });
  });
  for (const block of blocks) database.texts.addBlock(id, block);
  for (const passage of [...blocks.flatMap((block) => splitter.take(block)), ...splitter.end()])
    database.texts.addPassage(id, passage);
  const facts = {
    title: null,
    format: 'markdown' as const,
    pages: null,
    words: countWords(lines.join(' ')),
    notes: [],
    modifiedAt: null,
  };
  database.documents.finish(id, { ...facts, sizeBytes: 1, characters: placer.characters, language });
  return id;
}

const filler = (gem: string): string =>
  Array.from(
    { length: 22 },
    (_, index) => `Miners of ${gem} valley dig deeper in week ${index}, say old ${gem} books.`,
  ).join(' ');
/** A chapter for each gem, each too long to be read together with another one. */
export const BOOK = GEMS.flatMap((gem, index) => [
  `# ${gem}`,
  `${gem} is the stone of month ${index + 1}. ${filler(gem)}`,
]);

export interface Opened {
  database: AppDatabase;
  engine: ScriptedEngine;
  summaries: SummaryService;
}

/** Summaries with a database of their own, or with that of an earlier run of the app. */
export async function open(place: Place = createPlace()): Promise<Opened & { place: Place }> {
  const database = await openAt(place);
  const engine = new ScriptedEngine();
  const log = {
    error: (what: string, error: unknown) => expect.fail(`${what}: ${String(error)}`),
    info: () => {},
  } as never;
  const summaries = new SummaryService({
    database,
    inference: engine,
    model: () => MODEL,
    now: place.now,
    log,
  });
  onTestFinished(() => summaries.close());
  return { place, database, engine, summaries };
}

export const never = (): AbortSignal => new AbortController().signal;
/** A summary of one document. */
export const request = (documentId: number, changes: Partial<SummaryRequest> = {}): SummaryRequest => ({
  ...REQUEST,
  sources: [{ documentId, range: null }],
  ...changes,
});

/** Waits for its end; `seen` gets the events. */
export async function finish(
  events: AsyncIterable<SummaryEvent>,
  seen: SummaryEvent[] = [],
): Promise<Summary> {
  for await (const event of events) seen.push(event);
  const last = seen.at(-1);
  if (last?.type !== 'done') throw new Error(`Ended with ${last?.type}`);
  return last.summary;
}

/** Starts it and stops while the section with this number is read. */
export async function stopAfter(
  { engine, summaries }: Opened,
  id: number,
  sections: number,
): Promise<Summary> {
  engine.act = async (_question, _request, number) => {
    if (number > sections) void summaries.stop(summaries.list([id])[0]?.id ?? 0);
    await Promise.resolve();
    return null;
  };
  const stopped = await finish(summaries.start(request(id), never()));
  engine.act = () => null;
  return stopped;
}
