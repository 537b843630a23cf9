// Bugs these catch: a number or a name that the text never had and that is shown as if it did, a sentence that is in
// the text and is called invented, a citation that points beside the place.
import { describe, expect, it } from 'vitest';
import {
  SupportIndex,
  type Support,
} from '../../../../../src-main/services/documents/support/support-index.ts';

const LISBON = [
  'The harbour of Lisbon was rebuilt after the earthquake of 1755. The Marquis of Pombal ordered wide streets. Wooden cages were hidden in the walls.',
  'Trade recovered slowly. By 1780 the port handled 1,200 ships a year. Most carried sugar, cotton and gold from Brazil.',
  'In the countryside nothing changed. Farmers used the same ploughs as their grandfathers. A failed harvest in 1777 brought hunger to the north.',
];
const GERMAN = [
  'Der Hafen wurde nach dem Erdbeben wieder aufgebaut. Die Häuser bekamen Gitter aus Holz.',
  'Auf dem Land änderte sich nichts. Die Bauern pflügten wie ihre Großväter.',
];
const CHINESE = ['地震之后，里斯本的港口得到重建。', '农民仍然使用祖父的犁。'];

function index(
  paragraphs: readonly string[],
  language: string,
): (sentence: string) => Support & { said: string[] } {
  const text = paragraphs.join('\n');
  const support = new SupportIndex(language);
  let start = 0;
  for (const paragraph of paragraphs) {
    support.add({ documentId: 7, start, page: null, text: paragraph });
    start += paragraph.length + 1;
  }
  return (sentence) => {
    const found = support.find(sentence);
    return { ...found, said: found.citations.map((citation) => text.slice(citation.start, citation.end)) };
  };
}

describe('support', () => {
  const find = index(LISBON, 'en');

  it.each([
    ['After the 1755 earthquake, Lisbon’s harbour was rebuilt.', 'rebuilt after the earthquake of 1755'],
    ['The port handled 1200 ships a year by 1780.', '1,200 ships a year'],
    ['Farmers were hungry after the harvest failed in 1777.', 'failed harvest in 1777'],
  ])('is found though the words are put otherwise: %s', (sentence, place) => {
    expect(find(sentence).said[0]).toContain(place);
  });

  it.each([
    'The port handled 1,500 ships a year by 1780.',
    'Napoleon marched into Portugal with his army.',
    'The king loved music and dance.',
  ])('is not found of what the text does not say: %s', (sentence) => {
    expect(find(sentence).citations).toEqual([]);
  });

  it('names several places for what is told in several', () => {
    const { said } = find(
      'Ships brought sugar, cotton and gold, while farmers used the ploughs of their grandfathers.',
    );
    expect(said.some((place) => place.includes('sugar'))).toBe(true);
    expect(said.some((place) => place.includes('ploughs'))).toBe(true);
  });

  it('is found for every sentence of the text itself, where it stands', () => {
    for (const sentence of LISBON.flatMap((paragraph) => paragraph.split(/(?<=\.) /)))
      expect(find(sentence).said[0]).toContain(sentence);
  });

  it('knows endings, umlauts and writing without spaces', () => {
    expect(index(GERMAN, 'de')('Nach dem Erdbeben baute man die Häfen wieder auf.').said[0]).toContain(
      'Hafen',
    );
    expect(index(CHINESE, 'zh')('里斯本的港口重建了。').said[0]).toContain('港口得到重建');
    expect(index(CHINESE, 'zh')('国王喜欢音乐。').citations).toEqual([]);
  });

  it('finds nothing in nothing', () => {
    expect(new SupportIndex(null).find('A stone.')).toEqual({ citations: [], share: 0 });
    expect(find('…')).toMatchObject({ citations: [], share: 0 });
  });
});
