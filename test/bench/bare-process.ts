// The baseline: node-llama-cpp and nothing else, in a process of its own with a fixed number of threads.
import { getLlama, LlamaChatSession, LlamaLogLevel, type LlamaContextSequence } from 'node-llama-cpp';
import type { BareReply, BareRequest, BareSetup } from './bare-loop.ts';

const { model: modelPath, threads, contextSize } = JSON.parse(process.argv[2] ?? '') as BareSetup;
const llama = await getLlama({
  gpu: false,
  build: 'never',
  maxThreads: threads,
  logLevel: LlamaLogLevel.error,
});
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize, threads });
const sequence = context.getSequence();

process.on('message', (request: BareRequest) => {
  void answer(sequence, request).then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

async function answer(on: LlamaContextSequence, request: BareRequest): Promise<BareReply> {
  await on.clearHistory();
  const session = new LlamaChatSession({ contextSequence: on });
  const limit = new AbortController();
  const start = performance.now();
  let firstAt = 0;
  let lastAt = 0;
  let tokens = 0;
  await session.prompt(request.text, {
    maxTokens: request.maxTokens,
    temperature: request.temperature,
    topK: 64,
    topP: 0.95,
    seed: 1,
    repeatPenalty: false,
    signal: limit.signal,
    stopOnAbortSignal: true,
    onToken(chunk) {
      lastAt = performance.now();
      firstAt ||= lastAt;
      tokens += chunk.length;
      if (lastAt - start > request.limitMs) limit.abort();
    },
  });
  session.dispose({ disposeSequence: false });
  return { tokens, firstTokenMs: firstAt - start, generationMs: lastAt - firstAt };
}
