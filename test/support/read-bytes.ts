// Reads bytes as a document, in this process: for what parsers make of a file.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppError, ErrorCode } from '#contract/errors.ts';
import { readLimits, type ReadBlock, type ReadDocument, type ReadLimits } from '#contract/reader.ts';
import { readDocument } from '../../src-main/reader/read-document.ts';

interface Asked {
  password?: string;
  limits?: Partial<ReadLimits>;
}

export async function readBytes(
  data: string | Uint8Array,
  name: string,
  { password, limits = {} }: Asked = {},
): Promise<ReadDocument> {
  const folder = await mkdtemp(join(tmpdir(), 'lapidary-read-'));
  const path = join(folder, 'file');
  await writeFile(path, data);
  const blocks: ReadBlock[] = [];
  try {
    const file = { path, name, ...(password !== undefined && { password }) };
    for await (const step of readDocument(file, { ...readLimits.parse({}), ...limits })) {
      if (step.type === 'end') return { ...step.summary, blocks };
      blocks.push(...step.blocks);
    }
    throw new Error('A document without an end');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The error's code, or 'read' when there was none. */
export async function outcome(
  data: string | Uint8Array,
  name: string,
  asked: Asked = {},
): Promise<ErrorCode | 'read'> {
  return readBytes(data, name, asked).then(
    () => 'read' as const,
    (error: AppError) => error.code,
  );
}

/** Blocks as short lines: 'heading 1: …'. */
export function outlineOf({ blocks }: Pick<ReadDocument, 'blocks'>): string[] {
  return blocks.map(({ kind, level, text }) => `${kind}${level === null ? '' : ` ${level}`}: ${text}`);
}
