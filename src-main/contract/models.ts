// Model files, what their headers say, and the state of the engine that runs one of them.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { backend, failure, nothing, rowId } from './common.ts';

/** What a GGUF header states; null where it is silent. */
export const modelHeader = z.object({
  architecture: z.string(),
  name: z.string().nullable(),
  parameterCount: z.number().nullable(),
  quantization: z.string().nullable(),
  contextLength: z.number().nullable(),
  layerCount: z.number().nullable(),
  chatTemplate: z.string().nullable(),
  licence: z.string().nullable(),
  fileSizeBytes: z.number(),
});
export type ModelHeader = z.output<typeof modelHeader>;

/** What loading would take, in bytes, at `contextSize` tokens. */
export const memoryNeed = z.object({
  contextSize: z.number(),
  weightsBytes: z.number(),
  contextBytes: z.number(),
  totalBytes: z.number(),
  freeBytes: z.number(),
});
export type MemoryNeed = z.output<typeof memoryNeed>;

/** Null in a field: automatic, as `models.plan` explains it. */
export const modelEngine = z.object({
  backend: backend.nullable(),
  contextSize: z.int().min(512).max(1_048_576).nullable(),
  gpuLayers: z.int().min(0).max(1000).nullable(),
  /** How precisely the context is kept; the smaller, the more of it fits. */
  kvCacheType: z.enum(['f16', 'q8_0', 'q4_0']).nullable(),
  flashAttention: z.boolean().nullable(),
  threads: z.int().min(1).max(256).nullable(),
});
export type ModelEngine = z.output<typeof modelEngine>;

/** What an engine would do with a model, every automatic value decided. */
export const enginePlan = z.object({
  backend,
  contextSize: z.number(),
  gpuLayers: z.object({ used: z.number(), total: z.number() }).nullable(),
  kvCacheType: z.enum(['f16', 'q8_0', 'q4_0']),
  flashAttention: z.boolean(),
  threads: z.number(),
  memory: memoryNeed,
});
export type EnginePlan = z.output<typeof enginePlan>;

export const speedResult = z.object({
  backend,
  /** Tokens read per second, and written per second. */
  promptTokensPerSecond: z.number(),
  generationTokensPerSecond: z.number(),
  timeToFirstTokenMs: z.number(),
  peakMemoryBytes: z.number(),
  contextSize: z.number(),
  measuredAt: z.number(),
});
export type SpeedResult = z.output<typeof speedResult>;

/** Where a downloaded file came from. */
export const modelOrigin = z.object({ repository: z.string(), revision: z.string(), path: z.string() });
export type ModelOrigin = z.output<typeof modelOrigin>;

export const model = z.object({
  id: rowId,
  name: z.string(),
  path: z.string(),
  /** Shipped inside the app, used where the person keeps it, or copied into the models folder. */
  placement: z.enum(['bundled', 'in-place', 'copied']),
  /** Tiny, for trying the app out; every place that names it says so. */
  demo: z.boolean(),
  header: modelHeader,
  fileState: z.enum(['present', 'missing', 'changed']),
  /** On disk, all parts of a split file together. */
  sizeBytes: z.number(),
  /** Of the (first) file; null until it was computed or told. */
  sha256: z.string().nullable(),
  origin: modelOrigin.nullable(),
  engine: modelEngine,
  /** Newest for each backend, fastest first. */
  speeds: z.array(speedResult),
  lastUsedAt: z.number().nullable(),
  addedAt: z.number(),
});
export type Model = z.output<typeof model>;

export const inspectedModel = z.object({ path: z.string(), header: modelHeader, memory: memoryNeed });
export type InspectedModel = z.output<typeof inspectedModel>;

export const addModelEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('copying'), doneBytes: z.number(), totalBytes: z.number() }),
  /** Comparing with the checksum in the record beside an exported model. */
  z.object({ type: z.literal('checking'), doneBytes: z.number(), totalBytes: z.number() }),
  z.object({ type: z.literal('added'), model }),
]);
export type AddModelEvent = z.output<typeof addModelEvent>;

export const MODEL_APPS = ['lm-studio', 'ollama', 'jan', 'gpt4all', 'llama.cpp', 'hugging-face'] as const;

/** A model that another app has on this machine. */
export const discoveredModel = z.object({
  app: z.enum(MODEL_APPS),
  name: z.string(),
  path: z.string(),
  sizeBytes: z.number(),
  /** It is in the list already. */
  known: z.boolean(),
});
export type DiscoveredModel = z.output<typeof discoveredModel>;

export const exportEvent = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['copying', 'verifying']), doneBytes: z.number(), totalBytes: z.number() }),
  /** `path` is that of the first file. */
  z.object({ type: z.literal('exported'), path: z.string() }),
]);
export type ExportEvent = z.output<typeof exportEvent>;

