// Bugs these catch: passages that have nothing to do with the question, more than there is room for, a cut in the middle
// of a character, a document in a language without spaces of which nothing is ever found.
import { describe, expect, it } from 'vitest';
import { joinPassages, LEFT_OUT } from '../../../../src-main/services/attachments/lay-out.ts';
import { passagesAtOnce } from '../../../../src-main/services/attachments/passages.ts';

const FILLER = 'The committee met again and talked at length about many matters of no great weight. ';

/** Sections of filler, with one sentence hidden in some of them. */
function documentWith(hidden: Record<number, string>, sections = 60): string {
  const section = (index: number): string =>
    `## Section ${index}\n\n${FILLER.repeat(6)}${hidden[index] ?? ''} ${FILLER.repeat(4)}`;
  return Array.from({ length: sections }, (_, index) => section(index)).join('\n\n');
}

function given(text: string, question: string, limit: number): string {
  const passages = passagesAtOnce(text, question, limit);
  const length = passages.reduce((sum, [from, to]) => sum + to - from, 0);
  expect(length).toBeLessThanOrEqual(limit);
  return joinPassages(text, passages);
}

describe('choosing passages', () => {
  it('takes those with the rare words of the question, in the order of the document', () => {
    const text = documentWith({
      40: 'The anchorage fee is nine crowns.',
      12: 'Ships pay their anchorage at the tower.',
    });
    const read = given(text, 'What does a ship pay for anchorage?', 4_000);
    expect(read).toContain('Ships pay their anchorage');
    expect(read).toContain('nine crowns');
    expect(read.indexOf('Ships pay')).toBeLessThan(read.indexOf('nine crowns'));
    expect(read.startsWith(LEFT_OUT)).toBe(true);
    expect(read.endsWith(LEFT_OUT)).toBe(true);
  });

  it('finds words in other forms, in capitals and in writing without spaces', () => {
    const german = documentWith({ 30: 'DIE HAFENORDNUNGEN gelten ab Dienstag.' });
    expect(given(german, 'Wann gilt die Hafenordnung?', 2_500)).toContain('HAFENORDNUNGEN');
    const chinese = documentWith({ 30: '船舶必须在星期二停泊。' });
    expect(given(chinese, '什么时候停泊?', 2_500)).toContain('星期二停泊');
  });

  it('gives something of everywhere when no word of the question is there', () => {
    const read = given(documentWith({}), '要約', 6_000);
    expect(read).toContain('## Section 0');
    expect(read.split(LEFT_OUT).length).toBeGreaterThan(3);
  });

  it('leaves a text alone that fits, and one without any break is cut between characters', () => {
    expect(passagesAtOnce('short', 'short?', 100)).toEqual([[0, 5]]);
    const emoji = '💎'.repeat(3_000);
    for (const [from, to] of passagesAtOnce(emoji, 'anything', 2_500)) {
      expect(emoji.slice(from, to).isWellFormed()).toBe(true);
    }
    expect(passagesAtOnce('', 'anything', 0)).toEqual([[0, 0]]);
  });

  it('says the same again for the same question: what the model has read of it stays read', () => {
    const text = documentWith({ 40: 'The anchorage fee is nine crowns.' });
    expect(passagesAtOnce(text, 'anchorage', 3_000)).toEqual(passagesAtOnce(text, 'anchorage', 3_000));
  });

  it('keeps neighbours together without a mark between them', () => {
    const text = documentWith({ 40: 'The anchorage fee is nine crowns.' });
    const passages = passagesAtOnce(text, 'anchorage', 3_000);
    expect(passages.every(([, to], index) => to < (passages[index + 1]?.[0] ?? Infinity))).toBe(true);
  });
});
