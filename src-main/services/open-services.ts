// Wires the services that need a database. All of them open and close together: a restored backup means new ones.
import type { Model } from '#contract/models.ts';
import type { AppDatabase } from '../database/app-database.ts';
import type { Host } from '../hosts/host.ts';
import type { Log } from '../lib/log.ts';
import type { AttachmentService } from './attachments/attachment-service.ts';
import type { QuestionMeasure } from './attachments/measure-question.ts';
import { openAttachments } from './attachments/open-attachments.ts';
import type { Uploads } from './attachments/uploads.ts';
import type { CatalogueService } from './catalogue/catalogue-service.ts';
import type { AnswerRequests } from './chat/answer-requests.ts';
import type { AnswerWriter } from './chat/answer-writer.ts';
import type { BranchService } from './chat/branch-service.ts';
import type { ChatService } from './chat/chat-service.ts';
import type { CompareService } from './chat/compare-service.ts';
import type { NoteService } from './chat/note-service.ts';
import { openChat } from './chat/open-chat.ts';
import type { OrderService } from './chat/order-service.ts';
import { PromptLibrary } from './compose/prompt-library.ts';
import type { LibraryService } from './documents/library-service.ts';
import { openLibrary } from './documents/open-library.ts';
import type { DownloadService } from './downloads/download-service.ts';
import type { DownloadsTuning } from './downloads/open-downloads.ts';
import { followMachine } from './hardware/follow-machine.ts';
import type { HardwareService } from './hardware/hardware-service.ts';
import { openHardware } from './hardware/open-hardware.ts';
import type { HubService } from './hub/hub-service.ts';
import type { EngineSupervisor } from './inference/engine-supervisor.ts';
import type { InferenceService } from './inference/inference-service.ts';
import { openInference } from './inference/open-inference.ts';
import { followUse } from './models/follow-use.ts';
import type { ModelLibrary } from './models/model-library.ts';
import type { ModelFiles } from './models/open-model-files.ts';
import type { NetworkService } from './network/network-service.ts';
import type { PresetService } from './presets/preset-service.ts';
import { openSupply } from './open-supply.ts';
import { SettingsService } from './settings/settings-service.ts';
import { SummaryService } from './summaries/summary-service.ts';
import type { TransferService } from './transfer/transfer-service.ts';
import { TuningService } from './tuning/tuning-service.ts';
import { workingBackends } from './tuning/working-backends.ts';

export interface AppPaths {
  /** The person's data: database, backups, models, caches, log. */
  dataFolder: string;
  /** What ships with the app: demo model, icons. */
  resources: string;
}

export interface ServiceOptions {
  paths: AppPaths;
  host: Host;
  /** Of the app. */
  version: string;
  /** Waits and limits of downloads that tests make shorter. */
  downloadsTuning?: Partial<DownloadsTuning> | undefined;
  now: () => number;
  log: Log;
}

export interface Services extends ModelFiles {
  database: AppDatabase;
  settings: SettingsService;
  inference: InferenceService;
  hardware: HardwareService;
  network: NetworkService;
  hub: HubService;
  catalogue: CatalogueService;
  downloads: DownloadService;
  tuning: TuningService;
  chat: ChatService;
  requests: AnswerRequests;
  writer: AnswerWriter;
  notes: NoteService;
  branches: BranchService;
  compare: CompareService;
  order: OrderService;
  presets: PresetService;
  transfer: TransferService;
  prompts: PromptLibrary;
  attachments: AttachmentService;
  uploads: Uploads;
  measure: QuestionMeasure;
  documents: LibraryService;
  summaries: SummaryService;
  /** Starts what should be ready before the first question. */
  warmUp(): void;
  /** Saves what is being written and stops the engine; never waits for the model. */
  close(): Promise<void>;
}

/** Everything on top of an open database. */
export async function openServices(database: AppDatabase, options: ServiceOptions): Promise<Services> {
  const { dataFolder } = options.paths;
  const settings = new SettingsService(database.settings);
  const hardware = openHardware({ ...options, settings, reports: database.machineReports });
  const startEngine = onChosenDevices(options.host, hardware);
  const base = { ...options, database, settings, dataFolder, startEngine };
  const { supervisor, inference, inspect, forgetContext, closeInference } = openInference(base);
  const { files, closeSupply, ...supply } = await openSupply({ ...base, hardware, inference, inspect });
  const choice = createModelChoice(settings, inference, files.library);
  const { closeChat, ...talk } = openChat({
    ...base,
    forgetContext,
    inference,
    settings: settings.current,
    model: choice.next,
    findModel: (id) => files.library.list.value.find((model) => model.id === id) ?? null,
  });
  const { closeAttachments, ...attaching } = openAttachments({ ...base, inference, requests: talk.requests });
  const { documents, closeLibrary } = openLibrary(base);
  const summaries = new SummaryService({ ...base, inference, model: choice.next });
  const closing = new AbortController();
  const restart = (): Promise<void> => inference.reload(true);
  void followMachine({ hardware, supervisor, restart }, closing.signal);
  const { readOnly } = database;
  void followUse({ ...options, readOnly, status: inference.status, library: files.library }, closing.signal);
  return {
    database,
    settings,
    ...files,
    inference,
    hardware,
    ...supply,
    tuning: createTuning({ ...base, supervisor, inference, hardware, library: files.library }),
    ...talk,
    ...attaching,
    documents,
    summaries,
    prompts: new PromptLibrary(database.compose),
    warmUp() {
      const first = choice.atStart();
      const quiet = inference.status.value.state === 'stopped';
      // What goes wrong here shows in the engine's status; the next question tries again.
      if (first && quiet) inference.load(first, closing.signal).catch(() => {});
    },
    async close() {
      closing.abort();
      summaries.close();
      await closeAttachments();
      await closeLibrary();
      await closeChat();
      closeInference();
      hardware.close();
      await closeSupply();
      await database.close();
    },
  };
}

/** Every engine process that works sees only the graphics processors that may be used. */
function onChosenDevices(host: Host, hardware: HardwareService): Host['startEngine'] {
  return (environment) => host.startEngine({ ...hardware.deviceEnvironment(), ...environment });
}

interface TuningParts extends Pick<ServiceOptions, 'now' | 'log'> {
  database: AppDatabase;
  settings: SettingsService;
  startEngine: Host['startEngine'];
  supervisor: EngineSupervisor;
  inference: InferenceService;
  hardware: HardwareService;
  library: ModelLibrary;
}

function createTuning({ database, settings, startEngine, hardware, ...parts }: TuningParts): TuningService {
  return new TuningService({
    ...parts,
    repository: database.models,
    settings: settings.current,
    start: startEngine,
    workingBackends: () => workingBackends(hardware),
  });
}

interface ModelChoice {
  /** The one to have ready when the app starts. */
  atStart: () => Model | null;
  /** The one that answers next. */
  next: () => Model | null;
}

function createModelChoice(
  settings: SettingsService,
  inference: InferenceService,
  library: ModelLibrary,
): ModelChoice {
  const atStart = (): Model | null => {
    const { startupModel } = settings.current.value;
    if (startupModel === 'none') return null;
    const chosen = library.list.value.find((model) => model.id === startupModel);
    return chosen ?? library.lastUsed();
  };
  return { atStart, next: () => inference.wantedModel() ?? atStart() ?? library.lastUsed() };
}
