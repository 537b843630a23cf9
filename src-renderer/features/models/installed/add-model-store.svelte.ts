// Adding a model, step by step: a path, what its header says, where to keep it, copying or checking, done.
import type { AddModelEvent, InspectedModel, Model } from '#contract/models.ts';
import { asFailure, type ShownFailure } from '../../../messages/error-message.ts';
import { t } from '../../../messages/translate.ts';
import type { Stores } from '../../../stores/stores.ts';

export type Step = 'path' | 'inspecting' | 'inspected' | 'adding';
export type AddProgress = Exclude<AddModelEvent, { type: 'added' }>;

export class AddModelStore {
  readonly #stores: Stores;
  readonly #done: () => void;
  #step = $state<Step>('path');
  #inspected = $state.raw<InspectedModel | null>(null);
  #failure = $state.raw<ShownFailure | null>(null);
  #progress = $state.raw<AddProgress | null>(null);
  #stopped = $state(false);
  #abort = new AbortController();
  path = $state('');
  placement = $state<'in-place' | 'copied'>('in-place');

  /** `done` runs once a model was added. */
  constructor(stores: Stores, done: () => void) {
    this.#stores = stores;
    this.#done = done;
  }

  get step(): Step {
    return this.#step;
  }

  get inspected(): InspectedModel | null {
    return this.#inspected;
  }

  get failure(): ShownFailure | null {
    return this.#failure;
  }

  /** Bytes so far, while copying or comparing with a checksum. */
  get progress(): AddProgress | null {
    return this.#progress;
  }

  /** Copying or checking was stopped by the person. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Another file: one that was dropped, or '' for one that the person names. */
  begin(path: string): void {
    if (this.#step === 'adding') return;
    this.reset();
    this.path = path;
    if (path !== '') void this.inspect();
  }

  async choose(): Promise<void> {
    try {
      const path = await this.#stores.api.call('app.chooseModelFile', undefined);
      if (path === null) return;
      this.path = path;
      await this.inspect();
    } catch (error) {
      this.#failure = asFailure(error);
    }
  }

  /** Reads the header without adding anything. */
  async inspect(): Promise<void> {
    const path = cleanPath(this.path);
    if (path === '' || this.#step === 'inspecting') return;
    this.#forget('inspecting');
    try {
      this.#inspected = await this.#stores.api.call('models.inspect', { path }, this.#abort.signal);
      this.#step = 'inspected';
    } catch (error) {
      this.#fail(error, 'path');
    }
  }

  async add(): Promise<void> {
    const inspected = this.#inspected;
    if (!inspected || this.#step !== 'inspected') return;
    this.#forget('adding');
    this.#inspected = inspected;
    try {
      const input = { path: inspected.path, placement: this.placement };
      const added = await this.#follow(input);
      if (!added) return this.#stoppedByPerson();
      this.#stores.toasts.show({
        text: t('models.addDialog.added', { name: added.name }),
        action: { label: t('models.load'), run: () => void this.#stores.models.load(added.id) },
      });
      this.reset();
      this.#done();
    } catch (error) {
      this.#fail(error, 'inspected');
    }
  }

  /** Ends copying or checking; what was copied so far is thrown away by the host. */
  stop(): void {
    this.#abort.abort();
  }

  /** Back to an empty path. */
  reset(): void {
    this.stop();
    this.#forget('path');
    this.path = '';
  }

  /** Another path was typed: what was read belongs to the old one. */
  edit(): void {
    if (this.#step !== 'path') this.stop();
    this.#forget('path');
  }

  async #follow(input: { path: string; placement: 'in-place' | 'copied' }): Promise<Model | null> {
    for await (const event of this.#stores.api.stream('models.add', input, this.#abort.signal)) {
      if (event.type === 'added') return event.model;
      this.#progress = event;
    }
    return null;
  }

  #stoppedByPerson(): void {
    if (this.#step !== 'adding') return;
    this.#step = 'inspected';
    this.#progress = null;
    this.#stopped = true;
  }

  #fail(error: unknown, back: Step): void {
    const failure = asFailure(error);
    if (failure.code === 'cancelled') return;
    this.#failure = failure;
    this.#progress = null;
    this.#step = back;
  }

  #forget(step: Step): void {
    this.#step = step;
    this.#inspected = null;
    this.#failure = null;
    this.#progress = null;
    this.#stopped = false;
    this.#abort = new AbortController();
  }
}

/** A pasted path often comes in quotes, as file managers copy it. */
function cleanPath(path: string): string {
  return path.trim().replace(/^(["'])(.*)\1$/, '$2');
}
