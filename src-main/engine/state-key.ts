// What must be the same for a saved context to be loadable: the file, the template, the library, and how the context
// is laid out, which its size, its precision, flash attention and the backend decide.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { ChatWrapper } from 'node-llama-cpp';
import type { EnginePlan } from '#contract/models.ts';
import { library } from './llama.ts';
import type { CheckedFile } from './read-header.ts';

const SAMPLE_BYTES = 65_536;
const SAMPLES = 16;
/** Raised when this program changes how it lays out a context. */
const LAYOUT = 3;

/** sha256 in hex. Reads a megabyte spread over the file, whatever its size. */
export async function stateKey(
  checked: CheckedFile,
  wrapper: ChatWrapper,
  plan: Pick<EnginePlan, 'backend' | 'contextSize' | 'kvCacheType' | 'flashAttention'>,
): Promise<string> {
  const { getModuleVersion } = await library();
  const hash = createHash('sha256');
  const { fileSizeBytes, chatTemplate } = checked.header;
  hash.update(
    JSON.stringify([
      LAYOUT,
      await getModuleVersion(),
      wrapper.wrapperName,
      chatTemplate,
      plan.contextSize,
      plan.kvCacheType,
      plan.flashAttention,
      plan.backend,
      fileSizeBytes,
    ]),
  );
  const file = await open(checked.path, 'r');
  try {
    hash.update(String((await file.stat()).mtimeMs));
    const sample = Buffer.alloc(SAMPLE_BYTES);
    for (let i = 0; i < SAMPLES; i++) {
      const position = Math.floor((Math.max(0, fileSizeBytes - SAMPLE_BYTES) * i) / (SAMPLES - 1));
      const { bytesRead } = await file.read(sample, 0, SAMPLE_BYTES, position);
      hash.update(sample.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}
