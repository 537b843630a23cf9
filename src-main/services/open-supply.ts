// Wires everything that brings models here and keeps them: the files, the hub, the queue of downloads, the catalogue.
import type { CatalogueService } from './catalogue/catalogue-service.ts';
import { openCatalogue } from './catalogue/open-catalogue.ts';
import type { DownloadService } from './downloads/download-service.ts';
import { openDownloads } from './downloads/open-downloads.ts';
import type { HardwareService } from './hardware/hardware-service.ts';
import type { HubService } from './hub/hub-service.ts';
import { openHub } from './hub/open-hub.ts';
import type { InferenceService } from './inference/inference-service.ts';
import type { OpenInference } from './inference/open-inference.ts';
import { openModelFiles, type ModelFiles } from './models/open-model-files.ts';
import type { NetworkService } from './network/network-service.ts';
import type { ServiceOptions } from './open-services.ts';
import type { SettingsService } from './settings/settings-service.ts';
import type { AppDatabase } from '../database/app-database.ts';

interface SupplyOptions extends ServiceOptions {
  database: AppDatabase;
  settings: SettingsService;
  hardware: HardwareService;
  inference: InferenceService;
  inspect: OpenInference['inspect'];
}

interface OpenSupply {
  files: ModelFiles;
  network: NetworkService;
  hub: HubService;
  downloads: DownloadService;
  catalogue: CatalogueService;
  closeSupply: () => Promise<void>;
}

export async function openSupply(options: SupplyOptions): Promise<OpenSupply> {
  const watched = { ...options, settings: options.settings.current };
  const { network, hub } = openHub({ ...watched, judge: (read) => catalogue.judge(read) });
  const files = await openModelFiles(options);
  const { downloads, closeDownloads } = openDownloads({
    ...watched,
    files,
    network,
    hub,
    termsOf: (id) => catalogue.termsOf(id),
  });
  const catalogue = await openCatalogue({ ...watched, library: files.library, downloads });
  return {
    files,
    network,
    hub,
    downloads,
    catalogue,
    async closeSupply() {
      await closeDownloads();
      await network.close();
    },
  };
}
