// What an engine process really took: the most that was ever resident, from its start until its context was full. That
// is what must be free for a conversation to run to its end; the moment after loading would be too little.
import { readFileSync } from 'node:fs';
import type { EngineContract, LoadedModel, LoadInput } from '#contract/engine.ts';
import { createClient } from '#rpc/client.ts';
import { createTestHost } from '../support/node-host.ts';

/** Share of the context that the prompt fills; the rest is left to template and answer. */
const FILLED = 0.9;
const SENTENCE = 'The harbour of the town lies in the north and the ships come in on Tuesday. ';
const SENTENCE_TOKENS = 27;

export type MemoryCase = Pick<LoadInput, 'path'> & { contextSize: number } & Partial<LoadInput>;

const AUTOMATIC = { threads: null, gpuLayers: null, kvCacheType: null, flashAttention: null };

export interface Measured {
  estimatedBytes: number;
  peakBytes: number;
}

/** Loads and uses the model in an engine process of its own, which ends afterwards. */
export async function measureMemory(settings: MemoryCase): Promise<Measured> {
  const service = createTestHost().startEngine({});
  try {
    const client = createClient<EngineContract>(service.port, 'engine-stopped');
    await client.call('engine.start', undefined);
    let loaded: LoadedModel | null = null;
    for await (const event of client.stream('engine.load', { ...AUTOMATIC, ...settings }))
      if (event.type === 'loaded') loaded = event.model;
    if (!loaded) throw new Error('Not loaded');
    const text = SENTENCE.repeat(Math.floor((settings.contextSize * FILLED) / SENTENCE_TOKENS));
    const sampling = { temperature: 0, topK: 1, topP: 1, minP: null, repeatPenalty: null, seed: 1 };
    for await (const event of client.stream('engine.generate', {
      systemPrompt: '',
      turns: [{ role: 'user', text }],
      sampling,
      maxTokens: 8,
      restore: null,
    }))
      void event;
    return { estimatedBytes: loaded.memory.totalBytes, peakBytes: peakBytes(service.pid) };
  } finally {
    service.kill();
  }
}

/** VmHWM: the kernel's own record, which no sampling can miss. */
function peakBytes(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}
