// An engine without a model that writes 100 tokens a second of Markdown: for what has to be watched, stopped or cut
// off on the page, and for figures of the page, which must not depend on how fast a model is. Asked for a hostile text
// by its name, it writes that one. Speaks the engine's contract like the real one.
import {
  engineContract,
  type EngineEvent,
  type EngineInfo,
  type GenerateInput,
  type Heartbeat,
  type LoadEvent,
  type MeasureEvent,
} from '#contract/engine.ts';
import type { EnginePlan } from '#contract/models.ts';
import { portToParent } from '#rpc/child-process-port.ts';
import { serve } from '#rpc/serve.ts';
import { HOSTILE } from './hostile-texts.ts';

const TOKEN_MS = 1000 / Number(process.env['LAPIDARY_PACED_TOKENS'] ?? 100);
const TOKENS = 1_200;
/** Hostile texts are as long as they are: each comes in this many pieces. */
const HOSTILE_PIECES = 400;
const SOURCE = `## A heading

Some **bold** words, a [link](https://example.org/), \`code\` and mathematics: $e^{i\\pi} + 1 = 0$.

| name | size | fits |
| ---- | ---- | ---- |
| one  | 1 GB | yes  |
| two  | 9 GB | no   |

\`\`\`ts
export function add(left: number, right: number): number {
  return left + right;
}
\`\`\`

1. first
2. second
3. third

`;

const port = portToParent();
if (!port) process.exit(2);
port.onClose(() => process.exit(0));
const header = {
  architecture: 'gemma',
  name: 'Paced',
  parameterCount: 1,
  quantization: null,
  contextLength: 8192,
  layerCount: 1,
  chatTemplate: null,
  licence: null,
  fileSizeBytes: 1,
};
const memory = { contextSize: 8192, weightsBytes: 1, contextBytes: 1, totalBytes: 2, freeBytes: 1e9 };
const plan: EnginePlan = {
  backend: 'cpu',
  contextSize: 8192,
  gpuLayers: null,
  kvCacheType: 'f16',
  flashAttention: true,
  threads: 1,
  memory,
};
const speed = {
  promptTokensPerSecond: 1000,
  generationTokensPerSecond: 1000 / TOKEN_MS,
  timeToFirstTokenMs: 10,
  peakMemoryBytes: 1e8,
};

serve(
  engineContract,
  {
    'engine.start': (): EngineInfo => ({ backend: 'cpu', gpuNames: [], physicalCores: 1 }),
    'engine.probe': () => ({
      backend: 'cpu' as const,
      gpuNames: [],
      totalMemoryBytes: 0,
      freeMemoryBytes: 0,
      unifiedMemoryBytes: 0,
      instructionSets: [],
    }),
    'engine.measureMemory': () => 1e10,
    'engine.heartbeat': (_input, signal) => heartbeat(signal),
    'engine.inspect': () => ({ header, memory }),
    'engine.plan': () => plan,
    'engine.load': load,
    'engine.unload': () => undefined,
    'engine.generate': generate,
    'engine.prepare': () => undefined,
    'engine.view': () => ({ text: '', tokens: 0, sizeTokens: 8192, firstVisibleTurn: 0 }),
    'engine.count': ({ texts }) => ({
      tokens: texts.map((text) => Math.ceil(text.length / 4)),
      roomTokens: 7_000,
      sizeTokens: 8192,
    }),
    'engine.measure': measure,
    'engine.saveState': () => null,
  },
  port,
);

async function* heartbeat(signal: AbortSignal): AsyncGenerator<Heartbeat, void, void> {
  while (!signal.aborted) {
    yield { memoryBytes: process.memoryUsage.rss(), threads: 1 };
    await pause(250);
  }
}

async function* load(): AsyncGenerator<LoadEvent, void, void> {
  yield {
    type: 'loaded',
    model: { ...plan, header, stateKey: 'paced', chatWrapper: 'none', canThink: false },
  };
}

async function* measure(): AsyncGenerator<MeasureEvent, void, void> {
  yield { type: 'measured', ...speed };
}

/** What is written next, piece by piece. */
function* piecesFor({ turns }: GenerateInput): Generator<string, void, void> {
  const asked = turns.at(-1)?.text ?? '';
  const hostile = Object.keys(HOSTILE).find((name) => asked.includes(name));
  const text = hostile && HOSTILE[hostile]?.();
  if (text) {
    const size = Math.ceil(text.length / HOSTILE_PIECES);
    for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
    return;
  }
  const tokens = SOURCE.match(/\s*\S{1,5}|\s+$/g) ?? [];
  for (let index = 0; index < TOKENS; index++) yield tokens[index % tokens.length] ?? '';
}

/** Batches as the real engine does: what came within about 20 ms goes out together. */
async function* generate(input: GenerateInput, signal: AbortSignal): AsyncGenerator<EngineEvent, void, void> {
  yield { type: 'context', firstVisibleTurn: 0, usedTokens: 100, sizeTokens: 8192 };
  const pieces = [...piecesFor(input)];
  const start = performance.now();
  for (let sent = 0; sent < pieces.length && !signal.aborted;) {
    await pause(20);
    const due = Math.min(pieces.length, Math.floor((performance.now() - start) / TOKEN_MS));
    const text = pieces.slice(sent, due).join('');
    sent = Math.max(sent, due);
    if (text) yield { type: 'text', text };
  }
  const generationMs = performance.now() - start;
  yield {
    type: 'done',
    reason: 'end',
    promptTokens: 100,
    reusedTokens: 0,
    answerTokens: pieces.length,
    timeToFirstTokenMs: 10,
    generationMs,
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
