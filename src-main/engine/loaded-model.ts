// One model in memory with its one context: made by loadModel, gone with unload.
import type { ChatWrapper, Llama, LlamaContext, LlamaContextSequence, LlamaModel } from 'node-llama-cpp';
import { AppError } from '#contract/errors.ts';
import type { LoadedModel, LoadInput } from '#contract/engine.ts';
import type { EnginePlan } from '#contract/models.ts';
import { chooseWrapper } from './chat-wrapper.ts';
import { TokenCounter } from './count-tokens.ts';
import { library } from './llama.ts';
import { graphicsMemoryUsed } from './peak-memory.ts';
import { cacheTypeName, layersOption } from './gpu-layers.ts';
import { planLoad } from './load-plan.ts';
import { requireMemory } from './memory-need.ts';
import { READING_BATCH } from '../lib/model-memory.ts';
import { physicalCores } from '../lib/physical-cores.ts';
import { readHeader, type CheckedFile } from './read-header.ts';
import { planRewinding, type Rewinding } from './rewinding.ts';
import { stateKey } from './state-key.ts';
import { canThink } from './thinking.ts';
import { ThreadWatch } from './thread-watch.ts';

export interface ModelInMemory {
  readonly description: LoadedModel;
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  readonly sequence: LlamaContextSequence;
  readonly chatWrapper: ChatWrapper;
  readonly counter: TokenCounter;
  readonly threads: ThreadWatch;
  readonly rewinding: Rewinding;
  /** What loading took on the graphics processor. */
  readonly graphicsBytes: number;
  /** Gives all its memory back. */
  unload(): Promise<void>;
}

interface LoadOptions {
  onProgress: (progress: number) => void;
  signal: AbortSignal;
}

/**
 * Checks file and memory, then loads. Errors: those of readHeader and planLoad, model-too-large, model-load-failed,
 * cancelled.
 */
export async function loadModel(
  llama: Llama,
  input: LoadInput,
  options: LoadOptions,
): Promise<ModelInMemory> {
  const checked = await readHeader(input.path);
  const plan = await planLoad(llama, checked, input);
  requireMemory(plan.memory);
  await requireWriter(llama, checked);
  const graphicsBefore = await graphicsMemoryUsed(llama);
  let model: LlamaModel | null = null;
  try {
    const rewinding = planRewinding(checked, plan);
    model = await loadWeights(llama, input, { ...plan, ...rewinding }, options);
    const context = await createContext(llama, model, { input, plan, signal: options.signal });
    const chatWrapper = await chooseWrapper(model, checked.header.chatTemplate);
    const description = await describe(checked, plan, { model, context, chatWrapper });
    const threads = new ThreadWatch(llama, plan.threads);
    const loaded = model;
    return {
      description,
      model,
      context,
      sequence: context.getSequence({ checkpoints: rewinding.checkpoints }),
      chatWrapper,
      counter: new TokenCounter(model),
      threads,
      rewinding,
      graphicsBytes: Math.max(0, (await graphicsMemoryUsed(llama)) - graphicsBefore),
      unload: () => {
        threads.stop();
        return loaded.dispose();
      },
    };
  } catch (cause) {
    await model?.dispose();
    if (cause instanceof AppError) throw cause;
    if (options.signal.aborted) throw new AppError('cancelled', 'Loading was stopped', { cause });
    throw new AppError('model-load-failed', 'llama.cpp could not load the model', { cause });
  }
}

function loadWeights(
  llama: Llama,
  input: LoadInput,
  plan: EnginePlan & Rewinding,
  options: LoadOptions,
): Promise<LlamaModel> {
  const cacheType = cacheTypeName(plan.kvCacheType);
  return llama.loadModel({
    modelPath: input.path,
    gpuLayers: llama.gpu === false ? 0 : layersOption(plan.contextSize, input.gpuLayers),
    // Contexts inherit these; known here so that the right number of layers is chosen beside them.
    defaultContextFlashAttention: flashAttentionOption(input, plan),
    defaultContextSwaFullCache: plan.swaFullCache,
    experimentalDefaultContextKvCacheKeyType: cacheType,
    experimentalDefaultContextKvCacheValueType: cacheType,
    useMmap: llama.gpu === false ? false : 'auto',
    useMlock: false,
    loadSignal: options.signal,
    onLoadProgress: options.onProgress,
  });
}

function createContext(
  llama: Llama,
  model: LlamaModel,
  { input, plan, signal }: { input: LoadInput; plan: EnginePlan; signal: AbortSignal },
): Promise<LlamaContext> {
  // The context asks for its threads within the limit of the moment: the limit must be wide open now.
  llama.maxThreads = physicalCores();
  return model.createContext({
    contextSize: plan.contextSize,
    batchSize: Math.min(READING_BATCH, plan.contextSize),
    threads: plan.threads,
    flashAttention: flashAttentionOption(input, plan),
    createSignal: signal,
  });
}

/** Left to llama.cpp, which knows what its backend can do, unless the person or a compact context decides. */
function flashAttentionOption(input: LoadInput, plan: EnginePlan): boolean | 'auto' {
  const decided = input.flashAttention !== null || plan.kvCacheType !== 'f16' || !plan.flashAttention;
  return decided ? plan.flashAttention : 'auto';
}

/** Embedding and ranking models have a header like any other but nothing to say. */
async function requireWriter(llama: Llama, checked: CheckedFile): Promise<void> {
  const { GgufInsights } = await library();
  const insights = await GgufInsights.from(checked.info, llama);
  if (insights.hasDecoder) return;
  throw new AppError('model-unsupported', 'This model does not write text', {
    details: { architecture: checked.header.architecture },
  });
}

/** The plan, with what the library really made of it. */
async function describe(
  checked: CheckedFile,
  planned: EnginePlan,
  made: { model: LlamaModel; context: LlamaContext; chatWrapper: ChatWrapper },
): Promise<LoadedModel> {
  const { contextSize } = made.context;
  const plan: EnginePlan = {
    ...planned,
    contextSize,
    memory: { ...planned.memory, contextSize },
    gpuLayers: planned.gpuLayers && { ...planned.gpuLayers, used: made.model.gpuLayers },
  };
  return {
    ...plan,
    header: checked.header,
    stateKey: await stateKey(checked, made.chatWrapper, plan),
    chatWrapper: made.chatWrapper.wrapperName,
    canThink: canThink(made.chatWrapper),
  };
}
