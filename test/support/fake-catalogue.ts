// A made-up catalogue: the families of Gemma with every verdict, on a machine with 11 GB of free memory.
import type { Catalogue, CatalogueEntry, Fit, Purpose } from '#contract/catalogue.ts';
import type { Machine } from '#contract/hardware.ts';

const GB = 1024 ** 3;
const BILLION = 1e9;
const FREE = 11 * GB;
const FREE_GPU = 5.5 * GB;
const REVISION = '0123456789abcdef0123456789abcdef01234567';
const GEMMA_3_LANGUAGES = ['multilingual'];

type Verdict = Fit['verdict'];
/** Name, quantization, gigabytes, billions of parameters (all, active), verdict, words on the model. */
type Row = [string, string, number, [number, number], Verdict, Partial<CatalogueEntry>];

const four: Partial<CatalogueEntry> = {
  family: 'gemma-4',
  licence: 'apache-2.0',
  thinking: true,
  contextLength: 131_072,
  releasedAt: '2026-04-02',
};
const three: Partial<CatalogueEntry> = { family: 'gemma-3', releasedAt: '2025-03-12', gated: true };
const nano: Partial<CatalogueEntry> = { family: 'gemma-3n', contextLength: 32_768, releasedAt: '2025-06-26' };
const old: Partial<CatalogueEntry> = { contextLength: 8192, languages: ['en'], gated: true };
const finder: Partial<CatalogueEntry> = {
  family: 'embeddinggemma',
  purposes: ['retrieval'],
  contextLength: 2048,
};
const long: Purpose[] = ['chat', 'reading', 'writing'];

const rows: Row[] = [
  ['Gemma 4 E2B', 'Q4_0', 2.9, [5.1, 2.3], 'gpu', { ...four, fidelity: 4 }],
  ['Gemma 4 E2B', 'Q8_0', 4.6, [5.1, 2.3], 'partly-gpu', { ...four, fidelity: 5 }],
  ['Gemma 4 E4B', 'UD-Q4_K_XL', 4.2, [8, 4.5], 'gpu', { ...four, purposes: long, fidelity: 4 }],
  ['Gemma 4 E4B', 'Q4_K_M', 5, [8, 4.5], 'cpu', { ...four, purposes: long, fidelity: 3 }],
  ['Gemma 4 E4B', 'Q8_0', 7.5, [8, 4.5], 'cpu', { ...four, purposes: long, fidelity: 5 }],
  ['Gemma 4 12B', 'UD-Q4_K_XL', 6.7, [12, 12], 'cpu', { ...four, contextLength: 262_144, purposes: long }],
  ['Gemma 4 12B', 'Q8_0', 12.7, [12, 12], 'too-large', { ...four, contextLength: 262_144, fidelity: 5 }],
  ['Gemma 4 26B A4B', 'UD-Q4_K_XL', 14.2, [25.2, 3.8], 'too-large', { ...four, purposes: long }],
  ['Gemma 4 26B A4B', 'Q8_0', 25, [25.2, 3.8], 'too-large', { ...four, purposes: long, fidelity: 5 }],
  ['Gemma 4 31B', 'UD-Q4_K_XL', 17.3, [30.7, 30.7], 'too-large', { ...four, contextLength: 262_144 }],
  ['Gemma 3 270M', 'Q4_0', 0.23, [0.27, 0.27], 'gpu', { ...three, languages: ['en'], contextLength: 32_768 }],
  ['Gemma 3 1B', 'Q4_K_M', 0.77, [1, 1], 'gpu', { ...three, languages: ['en'], contextLength: 32_768 }],
  ['Gemma 3 4B', 'Q4_0', 2.4, [4.3, 4.3], 'gpu', { ...three, contextLength: 131_072, purposes: long }],
  ['Gemma 3 4B', 'Q2_K', 1.6, [4.3, 4.3], 'gpu', { ...three, contextLength: 131_072, fidelity: 1 }],
  ['Gemma 3 12B', 'Q4_0', 6.6, [12, 12], 'cpu', { ...three, contextLength: 131_072 }],
  ['Gemma 3 27B', 'Q4_0', 14.8, [27, 27], 'too-large', { ...three, contextLength: 131_072 }],
  ['Gemma 3n E2B', 'Q8_0', 4.5, [5, 2], 'partly-gpu', { ...nano, fidelity: 5 }],
  ['Gemma 3n E4B', 'Q8_0', 6.8, [7.8, 4], 'cpu', { ...nano, fidelity: 5 }],
  ['Gemma 2 2B', 'Q4_K_M', 1.6, [2.6, 2.6], 'gpu', { ...old, family: 'gemma-2', releasedAt: '2024-06-27' }],
  ['Gemma 2 9B', 'Q4_K_M', 5.4, [9.2, 9.2], 'cpu', { ...old, family: 'gemma-2', releasedAt: '2024-06-27' }],
  [
    'Gemma 2B',
    'Q8_0',
    2.5,
    [2.5, 2.5],
    'gpu',
    { ...old, family: 'gemma-1', releasedAt: '2024-02-21', fidelity: 5 },
  ],
  ['EmbeddingGemma 300M', 'Q8_0', 0.31, [0.31, 0.31], 'gpu', { ...finder, releasedAt: '2025-09-04' }],
  [
    'EmbeddingGemma 2',
    'BF16',
    1.4,
    [0.74, 0.74],
    'gpu',
    { ...finder, licence: 'apache-2.0', releasedAt: '2026-10-01' },
  ],
];

