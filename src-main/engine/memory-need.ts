// How much memory a model will take, told before it is loaded. On the processor, weights are read without mapping
// the file (a mapped file stays resident beside the copy repacked for the processor), so they cost their own size.
import { freemem } from 'node:os';
import type { GgufInsights, Llama } from 'node-llama-cpp';
import { AppError } from '#contract/errors.ts';
import type { MemoryNeed, ModelEngine } from '#contract/models.ts';
import { instructionSetsOfSystemInfo } from '../lib/instruction-sets.ts';
import { memoryOf, processBytes, type ModelMemory } from '../lib/model-memory.ts';
import { isRepacked } from '../lib/repacking.ts';
import { tensorBytes } from './gguf-types.ts';
import { library } from './llama.ts';
import { modelShape, vocabularySize } from './model-shape.ts';
import type { CheckedFile } from './read-header.ts';

const SMALLEST_CONTEXT = 512;
const LARGEST_AUTOMATIC_CONTEXT = 32_768;
/** Automatic contexts leave at least this much to everything else on the machine. */
const LEFT_FREE_BYTES = 768 * 1_048_576;

/** How it would be loaded; null in a field: as loading decides it automatically. */
export interface NeedOptions {
  contextSize: number | null;
  kvCacheType: ModelEngine['kvCacheType'];
  flashAttention: boolean | null;
  gpuLayers: number | null;
  /** What unloading another model first would give back. */
  reclaimableBytes?: number;
}

export const AUTOMATIC: NeedOptions = {
  contextSize: null,
  kvCacheType: null,
  flashAttention: null,
  gpuLayers: null,
};

/** The need with these options; without a context size at the one that would be chosen automatically. */
export async function memoryNeed(
  llama: Llama,
  checked: CheckedFile,
  options: NeedOptions,
): Promise<MemoryNeed> {
  const { GgufInsights } = await library();
  const insights = await GgufInsights.from(checked.info, llama);
  const freeBytes = (await freeMemory(llama)) + (options.reclaimableBytes ?? 0);
  const trained = insights.trainContextSize ?? checked.header.contextLength ?? LARGEST_AUTOMATIC_CONTEXT;
  const memory = memoryAt(llama, { insights, checked, options });
  const atSize = (contextSize: number): MemoryNeed => ({ contextSize, ...memory(contextSize), freeBytes });
  const { contextSize } = options;
  if (contextSize !== null) return atSize(Math.max(SMALLEST_CONTEXT, Math.min(contextSize, trained)));
  let size = Math.min(trained, LARGEST_AUTOMATIC_CONTEXT);
  let need = atSize(size);
  while (size > SMALLEST_CONTEXT * 4 && !comfortable(need)) {
    size = Math.floor(size / 2 / 256) * 256;
    need = atSize(size);
  }
  return need;
}

/** Refuses what can't fit, with the numbers. Error: model-too-large. */
export function requireMemory(need: MemoryNeed): void {
  if (need.totalBytes <= need.freeBytes) return;
  throw new AppError('model-too-large', 'The model needs more memory than is free', {
    details: { neededBytes: need.totalBytes, freeBytes: need.freeBytes },
  });
}

/** A conversation's memory should not outweigh the model, nor take what the rest of the machine needs. */
function comfortable(need: MemoryNeed): boolean {
  const contextLimit = Math.max(need.weightsBytes / 2, 1024 ** 3);
  return need.contextBytes <= contextLimit && need.totalBytes + LEFT_FREE_BYTES <= need.freeBytes;
}

/**
 * The file; on the processor also what repacking makes twice. With layers on a graphics processor the second copy of
 * the words lies there and the first is only mapped: the system may drop its pages, so nothing needs to be free for it.
 */
function weightsMemory(llama: Llama, checked: CheckedFile): number {
  const tensors = checked.info.fullTensorInfo ?? [];
  const words = tensors.find((tensor) => tensor.name === 'token_embd.weight');
  const shared = llama.gpu === false && !tensors.some((tensor) => tensor.name === 'output.weight');
  const elements = words?.dimensions.reduce<number>((product, size) => product * Number(size), 1) ?? 0;
  const instructionSets = instructionSetsOfSystemInfo(llama.systemInfo);
  const copied = shared && words && isRepacked(words.ggmlType, instructionSets);
  return checked.header.fileSizeBytes + (copied ? tensorBytes(words.ggmlType, elements) : 0);
}

/** What the model takes by context size, by our own arithmetic where the architecture is one it knows. */
function memoryAt(
  llama: Llama,
  { insights, checked, options }: { insights: GgufInsights; checked: CheckedFile; options: NeedOptions },
): (contextSize: number) => ModelMemory {
  const weightsBytes = weightsMemory(llama, checked);
  const recurrent = insights.isRecurrent || insights.isHybrid;
  const shape = recurrent ? null : modelShape(checked.info);
  const cacheType = options.kvCacheType ?? 'f16';
  const flashAttention = options.flashAttention ?? insights.flashAttentionSupported;
  const onGraphics = llama.gpu !== false && options.gpuLayers !== 0;
  return (contextSize) => {
    if (shape) return memoryOf(shape, weightsBytes, { contextSize, cacheType, flashAttention, onGraphics });
    const contextBytes = libraryEstimate(insights, contextSize);
    const process = processBytes({ vocabularySize: vocabularySize(checked.info) });
    return { weightsBytes, contextBytes, totalBytes: weightsBytes + contextBytes + process };
  };
}

/**
 * The library's, from the header alone. Its newer estimate asks llama.cpp itself, which aborts the process on some
 * damaged headers: too much to risk for a file that is only looked at.
 */
function libraryEstimate(insights: GgufInsights, contextSize: number): number {
  const options = { contextSize, modelGpuLayers: 0, sequences: 1 };
  const bytes = insights.estimateContextResourceRequirements(options).cpuRam;
  if (!Number.isFinite(bytes)) throw new AppError('model-not-gguf', 'The header makes no sense');
  return Math.round(bytes);
}

/** Bytes that can still be taken: of the machine or of this process's container, and of the graphics memory. */
async function freeMemory(llama: Llama): Promise<number> {
  const contained = Math.min(freemem(), process.availableMemory());
  // macOS counts only untouched pages as free; the library asks for what can be had.
  const free =
    process.platform === 'darwin' ? Math.max(freemem(), (await llama.getRamState()).free) : contained;
  if (llama.gpu === false) return free;
  const graphics = await llama.getVramState();
  return free + (graphics.unifiedSize > 0 ? 0 : graphics.free);
}
