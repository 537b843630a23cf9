// What the host asks of the engine process. The same protocol as between window and host, one hop further in.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { backend, nothing } from './common.ts';
import { enginePlan, memoryNeed, modelEngine, modelHeader } from './models.ts';

export const engineInfo = z.object({ backend, gpuNames: z.array(z.string()), physicalCores: z.number() });
export type EngineInfo = z.output<typeof engineInfo>;

/** What one backend finds on this machine, in a process that ends afterwards. */
export const engineProbe = z.object({
  backend,
  /** Graphics processors in the backend's own order; the memory is that of all of them together. */
  gpuNames: z.array(z.string()),
  totalMemoryBytes: z.number(),
  freeMemoryBytes: z.number(),
  /** How much of it is main memory, which integrated graphics processors share. */
  unifiedMemoryBytes: z.number(),
  /** Of the processor, as llama.cpp uses them: 'AVX2', 'AVX-512', 'NEON' and so on. */
  instructionSets: z.array(z.string()),
});
export type EngineProbe = z.output<typeof engineProbe>;

export const loadInput = z.object({
  path: z.string(),
  /** Tokens; null: as much as fits, up to what the model was trained on. */
  contextSize: z.number().nullable(),
  /** Null: the engine measures and adapts; a number is the upper bound the person set. */
  threads: z.number().nullable(),
  /** At most so many layers on the GPU; null: as many as fit. */
  gpuLayers: z.number().nullable().default(null),
  kvCacheType: modelEngine.shape.kvCacheType.default(null),
  flashAttention: z.boolean().nullable().default(null),
});
export type LoadInput = z.output<typeof loadInput>;

/** What was decided when loading, and what identifies the result. */
export const loadedModel = enginePlan.extend({
  header: modelHeader,
  /** sha256 of what identifies file, template and context settings; part of every saved state's key. */
  stateKey: z.string(),
  /** The wrapper chosen for the chat template, for "what the model sees". */
  chatWrapper: z.string(),
  /** It marks its thoughts, so that thinking can be asked for or not. */
  canThink: z.boolean(),
});
export type LoadedModel = z.output<typeof loadedModel>;

export const loadEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), progress: z.number() }),
  z.object({ type: z.literal('loaded'), model: loadedModel }),
]);
export type LoadEvent = z.output<typeof loadEvent>;

export const turn = z.object({ role: z.enum(['user', 'answer']), text: z.string() });
export type Turn = z.output<typeof turn>;

/** Null in a field: what is recommended for the model's family. */
export const sampling = z.object({
  temperature: z.number().nullable(),
  topK: z.number().nullable(),
  topP: z.number().nullable(),
  minP: z.number().nullable(),
  repeatPenalty: z.number().nullable(),
  seed: z.number().nullable(),
});
export type Sampling = z.output<typeof sampling>;

/** A state this installation saved before; loaded only if its hash is still the same. */
export const savedState = z.object({ file: z.string(), sha256: z.string() });
export type SavedState = z.output<typeof savedState>;

export const generateInput = z.object({
  systemPrompt: z.string(),
  /** Oldest first; the last one is the question. */
  turns: z.array(turn).min(1),
  /** Stands for turns before the first one, and goes in front of the first visible question. */
  note: z.string().optional(),
  /** No turn may leave the view: where one would have to, all ends after the `context` event. */
  whole: z.boolean().optional(),
  /** What the answer says already; it goes on from there. */
  begun: z.string().default(''),
  sampling,
  maxTokens: z.number().nullable(),
  /** Whether a model that can think first shall; null: as its makers mean it (Gemma 4: no). */
  thinking: z.boolean().nullable().default(null),
  /** Restored before reading when the context does not already hold a longer part of these turns. */
  restore: savedState.nullable(),
});
export type GenerateInput = z.output<typeof generateInput>;

export const engineEvent = z.discriminatedUnion('type', [
  /** Index into `turns` of the first one the model sees; tokens in use out of the context's size. */
  z.object({
    type: z.literal('context'),
    firstVisibleTurn: z.number(),
    usedTokens: z.number(),
    sizeTokens: z.number(),
    /** There was no room for the note beside the question. */
    noteLeftOut: z.boolean().optional(),
  }),
  z.object({ type: z.literal('reading'), doneTokens: z.number(), totalTokens: z.number() }),
  z.object({ type: z.literal('thought'), text: z.string() }),
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({
    type: z.literal('done'),
    /** `repetition`: it ran away into saying one thing over and over. */
    reason: z.enum(['end', 'limit', 'stopped', 'repetition']),
    promptTokens: z.number(),
    reusedTokens: z.number(),
    answerTokens: z.number(),
    timeToFirstTokenMs: z.number(),
    generationMs: z.number(),
  }),
]);
export type EngineEvent = z.output<typeof engineEvent>;

