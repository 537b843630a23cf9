// The models a person has: the demo that ships with the app, files used where they lie, and copies.
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '#contract/errors.ts';
import type { AddModelEvent, InspectedModel, Model } from '#contract/models.ts';
import type { ModelRepository, StoredModel } from '../../database/model-repository.ts';
import type { Log } from '../../lib/log.ts';
import { Watchable } from '../../lib/watchable.ts';
import { copyFile } from './copy-file.ts';
import type { DemoModel } from './demo-model.ts';
import { fileStateOf, freePath, nameFromPath, readFileFacts } from './model-files.ts';

/** How often files are looked at while somebody watches the list. */
const LOOK_AGAIN_MS = 5000;

interface LibraryOptions {
  repository: ModelRepository;
  demo: DemoModel | null;
  modelsFolder: () => string;
  /** Reads a header in the engine process: files are untrusted. */
  inspect(path: string): Promise<Omit<InspectedModel, 'path'>>;
  now: () => number;
  log: Log;
}

export class ModelLibrary {
  readonly list = new Watchable<Model[]>([]);
  readonly #options: LibraryOptions;
  /** Where files are being copied to. */
  readonly #copying = new Set<string>();

  constructor(options: LibraryOptions) {
    this.#options = options;
    this.list.set(options.repository.list().map((stored) => toModel(stored, 'present')));
  }

  /** Enters the demo model and looks at every file; call once at start, and whenever files may have changed. */
  async refresh(): Promise<void> {
    await this.#enterDemo();
    const stored = this.#options.repository.list();
    const list = await Promise.all(
      stored.map(async (model) => toModel(model, await fileStateOf(model.path, model))),
    );
    if (JSON.stringify(list) !== JSON.stringify(this.list.value)) this.list.set(list);
  }

  /** The list now and after each change; files are looked at again while it is watched. */
  async *watch(signal: AbortSignal): AsyncGenerator<Model[]> {
    await this.refresh();
    const looking = setInterval(() => {
      this.refresh().catch((error: unknown) => this.#options.log.error('Looking at model files', error));
    }, LOOK_AGAIN_MS);
    try {
      yield* this.list.watch(signal);
    } finally {
      clearInterval(looking);
    }
  }

  /** @throws AppError not-found */
  get(id: number): Model {
    const model = this.list.value.find((candidate) => candidate.id === id);
    if (!model) throw new AppError('not-found', `No model ${id}`);
    return model;
  }

  /** The one used last whose file is there, else the demo model, else null. */
  lastUsed(): Model | null {
    const present = this.list.value.filter((model) => model.fileState !== 'missing');
    const last = this.#options.repository.lastUsed();
    return present.find((model) => model.id === last?.id) ?? present.find((model) => model.demo) ?? null;
  }

  markUsed(id: number): void {
    this.#options.repository.markUsed(id, this.#options.now());
  }

  /** @throws AppError model-file-*, model-not-gguf, model-incomplete, model-unsupported. */
  async inspect(path: string): Promise<InspectedModel> {
    const facts = await readFileFacts(path);
    return { path: facts.path, ...(await this.#options.inspect(facts.path)) };
  }

  /**
   * Adds a file where it lies, or a copy of it. Stopping a copy leaves nothing behind.
   * @throws AppError of `inspect`, model-already-added, disk-full.
   */
  async *add(
    path: string,
    placement: 'in-place' | 'copied',
    signal: AbortSignal,
  ): AsyncGenerator<AddModelEvent> {
    const { header, path: source } = await this.inspect(path);
    if (this.#options.repository.getByPath(source)) {
      throw new AppError('model-already-added', `${source} is in the list already`);
    }
    const target = placement === 'copied' ? await this.#reserve(basename(source)) : source;
    try {
      if (placement === 'copied') {
        for await (const progress of copyFile(source, target, signal)) yield { type: 'copying', ...progress };
      }
      const name = header.name ?? nameFromPath(target);
      const facts = await readFileFacts(target);
      const addedAt = this.#options.now();
      const { id } = this.#options.repository.add({
        name,
        ...facts,
        placement,
        demo: false,
        header,
        addedAt,
      });
      await this.refresh();
      yield { type: 'added', model: this.get(id) };
    } finally {
      this.#copying.delete(target);
    }
  }

  /** Forgets a model; deletes its file only if that is our own copy. The demo model stays. */
  async remove(id: number, deleteFile: boolean): Promise<void> {
    const model = this.get(id);
    if (model.placement === 'bundled') throw new AppError('bad-input', 'The demo model belongs to the app');
    if (deleteFile && model.placement !== 'copied')
      throw new AppError('bad-input', 'Only copies are deleted');
    this.#options.repository.remove(id);
    try {
      if (deleteFile) await rm(model.path, { force: true });
    } finally {
      await this.refresh();
    }
  }

  /** A free path in the models folder that no other copy gets meanwhile. */
  async #reserve(name: string): Promise<string> {
    const target = await freePath(join(this.#options.modelsFolder(), name), this.#copying);
    this.#copying.add(target);
    return target;
  }

  async #enterDemo(): Promise<void> {
    const { demo, repository, now, log } = this.#options;
    const facts =
      demo && (await readFileFacts(demo.path).catch((error: unknown) => log.error('Demo model', error)));
    // A broken installation has no demo model; everything else works without it.
    if (!demo || !facts || typeof facts === 'string') return;
    const entry = { ...demo, ...facts };
    const known = repository.list().find((model) => model.placement === 'bundled');
    if (!known) repository.add({ ...entry, placement: 'bundled', demo: true, addedAt: now() });
    else if (known.path !== entry.path || known.fileModifiedAt !== entry.fileModifiedAt) {
      repository.updateFile(known.id, entry);
    }
  }
}

function toModel(stored: StoredModel, fileState: Model['fileState']): Model {
  const { lastUsedAt: _, fileModifiedAt: __, fileSizeBytes: ___, ...model } = stored;
  return { ...model, fileState };
}
