// The words of each setting, typed over the schema's keys: a setting without label and hint does not compile.
import type { SettingField, SettingKey } from '#contract/settings.ts';
import en from '../../messages/en.json';
import { formatNumber } from '../../messages/format.ts';
import { isMessageKey, t } from '../../messages/translate.ts';

const words: Record<SettingKey, { label: string; hint: string }> = en.settings;

/** Whether this page knows how to say `key`; a newer host may have more. */
export function isKnownSetting(key: string): key is SettingKey {
  return Object.hasOwn(words, key) && isMessageKey(`settings.${key}.label`);
}

export function settingLabel(key: SettingKey): string {
  return t(`settings.${key}.label`);
}

export function settingHint(key: SettingKey): string {
  return t(`settings.${key}.hint`);
}

/** What can be written there, for a value that was refused; null where nothing better than the host's answer is known. */
export function refusalOf(key: SettingKey): string | null {
  const path = `settings.${key}.refused`;
  return isMessageKey(path) ? t(path) : null;
}

/** What an empty field stands for. */
export function recommendedWord(key: SettingKey): string {
  const path = `settings.${key}.empty`;
  return isMessageKey(path) ? t(path) : t('settings.recommended');
}

/** The name of one choice; a choice nobody named shows as it is. */
export function choiceLabel(key: SettingKey, choice: string): string {
  const path = `settings.choice.${key}.${choice}`;
  return isMessageKey(path) ? t(path) : choice;
}

export function groupTitle(group: string): string {
  const path = `settings.group.${group}`;
  return isMessageKey(path) ? t(path) : group;
}

export function groupHint(group: string): string {
  const path = `settings.groupHint.${group}`;
  return isMessageKey(path) ? t(path) : '';
}

/** "From 0 to 2." where both ends are known. */
export function rangeHint(field: SettingField): string {
  const { minimum, maximum } = field;
  if (minimum === null || maximum === null) return '';
  return t('settings.range', { minimum: formatNumber(minimum), maximum: formatNumber(maximum) });
}
