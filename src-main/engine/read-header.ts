// What a model file says about itself. The file is untrusted: it is checked by our own bounded walk first, and
// everything that can be wrong with it has an error of its own.
import { open, stat, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import type { GgufFileInfo } from 'node-llama-cpp';
import { AppError } from '#contract/errors.ts';
import type { ModelHeader } from '#contract/models.ts';
import { firstPart, partPaths, readPartName } from '../lib/gguf-parts.ts';
import { EndOfFile, Absurd } from './gguf-cursor.ts';
import { walkGguf, type WalkedFile } from './gguf-walk.ts';
import { library } from './llama.ts';

const MAX_TEMPLATE_CHARACTERS = 200_000;
const MAX_NAME_CHARACTERS = 300;
/** Far beyond anything there is. */
const LARGEST_SANE = { context_length: 2 ** 30, embedding_length: 2 ** 24, block_count: 10_000 };
/** A quarter of a million words that take a second to read and that no estimate needs. */
const VOCABULARY_KEYS = ['tokens', 'scores', 'token_type', 'merges'].map((key) => `tokenizer.ggml.${key}`);

export interface CheckedFile {
  path: string;
  header: ModelHeader;
  /** For the library's own estimates and wrapper choice. */
  info: GgufFileInfo;
}

interface ReadOptions {
  /** The beginning of a file that is not here yet: its size is what the header says it must have. */
  headerOnly?: boolean;
}

/**
 * Checks a model file, or all parts of one, and reads its header. Sizes and parameters are those of all parts.
 * Errors: model-file-missing, model-file-unreadable, model-not-gguf, model-incomplete, model-part-missing,
 * model-unsupported.
 */
export async function readHeader(anyPart: string, options: ReadOptions = {}): Promise<CheckedFile> {
  const path = firstPart(anyPart);
  try {
    const { walked, sizeBytes } = await walkParts(path, anyPart, options);
    const header = toHeader(walked, sizeBytes);
    const { readGgufFileInfo, ...names } = await library();
    // Declared as a const enum but there at run time.
    const known = (names as unknown as { GgufArchitectureType: Record<string, string> }).GgufArchitectureType;
    if (!Object.values(known).includes(header.architecture)) {
      throw new AppError('model-unsupported', 'Unknown architecture', {
        details: { architecture: header.architecture.slice(0, MAX_NAME_CHARACTERS) },
      });
    }
    requireSane(header, walked.metadata);
    const info = await readGgufFileInfo(path, {
      sourceType: 'filesystem',
      logWarnings: false,
      ignoreKeys: [...VOCABULARY_KEYS],
      spliceSplitFiles: partCount(walked) > 1,
    });
    return { path, header: await withQuantization(header, walked), info };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('model-not-gguf', 'The header could not be understood', { cause: error });
  }
}

/** How many files the header says the model has. */
function partCount({ metadata }: WalkedFile): number {
  const count = metadata.get('split.count');
  return typeof count === 'number' && count > 1 ? count : 1;
}

/** The first part's header, with the parameters and the bytes of all parts. `asked` is the part somebody named. */
async function walkParts(
  path: string,
  asked: string,
  options: ReadOptions,
): Promise<{ walked: WalkedFile; sizeBytes: number }> {
  const missing = (part: string): AppError =>
    new AppError('model-part-missing', 'Not all parts are there', { details: { part: basename(part) } });
  const first = await walkFile(path, options).catch((error: unknown) => {
    const gone = error instanceof AppError && error.code === 'model-file-missing';
    throw gone && path !== asked ? missing(path) : error;
  });
  const count = partCount(first.walked);
  if (count === 1) return first;
  // llama.cpp finds the others by name only: one that was renamed can't be opened.
  const parts = readPartName(path)?.count === count ? partPaths(path) : [path];
  if (parts.length === 1)
    throw missing(`${basename(path, '.gguf')}-00001-of-${String(count).padStart(5, '0')}.gguf`);
  let { sizeBytes } = first;
  let { parameterCount } = first.walked;
  for (const part of parts.slice(1)) {
    const next = await walkFile(part, options).catch((error: unknown) => {
      throw error instanceof AppError && error.code === 'model-file-missing' ? missing(part) : error;
    });
    sizeBytes += next.sizeBytes;
    parameterCount += next.walked.parameterCount;
  }
  return { walked: { ...first.walked, parameterCount }, sizeBytes };
}

async function walkFile(
  path: string,
  { headerOnly = false }: ReadOptions,
): Promise<{ walked: WalkedFile; sizeBytes: number }> {
  const sizeBytes = await sizeOfFile(path);
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new AppError('model-file-unreadable', 'The model file could not be opened', { cause });
  });
  try {
    const walked = await walk(file, sizeBytes, basename(path));
    if (headerOnly) return { walked, sizeBytes: Math.max(sizeBytes, walked.neededBytes) };
    if (walked.neededBytes > sizeBytes) throw incomplete(basename(path), sizeBytes, walked.neededBytes);
    return { walked, sizeBytes };
  } finally {
    await file.close();
  }
}

