// Speeds that are claimed before anything was downloaded: better none than a made-up one.
import { describe, expect, it } from 'vitest';
import type { Fit } from '#contract/catalogue.ts';
import type { Model, SpeedResult } from '#contract/models.ts';
import { speedOf, testedSpeeds } from '../../../../src-main/services/catalogue/estimate-speed.ts';
import type { MemoryRoom } from '../../../../src-main/services/catalogue/memory-room.ts';
import { ownModel } from '../../../support/fake-data.ts';

const GB = 1e9;
/** Half of it works on each token. */
const sparse = { sizeBytes: 8 * GB, parameterCount: 16e9, activeParameterCount: 8e9 };
const main = { freeBytes: 16 * GB, totalBytes: 16 * GB };

function room(more: Partial<MemoryRoom> = {}): MemoryRoom {
  return { backend: 'cpu', main, gpu: null, unified: false, ...more };
}

function fitted(verdict: Fit['verdict'], gpuLayers: Fit['gpuLayers'] = null): Fit {
  const need = { contextSize: 8192, weightsBytes: 1, contextBytes: 1, totalBytes: 2, freeBytes: 9 };
  return { verdict, need, gpuLayers, freeGpuBytes: null, fitsWhenFree: true };
}

function tested(backend: SpeedResult['backend'], generationTokensPerSecond: number): Model {
  const result: SpeedResult = {
    backend,
    generationTokensPerSecond,
    promptTokensPerSecond: 1,
    timeToFirstTokenMs: 1,
    peakMemoryBytes: 1,
    contextSize: 2048,
    measuredAt: 1,
  };
  return { ...ownModel, speeds: [result] };
}

const unmeasured = { memory: 40 * GB, tested: {} };

describe('on the processor', () => {
  it('reads the active weights once for each token: catches a mixture of experts told as slow as it is large', () => {
    const speed = speedOf(sparse, fitted('cpu'), { room: room(), speeds: unmeasured, installed: null });
    expect(speed).toEqual({ tokensPerSecond: 8, source: 'estimated', backend: 'cpu' });
  });

  it('claims nothing while the memory was not measured, or for what does not run', () => {
    const speeds = { memory: null, tested: {} };
    const context = { room: room(), speeds, installed: null };
    expect(speedOf(sparse, fitted('cpu'), context)).toBeNull();
    for (const verdict of ['too-large', 'unknown'] as const) {
      expect(speedOf(sparse, fitted(verdict), { ...context, speeds: unmeasured })).toBeNull();
    }
    const nobody = { ...context, room: room({ backend: null }) };
    expect(speedOf(sparse, fitted('unknown'), nobody)).toBeNull();
  });

  it('says processor where a graphics processor has no room for it', () => {
    const context = { room: room({ backend: 'vulkan', gpu: main }), speeds: unmeasured, installed: null };
    expect(speedOf(sparse, fitted('cpu'), context)?.backend).toBe('cpu');
  });
});

describe('on a graphics processor', () => {
  const vulkan = { room: room({ backend: 'vulkan', gpu: main }), installed: null };

  it('claims nothing where its memory was never measured', () => {
    expect(speedOf(sparse, fitted('gpu'), { ...vulkan, speeds: unmeasured })).toBeNull();
  });

  it('goes by what a speed test of another model came to', () => {
    const speeds = { memory: 40 * GB, tested: { vulkan: 200 * GB } };
    expect(speedOf(sparse, fitted('gpu'), { ...vulkan, speeds })).toMatchObject({
      tokensPerSecond: 50,
      backend: 'vulkan',
      source: 'estimated',
    });
    // Half there, half on the processor.
    const partly = fitted('partly-gpu', { used: 20, total: 40 });
    expect(speedOf(sparse, partly, { ...vulkan, speeds })?.tokensPerSecond).toBeCloseTo(1 / (0.01 + 0.0625));
  });

  it('takes it to be no faster than the processor for the layers it gets, until it is measured', () => {
    const partly = fitted('partly-gpu', { used: 20, total: 40 });
    expect(speedOf(sparse, partly, { ...vulkan, speeds: unmeasured })?.tokensPerSecond).toBeCloseTo(8);
  });

  it('knows the memory of one that shares it with the processor', () => {
    const metal = { room: room({ backend: 'metal', gpu: main, unified: true }), installed: null };
    expect(speedOf(sparse, fitted('gpu'), { ...metal, speeds: unmeasured })?.tokensPerSecond).toBeCloseTo(8);
  });
});

describe('what was measured', () => {
  it('stands before every estimate, on the backend that is used', () => {
    const installed = tested('cpu', 12.5);
    const context = { room: room(), speeds: unmeasured, installed };
    expect(speedOf(sparse, fitted('cpu'), context)).toEqual({
      tokensPerSecond: 12.5,
      source: 'measured',
      backend: 'cpu',
    });
    const elsewhere = { ...context, room: room({ backend: 'vulkan', gpu: main }) };
    expect(speedOf(sparse, fitted('cpu'), elsewhere)?.source).toBe('estimated');
  });

  it('teaches about other models, except of tiny ones: catches speeds of a toy taken for the memory', () => {
    const tiny = { ...sparse, sizeBytes: 3_000_000 };
    expect(
      testedSpeeds([
        { model: tested('cpu', 5), entry: sparse },
        { model: tested('cpu', 6), entry: sparse },
        { model: tested('vulkan', 50), entry: sparse },
        { model: tested('cpu', 1400), entry: tiny },
      ]),
    ).toEqual({ cpu: 24 * GB, vulkan: 200 * GB });
  });
});
