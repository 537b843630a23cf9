// The numbers that a conversation can have of its own, and how a preset is called.
import type { AnswerSettings, Preset } from '#contract/presets.ts';
import { formatNumber } from '../../../messages/format.ts';
import { t } from '../../../messages/translate.ts';

export interface NumberField {
  name: Exclude<keyof AnswerSettings, 'systemPrompt' | 'thinking' | 'overflow'>;
  minimum: number;
  maximum: number;
  whole: boolean;
}

/** The same limits as the schema's: what is wrong is said before anyone is asked. */
export const NUMBER_FIELDS: readonly NumberField[] = [
  { name: 'temperature', minimum: 0, maximum: 2, whole: false },
  { name: 'maxAnswerTokens', minimum: 16, maximum: 131_072, whole: true },
  { name: 'topK', minimum: 0, maximum: 500, whole: true },
  { name: 'topP', minimum: 0, maximum: 1, whole: false },
  { name: 'minP', minimum: 0, maximum: 1, whole: false },
  { name: 'repeatPenalty', minimum: 1, maximum: 2, whole: false },
  { name: 'seed', minimum: 0, maximum: 2_147_483_647, whole: true },
];

export const NOTHING_SET: AnswerSettings = {
  systemPrompt: null,
  temperature: null,
  topK: null,
  topP: null,
  minP: null,
  repeatPenalty: null,
  maxAnswerTokens: null,
  seed: null,
  thinking: null,
  overflow: null,
};

/** What is wrong with a value, in words; undefined when nothing is. */
export function problemOf(name: keyof AnswerSettings, value: unknown): string | undefined {
  const field = NUMBER_FIELDS.find((each) => each.name === name);
  if (!field || typeof value !== 'number') return undefined;
  if (Number.isNaN(value)) return t('settings.notNumber');
  const { minimum, maximum, whole } = field;
  if (whole && !Number.isInteger(value)) return t('setup.wholeNumber');
  if (value >= minimum && value <= maximum) return undefined;
  return t('settings.outOfRange', { minimum: formatNumber(minimum), maximum: formatNumber(maximum) });
}

/** The shipped ones have names that are translated. */
export function presetName(preset: Preset | null): string {
  if (!preset) return t('setup.standard');
  return preset.builtIn ? t(`setup.builtIn.${preset.builtIn}.name`) : preset.name;
}

/** What a shipped one is for; its system text says that of the person's own. */
export function presetNote({ builtIn, settings }: Preset): string | undefined {
  if (builtIn) return t(`setup.builtIn.${builtIn}.note`);
  const text = settings.systemPrompt?.replace(/\s+/gu, ' ').trim() ?? '';
  return text === '' ? undefined : text.length > 60 ? `${text.slice(0, 60).trimEnd()}…` : text;
}
