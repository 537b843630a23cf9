// The models a person has: the demo that ships with the app, files used where they lie, and copies.
import { rm, stat } from 'node:fs/promises';
import { AppError } from '#contract/errors.ts';
import type { AddModelEvent, InspectedModel, Model, ModelHeader, ModelOrigin } from '#contract/models.ts';
import type { ModelFile, ModelRepository, StoredModel } from '../../database/model-repository.ts';
import type { Log } from '../../lib/log.ts';
import { paced } from '../../lib/steps.ts';
import { Watchable } from '../../lib/watchable.ts';
import type { DemoModel } from './demo-model.ts';
import { ollamaNameOf } from './discover/ollama.ts';
import type { FolderUse } from './folder-use.ts';
import {
  fileNameFor,
  fileStateOf,
  filesOf,
  missingFolder,
  namedPath,
  nameFromPath,
  readFileFacts,
  type FileFacts,
} from './model-files.ts';
import { readRecord, recordPath } from './model-record.ts';
import { isInside } from './move/list-files.ts';
import type { Relocation } from './move/move-folder.ts';
import { checkInPlace, copyInto } from './place-model.ts';

/** How often files are looked at while somebody watches the list. */
const LOOK_AGAIN_MS = 5000;

interface LibraryOptions {
  repository: ModelRepository;
  demo: DemoModel | null;
  modelsFolder: () => string;
  folderUse: FolderUse;
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
  /** Looks at the files are counted: one at a slow disk may end after a newer one. */
  #looks = 0;
  #shownLook = 0;

  constructor(options: LibraryOptions) {
    this.#options = options;
    this.list.set(options.repository.list().map((stored) => toModel(stored, 'present')));
  }

