// What each engine setting does, and what "automatic" comes to, in one sentence each.
import type { Backend } from '#contract/common.ts';
import type { EnginePlan, Model, ModelEngine } from '#contract/models.ts';
import type { Settings } from '#contract/settings.ts';
import { t } from '../../../messages/translate.ts';

/** English text, roughly: four letters a token, two thousand letters a page. */
const TOKENS_PER_PAGE = 500;
const SMALLEST_OFFERED = 512;
/** Keeps the place of a hint that is being worked out. */
const UNKNOWN_YET = '…';
const TYPES = ['f16', 'q8_0', 'q4_0'] as const;

export interface SettingContext {
  model: Model;
  draft: ModelEngine;
  /** What the draft comes to; null while unknown. */
  plan: EnginePlan | null;
  settings: Settings | null;
  /** Of the machine; null while unknown. */
  cores: number | null;
}

export interface Option {
  value: string;
  label: string;
}

/** What a select holds in place of null. */
export const AUTOMATIC = 'automatic';

export function backendName(backend: Backend): string {
  return t(`engine.backend.${backend}`);
}

export function backendHint({ model, draft, plan, settings }: SettingContext): string {
  if (draft.backend) return t('modelEngine.backend.own', { backend: backendName(draft.backend) });
  if (!plan) return UNKNOWN_YET;
  const backend = backendName(plan.backend);
  if (settings && settings.backend !== 'automatic') return t('modelEngine.backend.settings', { backend });
  const fastest = model.speeds.length > 1 && model.speeds[0]?.backend === plan.backend;
  return t(fastest ? 'modelEngine.backend.fastest' : 'modelEngine.backend.best', { backend });
}

export function contextHint({ model, draft, plan, settings }: SettingContext): string {
  const trained = model.header.contextLength;
  if (!plan) return UNKNOWN_YET;
  const tokens = plan.contextSize;
  const values = { tokens, pages: pagesOf(tokens) };
  if (draft.contextSize !== null) {
    const clamped = trained !== null && draft.contextSize > tokens && tokens === trained;
    return clamped ? t('modelEngine.context.clamped', values) : t('modelEngine.context.own', values);
  }
  if (settings?.contextSize) return t('modelEngine.context.settings', values);
  return t(tokens === trained ? 'modelEngine.context.trained' : 'modelEngine.context.fits', values);
}

export function cacheHint({ draft }: SettingContext): string {
  return t(
    draft.kvCacheType === null
      ? 'modelEngine.cache.automatic'
      : `modelEngine.cache.hint.${draft.kvCacheType}`,
  );
}

/** A compact context leaves no choice about flash attention. */
export function isCompact({ kvCacheType }: ModelEngine): boolean {
  return kvCacheType !== null && kvCacheType !== 'f16';
}

export function flashHint({ draft, plan }: SettingContext): string {
  if (isCompact(draft)) return t('modelEngine.flash.needed');
  if (draft.flashAttention !== null) {
    return t(draft.flashAttention ? 'modelEngine.flash.ownOn' : 'modelEngine.flash.ownOff');
  }
  if (!plan) return UNKNOWN_YET;
  return t(plan.flashAttention ? 'modelEngine.flash.automaticOn' : 'modelEngine.flash.automaticOff');
}

export function layersHint({ draft, plan }: SettingContext): string {
  if (!plan?.gpuLayers) return UNKNOWN_YET;
  const { used, total } = plan.gpuLayers;
  if (draft.gpuLayers !== null) return t('modelEngine.layers.own', { used, total });
  const which = used >= total ? 'all' : used > 0 ? 'some' : 'none';
  return t(`modelEngine.layers.${which}`, { used, total });
}

export function threadsHint({ draft, plan, settings, cores }: SettingContext): string {
  if (!plan) return UNKNOWN_YET;
  const count = plan.threads;
  if (draft.threads !== null) return t('modelEngine.threads.own', { count });
  if (settings?.threads) return t('modelEngine.threads.settings', { count });
  const tiny = count === 1 && cores !== null && cores > 1;
  return t(tiny ? 'modelEngine.threads.tiny' : 'modelEngine.threads.automatic', { count });
}

/** Doublings up to what the model was trained on, and the present value whatever it is. */
export function contextOptions(model: Model, present: number | null, automatic: number | null): Option[] {
  const trained = model.header.contextLength ?? 131_072;
  const sizes = new Set<number>([trained]);
  for (let size = SMALLEST_OFFERED; size < trained; size *= 2) sizes.add(size);
  if (present !== null) sizes.add(present);
  const label = (tokens: number): string => t('modelEngine.context.option', { tokens });
  const options = [...sizes].toSorted((a, b) => a - b);
  return [
    automaticOption(automatic === null ? null : label(automatic)),
    ...options.map((size) => ({ value: String(size), label: label(size) })),
  ];
}

export function backendOptions(
  working: readonly Backend[],
  present: Backend | null,
  automatic: Backend | null,
): Option[] {
  const offered = new Set<Backend>([...working, ...(present ? [present] : [])]);
  return [
    automaticOption(automatic && t(`models.backend.${automatic}`)),
    ...[...offered].map((backend) => ({ value: backend, label: backendName(backend) })),
  ];
}

export function cacheOptions(): Option[] {
  return [
    automaticOption(t('modelEngine.cache.f16')),
    ...TYPES.map((type) => ({ value: type, label: t(`modelEngine.cache.${type}`) })),
  ];
}

export function flashOptions(automatic: boolean | null): Option[] {
  const word = (on: boolean): string => t(on ? 'modelEngine.flash.on' : 'modelEngine.flash.off');
  return [
    automaticOption(automatic === null ? null : word(automatic)),
    { value: 'on', label: word(true) },
    { value: 'off', label: word(false) },
  ];
}

function automaticOption(value: string | null): Option {
  const label = value === null ? t('modelEngine.automatic') : t('modelEngine.automaticAs', { value });
  return { value: AUTOMATIC, label };
}

function pagesOf(tokens: number): number {
  return Math.max(1, Math.round(tokens / TOKENS_PER_PAGE));
}
