// Small sentences about two answers that stand side by side.
import type { AnswerStats, ConversationSetup } from '#contract/chat.ts';
import type { EngineStatus, Model } from '#contract/models.ts';
import type { AnswerSettings, Preset } from '#contract/presets.ts';
import { formatDuration, formatNumber } from '../../../messages/format.ts';
import { isMessageKey, t } from '../../../messages/translate.ts';
import type { AnswerPair, PairSide } from '../conversation-session.svelte.ts';
import { presetName } from '../setup/setup-fields.ts';

interface Known {
  models: readonly Model[] | null;
  engine: EngineStatus | null;
}

/** The model that writes an answer; the one in use where none was chosen. */
export function modelNameOf({ modelId }: ConversationSetup, { models, engine }: Known): string {
  if (modelId === null) return engine?.modelName ?? t('conversationModel.inUse');
  return models?.find(({ id }) => id === modelId)?.name ?? t('conversationModel.gone');
}

/** Its preset, and that something differs from it. */
export function setupName({ presetId, settings }: ConversationSetup, presets: readonly Preset[]): string {
  const name = presetName(presets.find(({ id }) => id === presetId) ?? null);
  return Object.values(settings).some((value) => value !== null) ? t('setup.adjusted', { name }) : name;
}

/** What the preset and the conversation say, each under the name it has in Settings. */
export function settingRows(
  { presetId, settings }: ConversationSetup,
  presets: readonly Preset[],
): { name: string; value: string }[] {
  const preset = presets.find(({ id }) => id === presetId)?.settings;
  const names = Object.keys(settings) as (keyof AnswerSettings)[];
  return names.flatMap((name) => {
    const value = settings[name] ?? preset?.[name] ?? null;
    const key = `settings.${name}.label`;
    const ownKey = `setup.${name}`;
    if (value === null || value === '') return [];
    if (!isMessageKey(key) && !isMessageKey(ownKey)) return [];
    return [{ name: t(isMessageKey(key) ? key : (ownKey as 'setup.seed')), value: shown(value) }];
  });
}

/** It has not begun: the engine writes the other one first. */
export function waitsForOther({ session }: PairSide, { session: other }: PairSide): boolean {
  return session.phase?.kind === 'sending' && other.busy && other.phase?.kind !== 'sending';
}

/** How fast an answer came. */
export function figuresOf({ tokensPerSecond, timeToFirstTokenMs }: AnswerStats): string {
  const speed = formatNumber(tokensPerSecond, { maximumFractionDigits: tokensPerSecond < 20 ? 1 : 0 });
  return t('compare.figures', { speed, first: formatDuration(timeToFirstTokenMs) });
}

/** For those who hear the page: which answer is being written, and when both can be compared. */
export function pairNews({ left, right }: AnswerPair): string {
  if (right.session.live?.text && !left.session.busy && right.session.busy) return t('compare.news.right');
  if (left.session.busy) return t('compare.news.left');
  return right.session.busy ? '' : t('compare.news.both');
}

function shown(value: string | number | boolean): string {
  if (typeof value === 'number') return formatNumber(value, { useGrouping: false });
  return typeof value === 'boolean' ? t(value ? 'setup.think.on' : 'setup.think.off') : value;
}
