// The language of a text, told from its letters. Only from a text long enough to tell.
import { franc } from 'franc-min';

const SAMPLE_CHARACTERS = 5000;
/** Shorter ones are guessed wrong too often. */
const LEAST_CHARACTERS = 40;

/** Primary language subtag ('de'); null when the text does not tell. */
export function languageOf(text: string): string | null {
  const code = franc(text.slice(0, SAMPLE_CHARACTERS), { minLength: LEAST_CHARACTERS });
  if (code === 'und') return null;
  // The three letters of ISO 639-3 become the two that the web uses, where there are two.
  return Intl.getCanonicalLocales(code)[0] ?? null;
}
