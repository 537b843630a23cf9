// Presets as the app knows them: those that are shipped and the person's own, kept, shared as files, and resolved
// with what a conversation and the Settings say.
import { AppError } from '#contract/errors.ts';
import { answerSettings, presetFile, type AnswerSettings, type Preset } from '#contract/presets.ts';
import type { Settings } from '#contract/settings.ts';
import type { PresetRepository } from '../../database/preset-repository.ts';
import { Watchable } from '../../lib/watchable.ts';
import { BUILT_IN_PRESETS } from './built-in-presets.ts';

interface PresetOptions {
  repository: PresetRepository;
  /** Several changes, all or nothing. */
  transaction: <T>(work: () => T) => T;
  /** Writes a preset's settings into the conversations that use it, before it goes. */
  detach: (preset: Preset) => void;
}

export class PresetService {
  readonly list: Watchable<Preset[]>;
  readonly #options: PresetOptions;

  constructor(options: PresetOptions) {
    this.#options = options;
    this.list = new Watchable(this.#all());
  }

  /** Another connection has added some. */
  reload(): void {
    this.list.set(this.#all());
  }

  find(id: number | null): Preset | null {
    return this.list.value.find((preset) => preset.id === id) ?? null;
  }

  /** @throws AppError not-found */
  save(id: number | null, preset: Pick<Preset, 'name' | 'settings'>): Preset {
    const saved = this.#options.repository.save(id, preset);
    this.list.set(this.#all());
    return saved;
  }

  remove(id: number): void {
    const { repository, transaction, detach } = this.#options;
    transaction(() => {
      const preset = this.find(id);
      if (preset?.builtIn === null && repository.remove(id)) detach(preset);
    });
    this.list.set(this.#all());
  }

  /** The person's own as the text of a file. */
  export(): string {
    const presets = this.#options.repository.list().map(({ name, settings }) => ({ name, settings }));
    const file = { format: 'lapidary-presets', version: 1, presets };
    return `${JSON.stringify(file, null, 2)}\n`;
  }

  /** Returns how many came. @throws AppError presets-unreadable */
  import(text: string): number {
    const { repository, transaction } = this.#options;
    const { presets } = readFile(text);
    const known = new Set(repository.list().map(identity));
    const fresh = presets.filter((preset) => !known.has(identity(preset)));
    transaction(() => fresh.forEach((preset) => repository.save(null, preset)));
    this.list.set(this.#all());
    return fresh.length;
  }

  #all(): Preset[] {
    return [...BUILT_IN_PRESETS, ...this.#options.repository.list()];
  }
}

/** What one conversation says, over its preset, over the Settings. Null is left to the model's makers. */
export function resolveAnswerSettings(
  own: AnswerSettings,
  preset: Preset | null,
  { temperature, topK, topP, minP, repeatPenalty, maxAnswerTokens, systemPrompt }: Settings,
): AnswerSettings & { systemPrompt: string } {
  const global = { temperature, topK, topP, minP, repeatPenalty, maxAnswerTokens };
  const resolved = { ...answerSettings.parse(global), ...valuesOf(preset?.settings), ...valuesOf(own) };
  return { ...resolved, systemPrompt: resolved.systemPrompt ?? systemPrompt };
}

/** Only what is set. */
export function valuesOf(settings: AnswerSettings | undefined): Partial<AnswerSettings> {
  return Object.fromEntries(Object.entries(settings ?? {}).filter(([, value]) => value !== null));
}

function readFile(text: string): ReturnType<typeof presetFile.parse> {
  try {
    // Editors put a byte order mark in front.
    return presetFile.parse(JSON.parse(text.replace(/^\uFEFF/u, '')));
  } catch (cause) {
    throw new AppError('presets-unreadable', 'This is no file of presets', { cause });
  }
}

function identity({ name, settings }: Pick<Preset, 'name' | 'settings'>): string {
  return JSON.stringify([
    name,
    Object.entries(settings).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  ]);
}
