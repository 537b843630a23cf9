// The app without its window: opens the data and serves the contract to any number of ports.
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { AppInfo } from '#contract/app.ts';
import { contract, type Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { Port } from '#rpc/port.ts';
import { serve } from '#rpc/serve.ts';
import type { Host } from '../hosts/host.ts';
import { createLog } from '../lib/log.ts';
import { physicalCores } from '../lib/physical-cores.ts';
import { AppData } from './app/app-data.ts';
import { appHandlers } from './app/app-handlers.ts';
import { attachmentHandlers } from './attachments/attachment-handlers.ts';
import { catalogueHandlers } from './catalogue/catalogue-handlers.ts';
import { branchHandlers } from './chat/branch-handlers.ts';
import { chatHandlers } from './chat/chat-handlers.ts';
import { compareHandlers } from './chat/compare-handlers.ts';
import { noteHandlers } from './chat/note-handlers.ts';
import { orderHandlers } from './chat/order-handlers.ts';
import { composeHandlers } from './compose/compose-handlers.ts';
import { documentHandlers } from './documents/document-handlers.ts';
import { downloadHandlers } from './downloads/download-handlers.ts';
import { hardwareHandlers } from './hardware/hardware-handlers.ts';
import { hubHandlers } from './hub/hub-handlers.ts';
import { modelHandlers } from './models/model-handlers.ts';
import type { AppPaths, ServiceOptions } from './open-services.ts';
import { presetHandlers } from './presets/preset-handlers.ts';
import { settingsHandlers } from './settings/settings-handlers.ts';
import { summaryHandlers } from './summaries/summary-handlers.ts';
import { transferHandlers } from './transfer/transfer-handlers.ts';

/** The window comes first; the model loads while the person looks around. */
const WARM_UP_AFTER_MS = 400;

export interface AppOptions {
  paths: AppPaths;
  host: Host;
  version: string;
  /** Milliseconds since 1970; replaced in tests that move the clock. */
  now?: () => number;
  /** For tests. */
  downloadsTuning?: ServiceOptions['downloadsTuning'];
}

export interface App {
  /** Answers everything that arrives on this port until it closes. */
  serve(port: Port): void;
  /** Saves everything and stops the engine. Waits for the disk, never for the model. */
  close(): Promise<void>;
}

/** Opens the app on its data folder. Resolves also when the database can't be used; health says so then. */
export async function createApp(options: AppOptions): Promise<App> {
  const { paths, host, version, downloadsTuning, now = Date.now } = options;
  const log = createLog(join(paths.dataFolder, 'logs', 'lapidary.log'));
  const data = new AppData({ paths, host, version, downloadsTuning, now, log });
  await data.open();
  const describe = (): Omit<AppInfo, 'host' | 'unavailable'> => ({
    version,
    platform: process.platform,
    dataFolder: paths.dataFolder,
    modelsFolder: data.services?.modelsFolder() ?? '',
    physicalCores: physicalCores(),
    totalMemoryBytes: totalmem(),
  });
  const handlers: Handlers<Contract> = {
    ...appHandlers(host, data, describe),
    ...attachmentHandlers(() => data.need()),
    ...chatHandlers(() => data.need()),
    ...branchHandlers(() => data.need()),
    ...compareHandlers(() => data.need().compare),
    ...noteHandlers(() => data.need()),
    ...orderHandlers(() => data.need()),
    ...modelHandlers(() => data.need(), host),
    ...hardwareHandlers(() => data.need().hardware),
    ...catalogueHandlers(() => data.need().catalogue),
    ...hubHandlers(() => data.need().hub),
    ...documentHandlers(() => data.need()),
    ...downloadHandlers(() => data.need().downloads),
    ...composeHandlers(() => data.need()),
    ...presetHandlers(() => data.need().presets),
    ...settingsHandlers(() => data.need().settings),
    ...summaryHandlers(() => data.need().summaries),
    ...transferHandlers(() => data.need().transfer),
  };
  let warm = false;
  return {
    serve(port) {
      serve(contract, handlers, port, {
        reportUnexpected: (channel, error) => log.error(`Channel ${channel}`, error),
      });
      if (!warm) setTimeout(() => data.services?.warmUp(), WARM_UP_AFTER_MS).unref();
      warm = true;
    },
    async close() {
      await data.close();
      await log.flush();
    },
  };
}
