// How many layers go to a graphics processor, over an estimate that is made up: no machine is at hand for each case.
import { InsufficientMemoryError, type GgufInsights, type Llama } from 'node-llama-cpp';
import { expect, it } from 'vitest';
import { planGpuLayers } from '../../../src-main/engine/gpu-layers.ts';

const GB = 1024 ** 3;
const DECIDED = { contextSize: 4096, kvCacheType: 'f16', flashAttention: true, gpuLayers: null } as const;
const TOTAL_LAYERS = 27;
const LAYER_BYTES = GB / 4;

interface Memory {
  total: number;
  free: number;
  unifiedSize: number;
}

/** As the library's: layers take what they take, and less than one layer of space is an error. */
function begin(free: number, reclaimable = 0): ReturnType<typeof planGpuLayers> {
  const memory: Memory = { total: 8 * GB, free, unifiedSize: 0 };
  const llama = { gpu: 'vulkan', vramPaddingSize: GB / 4, getVramState: async () => memory };
  const resolveModelGpuLayersV2 = async (
    { max = TOTAL_LAYERS }: { max?: number },
    { getVramState }: { getVramState: () => Promise<Memory> },
  ) => {
    const fitting = Math.floor((await getVramState()).free / LAYER_BYTES);
    if (fitting < 1) throw new InsufficientMemoryError('Not enough VRAM');
    return { gpuLayers: Math.min(max, TOTAL_LAYERS, fitting) };
  };
  const insights = { totalLayers: TOTAL_LAYERS, configurationResolver: { resolveModelGpuLayersV2 } };
  return planGpuLayers(llama as unknown as Llama, insights as unknown as GgufInsights, {
    ...DECIDED,
    reclaimableGraphicsBytes: reclaimable,
    swaFullCache: false,
  });
}

it('as many as fit beside what the library keeps free', async () => {
  expect(await begin(3 * GB)).toEqual({ used: 11, total: TOTAL_LAYERS });
  expect(await begin(8 * GB)).toEqual({ used: TOTAL_LAYERS, total: TOTAL_LAYERS });
});

// Catches "none of 27 fit" in the settings of the very model that fills the graphics processor.
it('counts what unloading the present model gives back, up to what there is', async () => {
  expect(await begin(GB / 2, 6 * GB)).toEqual({ used: 25, total: TOTAL_LAYERS });
  expect(await begin(GB / 2, 600 * GB)).toEqual({ used: TOTAL_LAYERS, total: TOTAL_LAYERS });
});

// Catches "something unexpected" where a game has taken all graphics memory.
it('too little for even one is memory that lacks', async () => {
  await expect(begin(GB / 8)).rejects.toMatchObject({ code: 'model-too-large' });
});
