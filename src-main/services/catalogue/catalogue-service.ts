// The catalogue as it is for this machine now: every file judged, one recommended, joined with what is installed and
// what is being downloaded.
import type { Catalogue, CatalogueEntry, Fit, Purpose, Speed } from '#contract/catalogue.ts';
import type { Backend } from '#contract/common.ts';
import type { DownloadQueue } from '#contract/downloads.ts';
import type { EngineStatus, MemoryNeed, Model, ModelHeader } from '#contract/models.ts';
import type { Settings } from '#contract/settings.ts';
import { anyChange } from '../../lib/any-change.ts';
import type { Watchable } from '../../lib/watchable.ts';
import type { HardwareService } from '../hardware/hardware-service.ts';
import { backendFor } from '../inference/load-options.ts';
import type { KnownModel } from './catalogue-file.ts';
import { speedOf, testedSpeeds, type ReadingSpeeds } from './estimate-speed.ts';
import { judgeFit } from './judge-fit.ts';
import { fitOf } from './memory-need.ts';
import { roomOn, type MemoryRoom } from './memory-room.ts';
import { recommend, type Candidate } from './recommend.ts';
import { downloadOf, installedAs } from './same-content.ts';

/** What each purpose wants to see at once, where the person has set nothing. */
const CONTEXT_SIZES: Readonly<Record<Purpose, number>> = {
  chat: 8192,
  reading: 32_768,
  writing: 8192,
  retrieval: 2048,
};
const PAUSE_MS = 100;
/** A header counts only the numbers of its own file; pictures and sound lie in another one. */
const SAME_SIZE = 0.12;
/** For a backend that nothing particular was asked of. */
const NOT_INSTALLED: Pick<Model, 'engine' | 'speeds'> = {
  engine: {
    backend: null,
    contextSize: null,
    gpuLayers: null,
    kvCacheType: null,
    flashAttention: null,
    threads: null,
  },
  speeds: [],
};

interface CatalogueOptions {
  known: readonly KnownModel[];
  hardware: Pick<HardwareService, 'machine' | 'watch' | 'refresh'>;
  inference: { status: Watchable<EngineStatus>; loadedBytes: number };
  settings: Watchable<Settings>;
  models: Watchable<Model[]>;
  queue: Watchable<DownloadQueue>;
}

export class CatalogueService {
  readonly #options: CatalogueOptions;

  constructor(options: CatalogueOptions) {
    this.#options = options;
  }

  /** The catalogue now, and again whenever something in it is another. */
  async *watch(purpose: Purpose, signal: AbortSignal): AsyncGenerator<Catalogue, void, void> {
    const { hardware, inference, settings, models, queue } = this.#options;
    const sources = [inference.status, settings, models, queue].map(
      (source) => (until: AbortSignal) => source.watch(until),
    );
    let told = '';
    for await (const _ of anyChange([(until) => hardware.watch(until), ...sources], PAUSE_MS, signal)) {
      const catalogue = this.now(purpose);
      const text = JSON.stringify(catalogue);
      if (text === told) continue;
      told = text;
      yield catalogue;
    }
  }

  now(purpose: Purpose): Catalogue {
    const contextSize = this.#options.settings.value.contextSize ?? CONTEXT_SIZES[purpose];
    const judged = this.#judgeAll(contextSize);
    const { unified } = this.#room(NOT_INSTALLED);
    return {
      entries: judged.map(({ entry }) => entry),
      recommended: recommend(judged, purpose, unified),
      contextSize,
    };
  }

  /** The terms that have to be accepted before this file is downloaded; null when there are none. */
  termsOf(catalogueId: string): string | null {
    const found = this.#options.known.find(({ entry }) => entry.id === catalogueId);
    return found?.entry.licence === 'gemma-terms' ? found.entry.licence : null;
  }

  /** A verdict on a file that is in no list, from its header. Finds out about the machine first where need be. */
  async judge(read: { header: ModelHeader; memory: MemoryNeed }): Promise<{ fit: Fit; speed: Speed | null }> {
    const { hardware } = this.#options;
    if (this.#room(NOT_INSTALLED).backend === null) await hardware.refresh();
    const { header, memory } = read;
    const room = this.#room(NOT_INSTALLED);
    const fit = judgeFit(memory, header.layerCount, room);
    const sized = { ...this.#countsOf(header), sizeBytes: header.fileSizeBytes };
    return { fit, speed: speedOf(sized, fit, { room, speeds: this.#speeds(), installed: null }) };
  }

  #judgeAll(contextSize: number): Candidate[] {
    const { known, models, queue, hardware } = this.#options;
    const { instructionSets } = hardware.machine.value;
    const speeds = this.#speeds();
    return known.map(({ entry, architecture, shape, quality }) => {
      const installed = installedAs(entry, models.value);
      const room = this.#room(installed ?? NOT_INSTALLED);
      const fit = fitOf({ ...entry, architecture, shape }, contextSize, { room, instructionSets });
      return {
        quality,
        entry: {
          ...entry,
          fit,
          speed: speedOf(entry, fit, { room, speeds, installed }),
          modelId: installed?.id ?? null,
          downloadId: downloadOf(entry, queue.value.list)?.id ?? null,
        },
      };
    });
  }

  /** The memory for a model on the backend that it would run on. */
  #room(model: Pick<Model, 'engine' | 'speeds'>): MemoryRoom {
    const { hardware, inference, settings } = this.#options;
    const machine = hardware.machine.value;
    const working = (backend: Backend): boolean =>
      machine.backends.some((report) => report.backend === backend && report.state === 'working');
    const wanted = backendFor(model, settings.value);
    // A first detection measures memory last: a verdict before that would change under the person's eyes.
    const known = machine.state === 'detected' || machine.memoryBandwidth !== null;
    const chosen = wanted !== 'automatic' && working(wanted) ? wanted : machine.best;
    const backend = known ? chosen : null;
    const { gpuLayers } = inference.status.value;
    const inMain = gpuLayers ? 1 - gpuLayers.used / Math.max(1, gpuLayers.total) : 1;
    return roomOn(machine, backend, inference.loadedBytes * inMain);
  }

  #speeds(): ReadingSpeeds {
    const { known, models, hardware } = this.#options;
    const tested = known.flatMap(({ entry }) => {
      const model = installedAs(entry, models.value);
      return model ? [{ model, entry }] : [];
    });
    return { memory: hardware.machine.value.memoryBandwidth, tested: testedSpeeds(tested) };
  }

  /** How much of a model each token passes through; where nobody knows, all of it. */
  #countsOf({
    architecture,
    parameterCount,
  }: ModelHeader): Pick<CatalogueEntry, 'parameterCount' | 'activeParameterCount'> {
    const all = parameterCount ?? 1;
    const same = this.#options.known.find(
      (known) =>
        known.architecture === architecture && Math.abs(known.entry.parameterCount / all - 1) <= SAME_SIZE,
    );
    return same ? same.entry : { parameterCount: all, activeParameterCount: all };
  }
}
