// Bugs these catch: a translation that changes a number, a refusal of the model that stands where a sentence was.
import { describe, expect, it } from 'vitest';
import { acceptAdapted, adaptionFor } from '../../../../src-main/services/summaries/adapt-line.ts';

const LINE = 'In 1755 the harbour of Lisbon was destroyed by an earthquake.';
const toGerman = { language: 'de', level: null, from: 'en' };
const easier = { language: null, level: 'A2', from: 'en' } as const;

describe('an adapted line', () => {
  it('is taken when it says the same numbers', () => {
    expect(acceptAdapted(LINE, '1755 zerstörte ein Erdbeben den Hafen von Lissabon.\n', toGerman)).toBe(
      '1755 zerstörte ein Erdbeben den Hafen von Lissabon.',
    );
    expect(acceptAdapted(LINE, 'An earthquake broke the harbour of Lisbon in 1755.', easier)).not.toBeNull();
  });

  it.each([
    ['1756 zerstörte ein Erdbeben den Hafen.', toGerman],
    ['Ein Erdbeben zerstörte den Hafen.', toGerman],
    ['', toGerman],
    ['In the year 1755 an earthquake destroyed the harbour of the city of Lisbon.', toGerman],
    ['I am only a model, so I do not know what happened in 1755 there.', easier],
  ])('is not taken otherwise: %j', (written, adaption) => {
    expect(acceptAdapted(LINE, written, adaption)).toBeNull();
  });

  it('is only asked for when something has to change', () => {
    expect(adaptionFor({ language: null, level: null }, 'en')).toBeNull();
    expect(adaptionFor({ language: 'en-GB', level: null }, 'en')).toBeNull();
    expect(adaptionFor({ language: 'de', level: null }, 'en')).toEqual({
      language: 'de',
      level: null,
      from: 'en',
    });
    expect(adaptionFor({ language: 'en', level: 'B1' }, 'en')).toEqual({
      language: null,
      level: 'B1',
      from: 'en',
    });
    expect(adaptionFor({ language: 'de', level: null }, null)).toEqual({
      language: 'de',
      level: null,
      from: null,
    });
  });
});
