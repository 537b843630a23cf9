// What a model file says about itself. The file is untrusted: it is checked by our own bounded walk first, and
// everything that can be wrong with it has an error of its own.
import { open, stat, type FileHandle } from 'node:fs/promises';
import type { GgufFileInfo } from 'node-llama-cpp';
import { AppError } from '#contract/errors.ts';
import type { ModelHeader } from '#contract/models.ts';
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

/**
 * Checks a model file and reads its header. Errors: model-file-missing, model-file-unreadable, model-not-gguf,
 * model-incomplete, model-unsupported.
 */
export async function readHeader(path: string): Promise<CheckedFile> {
  const sizeBytes = await sizeOfFile(path);
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new AppError('model-file-unreadable', 'The model file could not be opened', { cause });
  });
  try {
    const walked = await walk(file, sizeBytes);
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
    });
    return { path, header: await withQuantization(header, walked), info };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('model-not-gguf', 'The header could not be understood', { cause: error });
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

async function walk(file: FileHandle, sizeBytes: number): Promise<WalkedFile> {
  const incomplete = (neededBytes: number): AppError =>
    new AppError('model-incomplete', 'The file ends before the model does', {
      details: { fileSizeBytes: sizeBytes, neededBytes },
    });
  try {
    const walked = await walkGguf(file, sizeBytes);
    if (walked.neededBytes > sizeBytes) throw incomplete(walked.neededBytes);
    return walked;
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (error instanceof EndOfFile && sizeBytes >= 4 && (await startsAsGguf(file))) throw incomplete(0);
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
