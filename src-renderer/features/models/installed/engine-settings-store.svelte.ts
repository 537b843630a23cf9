// How one model shall run: a draft that the host works out as it is changed, and that is kept only on request.
import type { EnginePlan, Model, ModelEngine } from '#contract/models.ts';
import { asFailure, type ShownFailure } from '../../../messages/error-message.ts';
import type { Stores } from '../../../stores/stores.ts';
import { isCompact, type SettingContext } from './engine-setting-words.ts';

const PLAN_AFTER_MS = 250;
const ALL_AUTOMATIC: ModelEngine = {
  backend: null,
  contextSize: null,
  gpuLayers: null,
  kvCacheType: null,
  flashAttention: null,
  threads: null,
};

export type NumberSetting = 'gpuLayers' | 'threads';
const RANGES: Record<NumberSetting, { minimum: number; maximum: number }> = {
  gpuLayers: { minimum: 0, maximum: 1000 },
  threads: { minimum: 1, maximum: 256 },
};

const NUMBERS: NumberSetting[] = ['gpuLayers', 'threads'];

export class EngineSettingsStore {
  readonly #stores: Stores;
  readonly #model: () => Model;
  #draft = $state.raw<ModelEngine>(ALL_AUTOMATIC);
  #plan = $state.raw<EnginePlan | null>(null);
  #automatic = $state.raw<EnginePlan | null>(null);
  #planning = $state(false);
  #failure = $state.raw<ShownFailure | null>(null);
  #texts = $state.raw<Record<NumberSetting, string>>({ gpuLayers: '', threads: '' });
  #applying = $state(false);
  #applied = $state<'later' | 'now' | null>(null);
  #abort = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `model` is asked each time: it changes with what is measured and saved. */
  constructor(stores: Stores, model: () => Model) {
    this.#stores = stores;
    this.#model = model;
    this.#draft = model().engine;
    this.#showNumbers();
    stores.hardware.follow();
    void this.#work();
    if (!same(this.#draft, ALL_AUTOMATIC)) void this.#workAutomatic();
  }

  get draft(): ModelEngine {
    return this.#draft;
  }

  /** What the draft comes to. Of an earlier draft while `planning`; null when that can't be told. */
  get plan(): EnginePlan | null {
    return this.#plan;
  }

  /** What it would come to with nothing set. */
  get automatic(): EnginePlan | null {
    return this.#automatic;
  }

  get planning(): boolean {
    return this.#planning;
  }

  get failure(): ShownFailure | null {
    return this.#failure;
  }

  get applying(): boolean {
    return this.#applying;
  }

  /** What became of the last `apply`, until something is changed. */
  get applied(): 'later' | 'now' | null {
    return this.#applied;
  }

  get changed(): boolean {
    return !same(this.#draft, this.#model().engine);
  }

  get allAutomatic(): boolean {
    return same(this.#draft, ALL_AUTOMATIC);
  }

  /** What is too much just now may fit later; what this model can't do, it never can. */
  get canApply(): boolean {
    const impossible = this.#failure?.code === 'kv-cache-unsupported';
    return this.changed && !impossible && !NUMBERS.some((key) => this.errorOf(key));
  }

  /** Whether this model would have to be loaded again. */
  get isLoaded(): boolean {
    return this.#stores.engine.status?.modelId === this.#model().id;
  }

  get words(): SettingContext {
    return {
      model: this.#model(),
      draft: this.#draft,
      plan: this.#plan,
      settings: this.#stores.settings.values,
      cores: this.#stores.hardware.machine?.physicalCores ?? null,
    };
  }

  /** What is typed for a number; empty is automatic. */
  textOf(key: NumberSetting): string {
    return this.#texts[key];
  }

  /** Range to name when what was typed is no number in it; null when all is well. */
  errorOf(key: NumberSetting): { minimum: number; maximum: number } | null {
    return parse(key, this.#texts[key]) === undefined ? RANGES[key] : null;
  }

  set(change: Partial<ModelEngine>): void {
    const next = { ...this.#draft, ...change };
    // Off would only be refused: a compact context is read by flash attention alone.
    this.#draft = isCompact(next) && next.flashAttention === false ? { ...next, flashAttention: null } : next;
    this.#failure = null;
    this.#applied = null;
    this.#planning = true;
    this.#abort.abort();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#work(), PLAN_AFTER_MS);
  }

  type(key: NumberSetting, text: string): void {
    this.#texts = { ...this.#texts, [key]: text };
    const value = parse(key, text);
    if (value !== undefined) this.set({ [key]: value });
  }

  reset(): void {
    this.set(ALL_AUTOMATIC);
    this.#showNumbers();
  }

  async apply(): Promise<void> {
    if (!this.canApply || this.#applying) return;
    const { isLoaded } = this;
    this.#applying = true;
    this.#failure = null;
    try {
      await this.#stores.api.call('models.configure', { id: this.#model().id, engine: this.#draft });
      this.#applied = isLoaded ? 'now' : 'later';
    } catch (error) {
      this.#failure = asFailure(error);
    } finally {
      this.#applying = false;
    }
  }

  /** Nobody looks any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  #showNumbers(): void {
    const { gpuLayers, threads } = this.#draft;
    this.#texts = { gpuLayers: String(gpuLayers ?? ''), threads: String(threads ?? '') };
  }

  async #work(): Promise<void> {
    this.#abort.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#planning = true;
    try {
      const plan = await this.#ask(this.#draft, abort.signal);
      if (abort.signal.aborted) return;
      this.#plan = plan;
      if (this.allAutomatic) this.#automatic = plan;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#plan = null;
      this.#failure = asFailure(error);
    } finally {
      if (!abort.signal.aborted) this.#planning = false;
    }
  }

  /** Only for the words beside "Automatic": they say less while it is unknown. */
  async #workAutomatic(): Promise<void> {
    this.#automatic = await this.#ask(ALL_AUTOMATIC).catch(() => null);
  }

  #ask(engine: ModelEngine, signal?: AbortSignal): Promise<EnginePlan> {
    return this.#stores.api.call('models.plan', { id: this.#model().id, engine }, signal);
  }
}

function same(left: ModelEngine, right: ModelEngine): boolean {
  const keys = Object.keys(ALL_AUTOMATIC) as (keyof ModelEngine)[];
  return keys.every((key) => left[key] === right[key]);
}

/** Undefined: no whole number in its range. */
function parse(key: NumberSetting, text: string): number | null | undefined {
  if (text.trim() === '') return null;
  const value = Number(text);
  const { minimum, maximum } = RANGES[key];
  return Number.isInteger(value) && value >= minimum && value <= maximum ? value : undefined;
}
