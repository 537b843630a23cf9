// The figure of issue 5: of sentences that are in a text in other words, at least 95 percent are traced to the very
// place that says so; and what is not there is not given a place.
import { expect, it } from 'vitest';
import { EXTRACTIVE_FIXTURES } from '../../../fixtures/extractive-summaries.ts';
import { addDocument, finish, never, open, request } from '../../../support/summary-world.ts';

it('sentences of a summary are traced to the place that supports them', async () => {
  const { database, engine, summaries } = await open();
  const missed: string[] = [];
  const believed: string[] = [];
  let sentences = 0;
  for (const { text, language, said, invented } of EXTRACTIVE_FIXTURES) {
    const id = addDocument(database, [text], language);
    const asked = [...said.map(([sentence]) => sentence), invented];
    engine.act = () => asked.map((sentence) => `- ${sentence}`).join('\n');
    const length = { kind: 'detailed' } as const;
    const { lines } = await finish(summaries.start(request(id, { length }), never()));
    expect(lines.map((line) => line.text)).toEqual(asked);
    for (const [index, [sentence, place]] of said.entries()) {
      const places = lines[index]?.citations.map((citation) => database.texts.text(id, citation)) ?? [];
      sentences += 1;
      if (!places.some((each) => each.includes(place))) missed.push(sentence);
    }
    if (lines.at(-1)?.citations.length !== 0) believed.push(invented);
  }
  const share = (sentences - missed.length) / sentences;
  console.log(`traced ${sentences - missed.length} of ${sentences}; missed: ${missed.join(' | ')}`);
  expect(EXTRACTIVE_FIXTURES.length).toBeGreaterThanOrEqual(20);
  expect(share, `missed: ${missed.join(' | ')}`).toBeGreaterThanOrEqual(0.95);
  expect(believed).toEqual([]);
});