async function sizeOfFile(path: string): Promise<number> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT' || cause.code === 'ENOTDIR';
    const code = missing ? 'model-file-missing' : 'model-file-unreadable';
    throw new AppError(code, 'The model file could not be found', { cause });
  });
  // Opening a pipe or a device could wait for ever.
  if (!found.isFile()) throw new AppError('model-file-unreadable', 'Not a regular file');
  return found.size;
}

/** `neededBytes` is 0 when the header itself is cut off. */
function incomplete(file: string, fileSizeBytes: number, neededBytes: number): AppError {
  return new AppError('model-incomplete', 'The file ends before the model does', {
    details: { file, fileSizeBytes, neededBytes },
  });
}

async function walk(file: FileHandle, sizeBytes: number, name: string): Promise<WalkedFile> {
  try {
    return await walkGguf(file, sizeBytes);
  } catch (error) {
    if (error instanceof EndOfFile && sizeBytes >= 4 && (await startsAsGguf(file))) {
      throw incomplete(name, sizeBytes, 0);
    }
    if (error instanceof EndOfFile || error instanceof Absurd) {
      throw new AppError('model-not-gguf', 'Not a GGUF file, or damaged', { cause: error });
    }
    throw new AppError('model-file-unreadable', 'The model file could not be read', { cause: error });
  }
}

async function startsAsGguf(file: FileHandle): Promise<boolean> {
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
  return buffer.toString('latin1') === 'GGUF';
}

function toHeader(walked: WalkedFile, fileSizeBytes: number): ModelHeader {
  const { metadata } = walked;
  const text = (key: string, limit = MAX_NAME_CHARACTERS): string | null => {
    const value = metadata.get(key);
    return typeof value === 'string' && value !== '' ? value.slice(0, limit) : null;
  };
  const architecture = text('general.architecture');
  if (!architecture) throw new AppError('model-not-gguf', 'The header names no architecture');
  const count = (key: string): number | null => {
    const value = metadata.get(`${architecture}.${key}`);
    return typeof value === 'number' ? value : null;
  };
  return {
    architecture,
    name: text('general.name'),
    parameterCount: walked.parameterCount,
    quantization: null,
    contextLength: count('context_length'),
    layerCount: count('block_count'),
    chatTemplate: text('tokenizer.chat_template', MAX_TEMPLATE_CHARACTERS),
    licence: text('general.license'),
    fileSizeBytes,
  };
}

/** What every estimate needs, within what any model has. Errors: model-unsupported, model-not-gguf. */
function requireSane(header: ModelHeader, metadata: WalkedFile['metadata']): void {
  for (const [key, largest] of Object.entries(LARGEST_SANE)) {
    const value = metadata.get(`${header.architecture}.${key}`);
    if (value === undefined) {
      const details = { architecture: header.architecture };
      throw new AppError('model-unsupported', `The header lacks ${key}`, { details });
    }
    if (typeof value !== 'number' || value < 1 || value > largest) {
      throw new AppError('model-not-gguf', `The header says ${key} = ${value}`);
    }
  }
}

async function withQuantization(header: ModelHeader, walked: WalkedFile): Promise<ModelHeader> {
  const fileType = walked.metadata.get('general.file_type');
  const { GgufFileType } = await library();
  const name = typeof fileType === 'number' ? GgufFileType[fileType] : undefined;
  return { ...header, quantization: name?.replace(/^(MOSTLY|ALL)_/, '') ?? null };
}