export const moveEvent = z.discriminatedUnion('type', [
  /** Bytes of all files; each counts half when it is copied and whole when it was read back. */
  z.object({
    type: z.enum(['copying', 'verifying']),
    name: z.string(),
    doneBytes: z.number(),
    totalBytes: z.number(),
  }),
  z.object({ type: z.literal('moved') }),
]);
export type MoveEvent = z.output<typeof moveEvent>;

export const speedTestEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    backend,
    phase: z.enum(['starting', 'loading', 'reading', 'writing']),
    /** Of the whole test, 0 to 1. */
    progress: z.number(),
    secondsLeft: z.number().nullable(),
  }),
  z.object({ type: z.literal('measured'), result: speedResult }),
  z.object({ type: z.literal('failed'), backend, failure }),
  /** The fastest of those measured is from now on the automatic choice; null while there is nothing to compare. */
  z.object({ type: z.literal('done'), fastest: backend.nullable() }),
]);
export type SpeedTestEvent = z.output<typeof speedTestEvent>;

export const diskUse = z.object({
  folder: z.string(),
  usedBytes: z.number(),
  /** Null while the disk is not there. */
  freeBytes: z.number().nullable(),
  /** Where a move was going that was stopped or broke off; null when there is none. */
  unfinishedMove: z.string().nullable(),
});
export type DiskUse = z.output<typeof diskUse>;

export const engineStatus = z.object({
  state: z.enum(['stopped', 'starting', 'loading', 'ready', 'generating']),
  modelId: rowId.nullable(),
  modelName: z.string().nullable(),
  demo: z.boolean(),
  /** Null until the engine has started. */
  backend: backend.nullable(),
  gpuNames: z.array(z.string()),
  contextSize: z.number().nullable(),
  threads: z.number().nullable(),
  /** These three as the loaded model really has them; layers are null on the processor. */
  gpuLayers: enginePlan.shape.gpuLayers,
  kvCacheType: enginePlan.shape.kvCacheType.nullable(),
  flashAttention: z.boolean().nullable(),
  /** The loaded model can think before it answers. */
  canThink: z.boolean(),
  /** 0 to 1 while loading. */
  loadProgress: z.number().nullable(),
  /** Resident memory of the engine process. */
  memoryBytes: z.number().nullable(),
  /** Set after crashes made the engine leave a backend. */
  fallback: z.object({ from: backend, to: backend, reason: z.enum(['crashed', 'unavailable']) }).nullable(),
  failure: failure.nullable(),
});
export type EngineStatus = z.output<typeof engineStatus>;

const filePath = z.string().min(1).max(4096);
const byId = z.object({ id: rowId });

export const modelsContract = {
  /** The whole list now and after every change; short. */
  'models.watch': stream(nothing, z.array(model)),
  /** Reads a header without adding anything. */
  'models.inspect': call(z.object({ path: filePath }), inspectedModel),
  'models.add': stream(
    z.object({ path: filePath, placement: z.enum(['in-place', 'copied']) }),
    addModelEvent,
  ),
  /** Forgets the model; 'bin' and 'delete' work for files in the models folder only, a person's own file stays. */
  'models.remove': call(z.object({ id: rowId, file: z.enum(['keep', 'bin', 'delete']) }), nothing),
  /** Takes effect at once when the model is loaded. */
  'models.configure': call(z.object({ id: rowId, engine: modelEngine }), nothing),
  /** What loading with these settings would do, and need. */
  'models.plan': call(z.object({ id: rowId, engine: modelEngine }), enginePlan),
  /** About 20 s for each backend (null: every working one), each in an engine process of its own. */
  'models.testSpeed': stream(
    z.object({ id: rowId, backends: z.array(backend).max(4).nullable() }),
    speedTestEvent,
  ),
  /** Looks where other apps keep their models. */
  'models.discover': call(nothing, z.array(discoveredModel)),
  /** Copies a model with its record and checksum into a folder, for another machine. Errors of the folder:
   * export-folder-missing, export-folder-unwritable, disk-full. */
  'models.export': stream(z.object({ id: rowId, folder: filePath }), exportEvent),
  /** Moves all files of the models folder to another one, verified; can be stopped and gone on with later. */
  'models.moveFolder': stream(z.object({ folder: filePath }), moveEvent),
  /** Deletes what an unfinished move has copied so far. */
  'models.giveUpMove': call(nothing, nothing),
  'models.showInFolder': call(byId, nothing),
  /** Opens the models folder in the system's window of files. */
  'models.openFolder': call(nothing, nothing),
  'models.diskUse': call(nothing, diskUse),
  /** Resolves once it is loaded, rejects when it can't be. */
  'models.load': call(byId, nothing),
  'models.unload': call(nothing, nothing),
  'models.watchEngine': stream(nothing, engineStatus),
};
