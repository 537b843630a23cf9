// The way from a file's text to a summary with the real demo model: it fails where prompts, planning by the model's own
// tokens, the engine or the channels do not fit together.
import { expect, it, onTestFinished } from 'vitest';
import type { Summary, SummaryEvent, SummaryRequest } from '#contract/summaries.ts';
import { startWiredApp, until, type WiredApp } from '../support/wired-app.ts';

const OSLO =
  'The library in Oslo will close on Monday for repairs. Visitors should check the website first. Nobody was hurt.';
const CITIES = ['Madrid', 'Vienna', 'Lyon', 'Prague', 'Berlin', 'Lisbon', 'Athens', 'Dublin'];
const WISHES = { form: 'paragraphs', focus: '', language: null, level: null } as const;

async function start(): Promise<WiredApp> {
  const wired = await startWiredApp();
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
  const chapters = CITIES.map((city) => {
    const more = Array.from(
      { length: 40 },
      (_, index) => `Many people in ${city} talked about it on day ${index + 2}.`,
    );
    return `# ${city}\n\nA new museum was opened in ${city} on Saturday. ${more.join(' ')}`;
  });
  const documentId = await addText(wired, 'Museums', chapters.join('\n\n'));
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
