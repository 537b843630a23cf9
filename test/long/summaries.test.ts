// The way from a file's text to a summary with the real demo model: it fails where prompts, planning by the model's own
// tokens, the engine or the channels do not fit together.
import { expect, it, onTestFinished } from 'vitest';
import type { Summary, SummaryEvent, SummaryRequest } from '#contract/summaries.ts';
import { startWiredApp, until, type WiredApp } from '../support/wired-app.ts';

const OSLO =
  'The library in Oslo will close on Monday for repairs. Visitors should check the website first. Nobody was hurt.';
const CITIES = ['Madrid', 'Vienna', 'Lyon', 'Prague', 'Berlin', 'Lisbon', 'Athens', 'Dublin'];
const WISHES = { form: 'paragraphs', focus: '', language: null, level: null } as const;

async function start(folder?: string): Promise<WiredApp> {
  const wired = await startWiredApp(folder === undefined ? {} : { folder });
  onTestFinished(() => wired.destroy());
  return wired;
}

async function addText({ client }: WiredApp, title: string, text: string): Promise<number> {
  const { id } = await client.call('documents.addText', { title, text });
  await until(async () => {
    for await (const { documents } of client.stream('documents.watch', undefined))
      return documents.find((document) => document.id === id)?.state === 'ready';
    return false;
  }, 20_000);
  return id;
}

async function summarise(
  { client }: WiredApp,
  request: SummaryRequest,
  seen: SummaryEvent[] = [],
): Promise<Summary> {
  for await (const event of client.stream('summaries.start', request)) seen.push(event);
  const last = seen.at(-1);
  if (last?.type !== 'done') throw new Error(`Ended with ${last?.type}`);
  return last.summary;
}

function museums(): string {
  const chapters = CITIES.map((city) => {
    const more = Array.from(
      { length: 40 },
      (_, index) => `Many people in ${city} talked about it on day ${index + 2}.`,
    );
    return `# ${city}\n\nA new museum was opened in ${city} on Saturday. ${more.join(' ')}`;
  });
  return chapters.join('\n\n');
}

it('a short text becomes one sentence that is found in it', async () => {
  const wired = await start();
  const documentId = await addText(wired, 'News', OSLO);
  const sources = [{ documentId, range: null }];
  const summary = await summarise(wired, { ...WISHES, sources, length: { kind: 'sentence' } });
  expect(summary).toMatchObject({ state: 'complete', failure: null });
  expect(summary.lines.map(({ text }) => text)).toEqual([
    'The library in Oslo will close on Monday for repairs.',
  ]);
  const [citation] = summary.lines[0]?.citations ?? [];
  expect(OSLO.slice(citation?.start, citation?.end)).toContain('close on Monday');
  expect(await wired.client.call('summaries.list', { documentIds: [documentId] })).toEqual([summary]);
});

it('a text longer than the context is read in sections, merged, and every line is found in it', async () => {
  const wired = await start();
  const documentId = await addText(wired, 'Museums', museums());
  const seen: SummaryEvent[] = [];
  const sources = [{ documentId, range: null }];
  const request: SummaryRequest = { ...WISHES, form: 'bullets', sources, length: { kind: 'short' } };
  const summary = await summarise(wired, request, seen);
  expect(summary).toMatchObject({ state: 'complete', failure: null });
  for (const { citations } of summary.lines) expect(citations.length).toBeGreaterThan(0);
  expect(summary.lines.length).toBeGreaterThan(3);
  expect(summary.sections.length).toBeGreaterThan(6);
  expect(summary.sections.every(({ state }) => state === 'done' || state === 'merged')).toBe(true);
  expect(seen.filter((event) => event.type === 'section' && event.state === 'done')).toHaveLength(
    summary.sections.length,
  );
});

it('the engine is killed in the middle: the summary goes on with the next engine', async () => {
  const wired = await start();
  const documentId = await addText(wired, 'Museums', museums());
  const request: SummaryRequest = {
    ...WISHES,
    form: 'bullets',
    sources: [{ documentId, range: null }],
    length: { kind: 'short' },
  };
  const reading: number[] = [];
  let last: SummaryEvent | null = null;
  for await (const event of wired.client.stream('summaries.start', request)) {
    last = event;
    if (event.type !== 'section' || event.state !== 'reading') continue;
    reading.push(event.index);
    if (event.index === 3) process.kill(wired.host.engines.at(-1)?.pid ?? 0, 'SIGKILL');
  }
  expect(last).toMatchObject({ type: 'done', summary: { state: 'complete', failure: null } });
  expect(new Set(reading).size).toBe(reading.length);
});

it('the app is closed in the middle: the next one goes on where it was', async () => {
  const first = await startWiredApp();
  const documentId = await addText(first, 'Museums', museums());
  const sources = [{ documentId, range: null }];
  const request: SummaryRequest = { ...WISHES, form: 'bullets', sources, length: { kind: 'short' } };
  for await (const event of first.client.stream('summaries.start', request))
    if (event.type === 'section' && event.index === 3 && event.state === 'reading') break;
  await first.close();
  const second = await start(first.folder);
  const [left] = await second.client.call('summaries.list', { documentIds: [documentId] });
  expect(left?.state).toBe('interrupted');
  const done = left?.sections.filter(({ state }) => state === 'done').length ?? 0;
  expect(done).toBeGreaterThanOrEqual(3);
  const reading: number[] = [];
  let last: SummaryEvent | null = null;
  for await (const event of second.client.stream('summaries.continue', { id: left?.id ?? 0 })) {
    last = event;
    if (event.type === 'section' && event.state === 'reading') reading.push(event.index);
  }
  expect(last).toMatchObject({ type: 'done', summary: { state: 'complete' } });
  expect(reading[0]).toBe(done);
});
