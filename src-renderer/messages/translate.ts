// Every sentence a person reads comes through here. English travels with the page and is what a missing
// translation falls back to; any other language is loaded on demand, one file at a time.
import { createInstance } from 'i18next';
import en from './en.json';
import { formatBytes, formatNumber, setFormatLocale } from './format.ts';

type PluralSuffix = `${'' | '_ordinal'}_${'zero' | 'one' | 'two' | 'few' | 'many' | 'other'}`;
type WithoutPlural<K extends string> = K extends `${infer Base}${PluralSuffix}` ? Base : K;
type PathOf<Tree> = {
  [K in keyof Tree & string]: Tree[K] extends string ? WithoutPlural<K> : `${K}.${PathOf<Tree[K]>}`;
}[keyof Tree & string];

/** Dotted path of a message in en.json, plural endings left out. */
export type MessageKey = PathOf<typeof en>;
export type MessageValues = Record<string, string | number>;

const locales = import.meta.glob<{ default: object }>(['./*.json', '!./en.json']);
const i18n = createInstance();

void i18n.init({
  lng: 'en',
  fallbackLng: 'en',
  initAsync: false,
  resources: { en: { translation: en } },
  interpolation: { escapeValue: false },
  showSupportNotice: false,
} as Parameters<typeof i18n.init>[0]);
i18n.services.formatter?.add('bytes', (value) => formatBytes(Number(value)));
i18n.services.formatter?.add('number', (value) => formatNumber(Number(value)));

/** The sentence for `key`, with `values` in its places; `count` picks the plural form. */
export function t(key: MessageKey, values: MessageValues = {}): string {
  return i18n.t(key, { ...values });
}

/** Whether English knows `key`: for keys that come from data (a setting, an error code). */
export function isMessageKey(key: string): key is MessageKey {
  return i18n.exists(key);
}

/** Switches to the first of `wanted` that exists (exact tag, then language); otherwise stays English. */
export async function chooseLocale(wanted: readonly string[]): Promise<string> {
  for (const tag of wanted.flatMap((each) => [each, each.split('-')[0] ?? each])) {
    const load = locales[`./${tag}.json`];
    if (tag !== 'en' && !load) continue;
    if (load) i18n.addResourceBundle(tag, 'translation', (await load()).default);
    await i18n.changeLanguage(tag);
    break;
  }
  setFormatLocale(wanted[0] ?? 'en');
  document.documentElement.lang = i18n.language;
  document.documentElement.dir = i18n.dir();
  return i18n.language;
}