  /** Enters the demo model and looks at every file; call once at start, and whenever files may have changed. */
  async refresh(): Promise<void> {
    await this.#enterDemo();
    const look = ++this.#looks;
    const stored = this.#options.repository.list();
    const list = await Promise.all(
      stored.map(async (model) => toModel(model, await fileStateOf(model.path, model))),
    );
    if (look < this.#shownLook) return;
    this.#shownLook = look;
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

  /** @throws AppError model-file-*, model-not-gguf, model-incomplete, model-part-missing, model-unsupported. */
  async inspect(path: string): Promise<InspectedModel> {
    const facts = await readFileFacts(path);
    const inspected = await this.#options.inspect(facts.path);
    await readRecord(facts.path); // a size that its record contradicts is told before anything is added
    return { path: facts.path, ...inspected };
  }

  /**
   * Adds a model where it lies, or a copy of it. Stopping a copy leaves nothing behind. A file that has changed is read
   * anew where it lies, and one that was missing is found again: its entry, with all that was set for it, stays.
   * @throws AppError of `inspect`, model-already-added, checksum-mismatch, disk-full, folder-*.
   */
  async *add(
    named: string,
    wanted: 'in-place' | 'copied',
    signal: AbortSignal,
  ): AsyncGenerator<AddModelEvent> {
    const { header, path: source } = await this.inspect(named);
    await this.refresh(); // whether a known file is missing or has changed is told by the disk, not by memory
    const known = this.#knownAs(source, await readFileFacts(source), header);
    const record = await readRecord(source);
    const renews = known?.path === source;
    const placement = renews ? known.placement : wanted;
    const shown = namedPath(source, named);
    const title = (await ollamaNameOf(source)) ?? record?.name ?? header.name ?? nameFromPath(shown);
    using _ = placement === 'copied' ? this.#options.folderUse.share() : null;
    if (placement === 'copied') await this.requireFolder();
    const target = {
      folder: this.#options.modelsFolder(),
      fileName: fileNameFor(shown, title),
      taken: this.#copying,
    };
    const placed =
      placement === 'copied' && !renews
        ? yield* paced(copyInto(target, source, record, signal))
        : yield* paced(checkInPlace(source, record, signal));
    const entry = {
      name: known?.fileState === 'missing' ? known.name : title,
      ...(await readFileFacts(placed.path)),
      placement,
      header,
      sha256: placed.sha256,
      origin: record?.origin ?? known?.origin ?? null,
    };
    yield { type: 'added', model: await this.#enter(entry, known) };
  }

  /** Enters a file that came into the models folder by itself, as downloads do. @throws AppError as `inspect` */
  async enter(
    path: string,
    about: { name: string | null; origin: ModelOrigin; sha256: string | null },
  ): Promise<Model> {
    const { header, path: real } = await this.inspect(path);
    const facts = await readFileFacts(real);
    const name = about.name ?? header.name ?? nameFromPath(real);
    const entry = { ...about, name, ...facts, placement: 'copied' as const, header };
    return this.#enter(entry, this.#options.repository.getByPath(facts.path));
  }

  /**
   * Forgets a model. With `dispose` its files go first, each by that function: only those of the models folder.
   * @throws AppError bad-input, folder-busy; the model stays when a file can't go.
   */
  async remove(id: number, dispose: ((path: string) => Promise<void>) | null): Promise<void> {
    const model = this.get(id);
    if (model.placement === 'bundled') throw new AppError('bad-input', 'The demo model belongs to the app');
    if (dispose && model.placement !== 'copied')
      throw new AppError('bad-input', 'Only files of the models folder go with their model');
    using _ = dispose ? this.#options.folderUse.share() : null;
    try {
      if (dispose) for (const path of await filesOf(model.path)) await dispose(path);
      if (dispose) await rm(recordPath(model.path), { force: true });
      this.#options.repository.remove(id);
    } finally {
      await this.refresh();
    }
  }

  /**
   * Looks at files in their new places; the returned function enters these, in whatever transaction it is called.
   * A file that had changed before still counts as changed.
   */
  async prepareRelocation(files: Relocation[]): Promise<() => void> {
    const { repository } = this.#options;
    const byPath = new Map(files.map((file) => [file.from, file]));
    const moved = repository.list().map(async (model) => {
      const file = byPath.get(model.path);
      if (!file) return null;
      const { path, fileModifiedAt } = await readFileFacts(file.to);
      const same = file.modifiedAt === model.fileModifiedAt;
      return { ...model, path, fileModifiedAt: same ? fileModifiedAt : model.fileModifiedAt };
    });
    const entries = (await Promise.all(moved)).filter((entry) => entry !== null);
    return () => entries.forEach((entry) => repository.updateFile(entry.id, entry));
  }

  /** The models folder is there, or nothing was ever put into it. @throws AppError folder-missing */
  async requireFolder(): Promise<void> {
    const folder = this.#options.modelsFolder();
    if (await stat(folder).catch(() => null)) return;
    const isThere = ({ placement, path }: Model): boolean => placement === 'copied' && isInside(path, folder);
    if (this.list.value.some(isThere)) throw missingFolder(folder);
  }

  /** The entry that this file renews. @throws AppError model-already-added when there is nothing to renew */
  #knownAs(path: string, facts: FileFacts, header: ModelHeader): Model | null {
    const same = this.list.value.find((model) => model.path === path);
    if (same && same.fileState !== 'changed') {
      throw new AppError('model-already-added', `${path} is in the list`, { details: { name: same.name } });
    }
    const lost = this.list.value.filter((model) => model.fileState === 'missing');
    const isIt = (model: Model): boolean =>
      model.sizeBytes === facts.sizeBytes && JSON.stringify(model.header) === JSON.stringify(header);
    return same ?? lost.find(isIt) ?? null;
  }

  async #enter(entry: ModelFile, known: { id: number } | null): Promise<Model> {
    const { repository, now } = this.#options;
    const { id } = known
      ? repository.updateFile(known.id, entry)
      : repository.add({ ...entry, demo: false, addedAt: now() });
    await this.refresh();
    return this.get(id);
  }

  async #enterDemo(): Promise<void> {
    const { demo, repository, now, log } = this.#options;
    const facts =
      demo && (await readFileFacts(demo.path).catch((error: unknown) => log.error('Demo model', error)));
    // A broken installation has no demo model; everything else works without it.
    if (!demo || !facts || typeof facts === 'string') return;
    const about = { placement: 'bundled' as const, sha256: null, origin: null };
    const entry = { ...demo, ...facts, ...about };
    const known = repository.list().find((model) => model.placement === 'bundled');
    if (!known) repository.add({ ...entry, demo: true, addedAt: now() });
    else if (known.path !== entry.path || known.fileModifiedAt !== entry.fileModifiedAt) {
      repository.updateFile(known.id, entry);
    }
  }
}

function toModel(stored: StoredModel, fileState: Model['fileState']): Model {
  const { fileModifiedAt: _, fileSizeBytes: __, ...model } = stored;
  return { ...model, fileState };
}
