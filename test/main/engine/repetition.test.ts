// Bugs these catch: an answer that goes on repeating itself until the context is full, and one that is stopped though
// it only counts, lists or sings.
import { describe, expect, it } from 'vitest';
import { RepetitionWatch, repeatsItself } from '../../../src-main/engine/repetition.ts';

const PARAGRAPH =
  'The harbour lies in the north of the town, and every Tuesday the ships come in with timber and salt, which the ' +
  'merchants weigh, count and carry to the market before noon, as their fathers and grandfathers have always done, ' +
  'and nobody remembers that it was ever otherwise in this place by the sea, where time passes more slowly than inland, ' +
  'and where even the clocks seem to wait a little before they strike the hour.\n\n';

function stopsAt(text: string, piece = 7): number | null {
  const watch = new RepetitionWatch();
  for (let at = 0; at < text.length; at += piece)
    if (watch.append(text.slice(at, at + piece))) return at + piece;
  return null;
}

describe('stops', () => {
  it.each([
    ['one sign', 'a'],
    ['a word', 'very '],
    ['line breaks', '\n'],
    ['a sentence', 'I am sorry, but I can not do that. '],
    ['emoji', '🙂'],
  ])('%s without end', (_, unit) => {
    const stopped = stopsAt(`It began well. ${unit.repeat(2000)}`);
    expect(stopped).toBeGreaterThan(350);
    expect(stopped).toBeLessThan(1300);
  });

  it('a paragraph that comes a fifth time', () => {
    const stopped = stopsAt(`Once upon a time. ${PARAGRAPH.repeat(12)}`);
    expect(stopped).toBeGreaterThan(3 * PARAGRAPH.length);
    expect(stopped).toBeLessThan(6 * PARAGRAPH.length);
  });
});

describe('lets pass', () => {
  const numbers = Array.from({ length: 900 }, (_, at) => at + 1);
  it.each([
    ['counting', numbers.join(', ')],
    ['a table', numbers.map((n) => `| item ${n} | ${(n * 7) % 13} | yes |`).join('\n')],
    ['a refrain three times', `${PARAGRAPH}Something else.`.repeat(3)],
    ['a row of zeros', `const zeros = [${'0, '.repeat(100)}0];\nconst more = 1;`],
    ['a rule', `Title\n${'='.repeat(80)}\nText that follows it.`],
  ])('%s', (_, text) => {
    expect(stopsAt(text)).toBeNull();
  });

  it('what only repeated earlier', () => {
    expect(repeatsItself(`${'ha '.repeat(1000)} and then he stopped laughing and said something new.`)).toBe(
      false,
    );
  });
});