export const catalogueEntries: CatalogueEntry[] = rows.map(entry);

/** `count` rows, each a model of its own, for looking at a long list. */
export function manyEntries(count: number): CatalogueEntry[] {
  return Array.from({ length: count }, (_, index) => {
    const base = catalogueEntries[index % catalogueEntries.length] as CatalogueEntry;
    return { ...base, id: `${base.id}-${index}`, name: `${base.name} ${index}` };
  });
}

/** The whole catalogue as the host would send it for one purpose. */
export function catalogueFor(purpose: Purpose, entries = catalogueEntries): Catalogue {
  const id = purpose === 'retrieval' ? 'embeddinggemma-2-bf16' : 'gemma-4-e4b-ud-q4_k_xl';
  const recommended = entries.some((each) => each.id === id)
    ? { id, reason: 'best-that-fits' as const }
    : null;
  return { entries, recommended, contextSize: purpose === 'reading' ? 32_768 : 8192 };
}

/** As before the machine is known. */
export function unjudged(entries: readonly CatalogueEntry[]): CatalogueEntry[] {
  return entries.map((each) => ({
    ...each,
    fit: { ...each.fit, verdict: 'unknown', gpuLayers: null, freeGpuBytes: null },
    speed: null,
  }));
}

export const machine: Machine = {
  processor: 'AMD Ryzen 7 5800U',
  architecture: 'x64',
  physicalCores: 8,
  logicalCores: 16,
  instructionSets: ['AVX2'],
  totalMemoryBytes: 16 * GB,
  freeMemoryBytes: FREE,
  unifiedMemory: false,
  backends: [
    {
      backend: 'cuda',
      state: 'working',
      missing: null,
      problem: null,
      gpus: [
        {
          name: 'NVIDIA GeForce RTX 3050',
          index: 0,
          totalMemoryBytes: 6 * GB,
          freeMemoryBytes: FREE_GPU,
          excluded: false,
          integrated: false,
          spare: false,
        },
      ],
      detectionMs: 640,
    },
    {
      backend: 'vulkan',
      state: 'missing',
      missing: 'vulkan-loader',
      problem: null,
      gpus: [],
      detectionMs: 12,
    },
    { backend: 'cpu', state: 'working', missing: null, problem: null, gpus: [], detectionMs: 90 },
  ],
  best: 'cuda',
  state: 'detected',
  detectedAt: Date.UTC(2026, 4, 3, 12),
  memoryBandwidth: 38e9,
};

function entry([name, quantization, gigabytes, [all, active], verdict, more]: Row): CatalogueEntry {
  const slug = name.toLowerCase().replaceAll(' ', '-');
  const sizeBytes = Math.round(gigabytes * GB);
  return {
    id: `${slug}-${quantization.toLowerCase()}`,
    family: 'gemma-3',
    name,
    source: {
      repository: `example/${slug}-GGUF`,
      revision: REVISION,
      files: [{ path: `${slug}-${quantization}.gguf`, sizeBytes, sha256: null }],
    },
    sizeBytes,
    sizeEstimated: false,
    quantization,
    parameterCount: all * BILLION,
    activeParameterCount: active * BILLION,
    contextLength: 32_768,
    languages: GEMMA_3_LANGUAGES,
    thinking: false,
    purposes: ['chat', 'writing'],
    licence: 'gemma-terms',
    gated: false,
    fidelity: 4,
    releasedAt: '2025-03-12',
    fit: judge(sizeBytes, verdict),
    speed: {
      tokensPerSecond: 52 / active,
      source: name === 'Gemma 4 E2B' ? 'measured' : 'estimated',
      backend: 'cuda',
    },
    modelId: null,
    downloadId: null,
    ...more,
  };
}

function judge(weightsBytes: number, verdict: Verdict): Fit {
  const contextBytes = weightsBytes * 0.18 + 0.3 * GB;
  const layers = { gpu: 35, 'partly-gpu': 22, cpu: 0, 'too-large': 0, unknown: 0 }[verdict];
  return {
    verdict,
    need: {
      contextSize: 8192,
      weightsBytes,
      contextBytes,
      totalBytes: weightsBytes + contextBytes + 0.15 * GB,
      freeBytes: FREE,
    },
    gpuLayers: layers > 0 ? { used: layers, total: 35 } : null,
    freeGpuBytes: FREE_GPU,
    fitsWhenFree: verdict !== 'too-large' || weightsBytes < 13 * GB,
  };
}
