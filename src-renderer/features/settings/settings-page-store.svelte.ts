// The Settings place: which fields there are, in which groups, and the errors of what was refused.
import type { AppInfo } from '#contract/app.ts';
import type { SettingField, SettingKey, Settings } from '#contract/settings.ts';
import { asFailure, errorMessage, type ShownFailure } from '../../messages/error-message.ts';
import { formatNumber } from '../../messages/format.ts';
import { t } from '../../messages/translate.ts';
import type { Stores } from '../../stores/stores.ts';
import { isKnownSetting, refusalOf } from './setting-words.ts';

export type KnownField = SettingField & { key: SettingKey };
export type SettingValue = Settings[SettingKey];

interface Refused {
  /** A sentence. */
  problem: string;
  value: SettingValue;
}

export class SettingsPageStore {
  readonly #stores: Stores;
  #fields = $state.raw<readonly KnownField[] | null>(null);
  #info = $state.raw<AppInfo | null>(null);
  #failure = $state.raw<ShownFailure | null>(null);
  #refused = $state.raw<Partial<Record<SettingKey, Refused>>>({});

  /** Groups in the schema's order, each with its fields. */
  readonly groups = $derived([...Map.groupBy(this.#fields ?? [], (field) => field.group)]);

  constructor(stores: Stores) {
    this.#stores = stores;
    void this.load();
  }

  get loaded(): boolean {
    return this.#fields !== null && this.#stores.settings.values !== null;
  }

  get info(): AppInfo | null {
    return this.#info;
  }

  /** Why the page can't be drawn. */
  get failure(): ShownFailure | null {
    return this.#failure;
  }

  async load(): Promise<void> {
    this.#failure = null;
    try {
      const [fields, info] = await Promise.all([
        this.#stores.api.call('settings.describe', undefined),
        this.#stores.api.call('app.describe', undefined),
      ]);
      this.#fields = fields.filter((field): field is KnownField => isKnownSetting(field.key));
      this.#info = info;
    } catch (error) {
      this.#failure = asFailure(error);
    }
  }

  value(key: SettingKey): SettingValue {
    return this.#stores.settings.values?.[key] ?? null;
  }

  errorOf(key: SettingKey): string | undefined {
    return this.#refused[key]?.problem;
  }

  /** What its field says: what was refused stays there to be corrected. */
  textOf(key: SettingKey): string {
    return String(this.#refused[key]?.value ?? this.value(key) ?? '');
  }

  /** Differs from what the schema gives. */
  isChanged(field: KnownField): boolean {
    return this.value(field.key) !== field.fallback;
  }

  /** Saves at once; a value out of range stays with its sentence and is not sent. */
  async change(field: KnownField, value: SettingValue): Promise<void> {
    const problem = checkRange(field, value);
    this.#note(field.key, problem, value);
    if (problem || value === this.value(field.key)) return;
    const failure = await this.#stores.settings.save(field.key, value);
    if (!failure) return;
    const refusal = failure.code === 'bad-input' ? refusalOf(field.key) : null;
    this.#note(field.key, refusal ?? errorMessage(failure).title, value);
  }

  reset(field: KnownField): Promise<void> {
    return this.change(field, field.fallback);
  }

  /** A line as it was typed; emptied, it is what the schema gives. */
  changeLine(field: KnownField, text: string): Promise<void> {
    return this.change(field, text.trim() || field.fallback);
  }

  /** A number as it was typed. */
  changeTyped(field: KnownField, text: string): Promise<void> {
    const trimmed = text.trim().replace(',', '.');
    if (trimmed === '' && field.nullable) return this.change(field, null);
    return this.change(field, trimmed === '' ? Number.NaN : Number(trimmed));
  }

  /** Null when the person cancelled or the dialog failed; then the field says why. */
  async chooseFolder(field: KnownField): Promise<void> {
    try {
      const folder = await this.#stores.api.call('app.chooseFolder', undefined);
      if (folder !== null) await this.change(field, folder);
    } catch (error) {
      this.#note(field.key, errorMessage(asFailure(error)).title);
    }
  }

  #note(key: SettingKey, problem: string | undefined, value: SettingValue = this.value(key)): void {
    this.#refused = { ...this.#refused, [key]: problem === undefined ? undefined : { problem, value } };
  }
}

/** What is wrong with a number before anyone is asked. */
function checkRange(field: SettingField, value: SettingValue): string | undefined {
  if (typeof value !== 'number') return undefined;
  const { minimum, maximum } = field;
  if (Number.isNaN(value)) return t('settings.notNumber');
  if (minimum === null || maximum === null || (value >= minimum && value <= maximum)) return undefined;
  return t('settings.outOfRange', { minimum: formatNumber(minimum), maximum: formatNumber(maximum) });
}
