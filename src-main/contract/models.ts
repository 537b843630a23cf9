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
  addedAt: z.number(),
});
export type Model = z.output<typeof model>;

export const inspectedModel = z.object({ path: z.string(), header: modelHeader, memory: memoryNeed });
export type InspectedModel = z.output<typeof inspectedModel>;

export const addModelEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('copying'), doneBytes: z.number(), totalBytes: z.number() }),
  z.object({ type: z.literal('added'), model }),
]);
export type AddModelEvent = z.output<typeof addModelEvent>;

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
  /** Forgets the model. `deleteFile` works for copied ones only; a person's own file is never deleted. */
  'models.remove': call(z.object({ id: rowId, deleteFile: z.boolean() }), nothing),
  /** Resolves once it is loaded, rejects when it can't be. */
  'models.load': call(byId, nothing),
  'models.unload': call(nothing, nothing),
  'models.watchEngine': stream(nothing, engineStatus),
};
