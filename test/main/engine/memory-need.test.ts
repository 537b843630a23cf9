// The memory told before loading, on machines that are made up: the free memory and what the processor can do.
import type { Llama } from 'node-llama-cpp';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AUTOMATIC, memoryNeed, requireMemory } from '../../../src-main/engine/memory-need.ts';
import { readHeader } from '../../../src-main/engine/read-header.ts';
import { TINY_MODEL } from '../../support/gguf-files.ts';

const PLENTY = 64 * 1024 ** 3;
const USUAL_PC = 'CPU : AVX = 1 | AVX2 = 1 | FMA = 1 | ';
const WITH_AMX = `${USUAL_PC}AMX_INT8 = 1 | `;
const VOCABULARY = 2560;
const WIDTH = 192;

let free = PLENTY;
vi.mock('node:os', async (original) => ({ ...(await original<object>()), freemem: () => free }));

beforeEach(() => {
  vi.spyOn(process, 'availableMemory').mockImplementation(() => free);
});
afterEach(() => {
  free = PLENTY;
  vi.restoreAllMocks();
});

/** As much of the library's as an estimate asks for. */
function machine(systemInfo: string, gpu: 'vulkan' | false = false): Llama {
  const bindings = {
    getIsArchRecurrent: () => false,
    getIsArchHybrid: () => false,
    getTypeSizeForGgmlType: () => 1,
    getBlockSizeForGgmlType: () => 1,
  };
  const graphics = { total: PLENTY, free: PLENTY, used: 0, unifiedSize: 0 };
  const memory = { getVramState: async () => graphics, getRamState: async () => ({ free }) };
  const library = { _bindings: bindings, _consts: { ggmlMaxDims: 4 } };
  return { gpu, systemInfo, ...memory, ...library } as unknown as Llama;
}

const checked = await readHeader(TINY_MODEL);

function need(llama: Llama, options = {}) {
  return memoryNeed(llama, checked, { ...AUTOMATIC, contextSize: 2048, ...options });
}

// Catches a person who is told to buy memory when all they wanted was a larger context for the model that runs.
it('a model for which there is no second place is granted where unloading the first makes room', async () => {
  const { totalBytes } = await need(machine(USUAL_PC));
  free = totalBytes / 2;
  const refused = await need(machine(USUAL_PC));
  expect(() => requireMemory(refused)).toThrow(expect.objectContaining({ code: 'model-too-large' }));
  const granted = await need(machine(USUAL_PC), { reclaimableBytes: totalBytes });
  expect(() => requireMemory(granted)).not.toThrow();
});

it('counts a second table of words only where this processor lays out its own', async () => {
  const [usual, amx] = await Promise.all([need(machine(USUAL_PC)), need(machine(WITH_AMX))]);
  expect(amx.weightsBytes - usual.weightsBytes).toBe((VOCABULARY * WIDTH * 34) / 32);
});

it('counts graphics memory as taken whole, unless no layer goes there', async () => {
  const [main, graphics] = await Promise.all([need(machine(WITH_AMX)), need(machine(WITH_AMX, 'vulkan'))]);
  expect(graphics.contextBytes - main.contextBytes).toBeGreaterThan(1e6);
  expect(graphics.freeBytes - main.freeBytes).toBe(PLENTY);
  const none = await need(machine(WITH_AMX, 'vulkan'), { gpuLayers: 0 });
  expect(none.contextBytes).toBe(main.contextBytes);
});
