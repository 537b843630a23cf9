// Wires the catalogue: its shipped data, and everything that a verdict depends on.
import type { Settings } from '#contract/settings.ts';
import type { Log } from '../../lib/log.ts';
import type { Watchable } from '../../lib/watchable.ts';
import type { DownloadService } from '../downloads/download-service.ts';
import type { HardwareService } from '../hardware/hardware-service.ts';
import type { InferenceService } from '../inference/inference-service.ts';
import type { ModelLibrary } from '../models/model-library.ts';
import { readCatalogue } from './catalogue-file.ts';
import { CatalogueService } from './catalogue-service.ts';

interface OpenCatalogueOptions {
  paths: { resources: string };
  settings: Watchable<Settings>;
  hardware: HardwareService;
  inference: InferenceService;
  library: ModelLibrary;
  downloads: DownloadService;
  log: Log;
}

/** A broken installation has an empty catalogue; everything else works without it. */
export async function openCatalogue(options: OpenCatalogueOptions): Promise<CatalogueService> {
  const { paths, library, downloads, log } = options;
  const known = await readCatalogue(paths.resources).catch((error: unknown) => {
    log.error('Reading the catalogue', error);
    return [];
  });
  return new CatalogueService({ ...options, known, models: library.list, queue: downloads.queue });
}
