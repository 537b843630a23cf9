// Made-up texts, the same ones each time, with words as often as languages have them: a few everywhere, most seldom.
// One text in twenty is in a language without spaces.

const SYLLABLES =
  'ba ter in con pre ment tion al er o ra mi the st ing re de ver lo qua si un ex per ma li no tu gra ph'.split(
    ' ',
  );
const WORDS = 60_000;
const HAN_FROM = 0x4e00;
const HAN_SIGNS = 3_000;

export interface Writer {
  /** Around `length` characters. */
  text(length: number): string;
  /** Characters written so far. */
  written(): number;
  /** What a person might type: common and rare words, two and three of them, other writing. */
  queries(): string[];
}

export function createWriter(): Writer {
  const random = createRandom(20_260_101);
  const words = makeWords(random);
  let written = 0;
  /** As often as its rank says: the n-th word comes 1/n as often as the first. */
  const word = (): string => words[Math.floor(words.length ** random()) - 1] ?? '';
  const sign = (): string => String.fromCharCode(HAN_FROM + Math.floor(HAN_SIGNS ** random()) - 1);
  const han = (): string => `${Array.from({ length: 5 + Math.floor(random() * 15) }, sign).join('')}。`;
  return {
    written: () => written,
    text(length) {
      const next = random() < 0.05 ? han : () => `${word()}${random() < 0.1 ? '.' : ''} `;
      const target = length * (0.5 + random());
      let text = '';
      while (text.length < target) text += next();
      written += text.length;
      return text;
    },
    queries() {
      const at = [0, 3, 10, 40, 150, 600, 2_500, 10_000, 30_000];
      const single = at.map((rank) => words[rank] ?? '');
      const several = at.map(
        (rank, index) => `${words[rank] ?? ''} ${words[index * 7 + 1] ?? ''} ${words[rank + 5] ?? ''}`,
      );
      const other = at.map((rank) =>
        String.fromCharCode(HAN_FROM + (rank % 700), HAN_FROM + (rank % 90), HAN_FROM + 1),
      );
      return [...single, ...several, ...other];
    },
  };
}

function makeWords(random: () => number): string[] {
  const words = new Set<string>();
  while (words.size < WORDS) {
    const syllables = Array.from(
      { length: 1 + Math.floor(random() * 4) },
      () => SYLLABLES[Math.floor(random() * SYLLABLES.length)],
    );
    words.add(
      syllables.join('') + (words.size > 2_000 && random() < 0.1 ? Math.floor(random() * 1_000) : ''),
    );
  }
  return [...words];
}

/** Mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
