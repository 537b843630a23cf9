// The engine process alone, as the host starts it, without services and database.
import type { EngineContract, EngineEvent } from '#contract/engine.ts';
import { createClient } from '#rpc/client.ts';
import { createTestHost } from '../support/node-host.ts';
import type { BareRequest } from './bare-loop.ts';

type Done = Extract<EngineEvent, { type: 'done' }>;

export interface EngineUnderTest {
  /** Stops a little after `limitMs`; the rate counts what came until then. */
  tokensPerSecond(request: BareRequest): Promise<number>;
  stop(): void;
}

/** Loads the model with as many threads as the engine itself finds best. */
export async function startEngine(model: string, contextSize: number): Promise<EngineUnderTest> {
  const service = createTestHost().startEngine({});
  const client = createClient<EngineContract>(service.port, 'engine-stopped');
  await client.call('engine.start', undefined);
  for await (const event of client.stream('engine.load', { path: model, contextSize, threads: null }))
    void event;
  return {
    async tokensPerSecond({ text, maxTokens, temperature }) {
      const sampling = { temperature, topK: 64, topP: 0.95, minP: null, repeatPenalty: null, seed: 1 };
      const input = {
        systemPrompt: '',
        turns: [{ role: 'user' as const, text }],
        sampling,
        maxTokens,
        restore: null,
      };
      let done: Done | null = null;
      for await (const event of client.stream('engine.generate', input))
        if (event.type === 'done') done = event;
      if (!done) throw new Error('The engine gave no answer');
      return ((done.answerTokens - 1) / done.generationMs) * 1000;
    },
    stop: () => service.kill(),
  };
}