/** The text that a generation would begin with, special tokens written out. */
export const promptView = z.object({
  text: z.string(),
  tokens: z.number(),
  sizeTokens: z.number(),
  firstVisibleTurn: z.number(),
  /** There was no room for the note beside the question. */
  noteLeftOut: z.boolean().optional(),
});
export type PromptView = z.output<typeof promptView>;

/** Texts that might be asked, each on its own. */
export const countInput = generateInput.pick({ systemPrompt: true, maxTokens: true }).extend({
  texts: z.array(z.string()),
});
export type CountInput = z.output<typeof countInput>;

export const tokenCounts = z.object({
  /** Of each text. */
  tokens: z.array(z.number()),
  /** For a question with all that goes along with it, and what was said before. */
  roomTokens: z.number(),
  sizeTokens: z.number(),
});
export type TokenCounts = z.output<typeof tokenCounts>;

/** Reading, then writing: each ends when its tokens are through or its share of the time is up. */
export const measureInput = z.object({
  promptTokens: z.number(),
  answerTokens: z.number(),
  /** For everything together; a machine too slow for it takes as long as a few tokens of each part take. */
  limitMs: z.number(),
});
export type MeasureInput = z.output<typeof measureInput>;

export const measureEvent = z.discriminatedUnion('type', [
  /** 0 to 1, of the part. */
  z.object({ type: z.enum(['reading', 'writing']), progress: z.number() }),
  z.object({
    type: z.literal('measured'),
    promptTokensPerSecond: z.number(),
    generationTokensPerSecond: z.number(),
    timeToFirstTokenMs: z.number(),
    /** Of the process so far, and what it took on the graphics processor. */
    peakMemoryBytes: z.number(),
  }),
]);
export type MeasureEvent = z.output<typeof measureEvent>;

/** Sent every 250 ms while the process is well; also carries what changes slowly. */
export const heartbeat = z.object({ memoryBytes: z.number(), threads: z.number().nullable() });
export type Heartbeat = z.output<typeof heartbeat>;

export const engineContract = {
  /** Starts llama.cpp on the backend that the environment of the process names. */
  'engine.start': call(nothing, engineInfo),
  /** Starts as `engine.start` does and tells what the backend found. */
  'engine.probe': call(nothing, engineProbe),
  /** Bytes per second that all cores together read from main memory; takes about 150 ms. */
  'engine.measureMemory': call(nothing, z.number()),
  'engine.heartbeat': stream(nothing, heartbeat),
  /** `headerOnly`: of a file that is still elsewhere, `path` holds the beginning; model-incomplete: of too little. */
  'engine.inspect': call(
    z.object({
      path: z.string(),
      contextSize: z.number().nullable(),
      headerOnly: z.boolean().default(false),
    }),
    z.object({ header: modelHeader, memory: memoryNeed }),
  ),
  /** What loading would do, without loading. `reclaimableBytes`: what unloading another model first would free. */
  'engine.plan': call(loadInput.extend({ reclaimableBytes: z.number().default(0) }), enginePlan),
  /** Checks memory, then loads; what was loaded before is unloaded first. */
  'engine.load': stream(loadInput, loadEvent),
  'engine.unload': call(nothing, nothing),
  /** One at a time. Ending the stream early stops the generation; what was evaluated stays for the next call. */
  'engine.generate': stream(generateInput, engineEvent),
  /** Reads what `engine.generate` would, so that it begins sooner; what was read stays also when it is stopped. */
  'engine.prepare': call(generateInput, nothing),
  /** What `engine.generate` would let the model read, without reading it. */
  'engine.view': call(generateInput, promptView),
  /** Works beside everything else. */
  'engine.count': call(countInput, tokenCounts),
  /** Reads and writes with the loaded model as fast as it can; what the context held is gone afterwards. */
  'engine.measure': stream(measureInput, measureEvent),
  /** Saves what the context holds into `file`, atomically. Null when it holds nothing. */
  'engine.saveState': call(
    z.object({ file: z.string(), maxBytes: z.number() }),
    z.object({ sha256: z.string(), sizeBytes: z.number(), tokens: z.number() }).nullable(),
  ),
};
export type EngineContract = typeof engineContract;
