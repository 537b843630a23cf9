// One model in memory with its one context: made by loadModel, gone with unload.
import type { ChatWrapper, Llama, LlamaContext, LlamaContextSequence, LlamaModel } from 'node-llama-cpp';
import { AppError } from '#contract/errors.ts';
import type { LoadedModel, LoadInput } from '#contract/engine.ts';
import type { MemoryNeed } from '#contract/models.ts';
import { TokenCounter } from './count-tokens.ts';
import { library } from './llama.ts';
import { memoryNeed, requireMemory } from './memory-need.ts';
import { physicalCores } from '../lib/physical-cores.ts';
import { readHeader, type CheckedFile } from './read-header.ts';
import { isTiny } from './recommended-sampling.ts';
import { stateKey } from './state-key.ts';
import { ThreadWatch } from './thread-watch.ts';

const READING_BATCH = 512;

export interface ModelInMemory {
  readonly description: LoadedModel;
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  readonly sequence: LlamaContextSequence;
  readonly chatWrapper: ChatWrapper;
  readonly counter: TokenCounter;
  readonly threads: ThreadWatch;
  /** Gives all its memory back. */
  unload(): Promise<void>;
}

interface LoadOptions {
  onProgress: (progress: number) => void;
  signal: AbortSignal;
}

/** Checks file and memory, then loads. Errors: those of readHeader, model-too-large, model-load-failed, cancelled. */
export async function loadModel(
  llama: Llama,
  input: LoadInput,
  options: LoadOptions,
): Promise<ModelInMemory> {
  const checked = await readHeader(input.path);
  const need = await memoryNeed(llama, checked, input.contextSize);
  requireMemory(need);
  await requireWriter(llama, checked);
  const maxThreads = isTiny(checked.header) ? 1 : Math.min(input.threads ?? Infinity, physicalCores());
  let model: LlamaModel | null = null;
  try {
    model = await loadWeights(llama, input.path, options);
    // The context asks for its threads within the limit of the moment: the limit must be wide open now.
    llama.maxThreads = physicalCores();
    const context = await model.createContext({
      contextSize: need.contextSize,
      batchSize: Math.min(READING_BATCH, need.contextSize),
      threads: maxThreads,
      createSignal: options.signal,
    });
    const { resolveChatWrapper } = await library();
    const chatWrapper = resolveChatWrapper(model, { warningLogs: false });
    const description = { ...(await describe(checked, need, context, chatWrapper)), threads: maxThreads };
    const threads = new ThreadWatch(llama, maxThreads);
    const loaded = model;
    const unload = (): Promise<void> => {
      threads.stop();
      return loaded.dispose();
    };
    const counter = new TokenCounter(model);
    return {
      description,
      model,
      context,
      sequence: context.getSequence(),
      chatWrapper,
      counter,
      threads,
      unload,
    };
  } catch (cause) {
    await model?.dispose();
    if (cause instanceof AppError) throw cause;
    if (options.signal.aborted) throw new AppError('cancelled', 'Loading was stopped', { cause });
    throw new AppError('model-load-failed', 'llama.cpp could not load the model', { cause });
  }
}

function loadWeights(llama: Llama, modelPath: string, options: LoadOptions): Promise<LlamaModel> {
  return llama.loadModel({
    modelPath,
    gpuLayers: llama.gpu === false ? 0 : 'auto',
    useMmap: llama.gpu === false ? false : 'auto',
    useMlock: false,
    loadSignal: options.signal,
    onLoadProgress: options.onProgress,
  });
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

async function describe(
  checked: CheckedFile,
  need: MemoryNeed,
  context: LlamaContext,
  chatWrapper: ChatWrapper,
): Promise<Omit<LoadedModel, 'threads'>> {
  const contextSize = context.contextSize;
  return {
    header: checked.header,
    memory: { ...need, contextSize },
    contextSize,
    stateKey: await stateKey(checked, chatWrapper, contextSize),
    chatWrapper: chatWrapper.wrapperName,
  };
}
