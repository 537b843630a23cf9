// One model in memory with its one context: made by loadModel, gone with unload.
import type { ChatWrapper, Llama, LlamaContext, LlamaContextSequence, LlamaModel } from 'node-llama-cpp';
import { AppError } from '#contract/errors.ts';
import type { LoadedModel, LoadInput } from '../contract/engine.ts';
import type { MemoryNeed } from '../contract/models.ts';
import { library } from './llama.ts';
import { memoryNeed, requireMemory } from './memory-need.ts';
import { readHeader, type CheckedFile } from './read-header.ts';
import { stateKey } from './state-key.ts';

const READING_BATCH = 512;

export interface ModelInMemory {
  readonly description: LoadedModel;
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  readonly sequence: LlamaContextSequence;
  readonly chatWrapper: ChatWrapper;
  /** Gives all its memory back. */
  unload(): Promise<void>;
}

interface LoadOptions {
  /** Upper bound of threads for this model; the number in use may be lower at any time. */
  maxThreads: (checked: CheckedFile) => number;
  onProgress: (progress: number) => void;
  signal: AbortSignal;
}

/** Checks file and memory, then loads. Errors: those of readHeader, model-too-large, model-load-failed. */
export async function loadModel(
  llama: Llama,
  input: LoadInput,
  options: LoadOptions,
): Promise<ModelInMemory> {
  const checked = await readHeader(input.path);
  const need = await memoryNeed(llama, checked, input.contextSize);
  requireMemory(need);
  const { resolveChatWrapper, GgufInsights } = await library();
  const insights = await GgufInsights.from(checked.info, llama);
  if (!insights.hasDecoder) {
    throw new AppError('model-unsupported', 'This model does not write text', {
      details: { architecture: checked.header.architecture },
    });
  }
  const threads = options.maxThreads(checked);
  let model: LlamaModel | null = null;
  try {
    model = await llama.loadModel({
      modelPath: input.path,
      gpuLayers: llama.gpu === false ? 0 : 'auto',
      useMmap: llama.gpu === false ? false : 'auto',
      useMlock: false,
      loadSignal: options.signal,
      onLoadProgress: options.onProgress,
    });
    const context = await model.createContext({
      contextSize: need.contextSize,
      batchSize: Math.min(READING_BATCH, need.contextSize),
      threads,
      createSignal: options.signal,
    });
    const chatWrapper = resolveChatWrapper(model, { warningLogs: false });
    const description = await describe(checked, need, context, chatWrapper, threads);
    const loaded = model;
    return {
      description,
      llama,
      model,
      context,
      sequence: context.getSequence(),
      chatWrapper,
      unload: () => loaded.dispose(),
    };
  } catch (cause) {
    await model?.dispose();
    if (cause instanceof AppError) throw cause;
    if (options.signal.aborted) throw new AppError('cancelled', 'Loading was stopped', { cause });
    throw new AppError('model-load-failed', 'llama.cpp could not load the model', { cause });
  }
}

async function describe(
  checked: CheckedFile,
  need: MemoryNeed,
  context: LlamaContext,
  chatWrapper: ChatWrapper,
  threads: number,
): Promise<LoadedModel> {
  const contextSize = context.contextSize;
  return {
    header: checked.header,
    memory: { ...need, contextSize },
    contextSize,
    threads,
    stateKey: await stateKey(checked, chatWrapper, contextSize),
    chatWrapper: chatWrapper.wrapperName,
  };
}
