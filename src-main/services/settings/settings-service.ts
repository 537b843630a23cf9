// The person's settings: read once, validated, kept in one row per key, watched by whoever needs them.
import { z } from 'zod';
import { AppError } from '#contract/errors.ts';
import { settings, type SettingField, type SettingKey, type Settings } from '#contract/settings.ts';
import { Watchable } from '../../lib/watchable.ts';

/** Where settings are kept; a value that is undefined removes its row. */
interface SettingStore {
  readAll(): Record<string, unknown>;
  write(changes: Record<string, unknown>): void;
}

export class SettingsService {
  readonly current: Watchable<Settings>;
  readonly #store: SettingStore;

  constructor(store: SettingStore) {
    this.#store = store;
    this.current = new Watchable(settings.parse(store.readAll()));
  }

  /**
   * Stores some settings and tells the watchers.
   * @throws AppError bad-input when a key is unknown or a value out of range; then nothing has changed.
   */
  change(changes: Record<string, unknown>): Settings {
    for (const [key, value] of Object.entries(changes)) checkValue(key, value);
    this.#store.write(changes);
    this.current.set(settings.parse(this.#store.readAll()));
    return this.current.value;
  }
}

function checkValue(key: string, value: unknown): void {
  if (!Object.hasOwn(settings.shape, key))
    throw new AppError('bad-input', `No setting named ${key.slice(0, 80)}`);
  const result = settings.shape[key as SettingKey].unwrap().safeParse(value);
  if (!result.success) {
    throw new AppError('bad-input', `${key}: ${result.error.issues[0]?.message ?? 'not allowed'}`);
  }
}

type JsonProperty = z.core.JSONSchema.JSONSchema & { group: string; control: string; step?: number };

/** What the Settings place needs to draw every control, in the schema's order. */
export function describeSettings(): SettingField[] {
  const { properties } = z.toJSONSchema(settings, { io: 'input' });
  const drawn = Object.entries(properties as Record<string, JsonProperty>).filter(
    ([, property]) => property.control !== 'none',
  );
  return drawn.map(([key, property]) => {
    const variants = (property.anyOf ?? [property]) as JsonProperty[];
    const numeric = variants.find(
      (variant) => variant.minimum !== undefined || variant.maximum !== undefined,
    );
    return {
      key,
      group: property.group,
      control: property.control,
      step: property.step ?? null,
      minimum: numeric?.minimum ?? null,
      maximum: numeric?.maximum ?? null,
      choices: variants.flatMap((variant) => (variant.enum ?? []) as string[]),
      fallback: property.default as string | number | null,
      nullable: variants.some((variant) => variant.type === 'null'),
    };
  });
}
