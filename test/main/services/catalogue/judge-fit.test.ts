// Verdicts on made-up machines. Wrong ones are what people complain about most: a download that turns out not to run,
// or a good model that is never offered.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Gpu, Machine } from '#contract/hardware.ts';
import { judgeFit, type Need } from '../../../../src-main/services/catalogue/judge-fit.ts';
import { roomOn } from '../../../../src-main/services/catalogue/memory-room.ts';
import { machine } from '../../../support/fake-catalogue.ts';
import { gpuOf, reportOf } from '../../../support/fake-machines.ts';

const GB = 1024 ** 3;

function needs(totalBytes: number): Need {
  const contextBytes = totalBytes * 0.1;
  return { contextSize: 8192, weightsBytes: totalBytes * 0.85, contextBytes, totalBytes };
}

/** 16 GB with 11 free, and these graphics processors through Vulkan. */
function machineWith(gpus: Gpu[], more: Partial<Machine> = {}): Machine {
  const vulkan = gpus.length > 0 ? [reportOf({ backend: 'vulkan', gpus })] : [];
  return { ...machine, backends: [...vulkan, reportOf({ backend: 'cpu' })], best: 'vulkan', ...more };
}

const small = gpuOf({ name: 'Six', totalMemoryBytes: 6 * GB, freeMemoryBytes: 5.5 * GB });
const shared = gpuOf({
  name: 'Shared',
  integrated: true,
  totalMemoryBytes: 12 * GB,
  freeMemoryBytes: 12 * GB,
});

describe('on a machine with a graphics processor', () => {
  const room = roomOn(machineWith([small]), 'vulkan');

  it('puts the whole model on it when it fits with room to spare', () => {
    const fit = judgeFit(needs(5 * GB), 34, room);
    expect(fit).toMatchObject({ verdict: 'gpu', gpuLayers: { used: 35, total: 35 }, fitsWhenFree: true });
  });

  it('leaves the part of its memory alone that the library leaves alone: catches a verdict loading breaks', () => {
    expect(judgeFit(needs(5.3 * GB), 34, room).verdict).toBe('partly-gpu');
  });

  it('splits a larger one by layers, and tells all numbers behind', () => {
    const fit = judgeFit(needs(10 * GB), 34, room);
    expect(fit.verdict).toBe('partly-gpu');
    expect(fit.gpuLayers).toEqual({ used: 18, total: 35 });
    expect(fit.need).toMatchObject({ totalBytes: 10 * GB, freeBytes: 11 * GB });
    expect(fit.freeGpuBytes).toBeCloseTo(5.14 * GB, -8);
  });

  it('counts both memories for what fits in neither alone', () => {
    expect(judgeFit(needs(14 * GB), 34, room).verdict).toBe('partly-gpu');
    expect(judgeFit(needs(18 * GB), 34, room)).toMatchObject({ verdict: 'too-large', fitsWhenFree: true });
    expect(judgeFit(needs(30 * GB), 34, room)).toMatchObject({ verdict: 'too-large', fitsWhenFree: false });
  });

  it('splits nothing whose layers nobody knows', () => {
    expect(judgeFit(needs(10 * GB), null, room)).toMatchObject({ verdict: 'cpu', gpuLayers: null });
    expect(judgeFit(needs(5 * GB), null, room)).toMatchObject({ verdict: 'gpu', gpuLayers: null });
  });

  it('counts none that is excluded or spare: catches memory that loading will not use', () => {
    const excluded = { ...small, name: 'Other', excluded: true };
    const spare = { ...shared, spare: true };
    expect(roomOn(machineWith([small, excluded, spare]), 'vulkan').gpu).toEqual(room.gpu);
    expect(roomOn(machineWith([excluded, spare]), 'vulkan').gpu).toBeNull();
    expect(roomOn(machineWith([small, { ...small, name: 'Two' }]), 'vulkan').gpu?.freeBytes).toBeCloseTo(
      2 * (room.gpu?.freeBytes ?? 0),
    );
  });

  it('counts none of a backend that does not run', () => {
    const failed = [
      reportOf({ backend: 'vulkan', state: 'failed', gpus: [small] }),
      reportOf({ backend: 'cpu' }),
    ];
    expect(roomOn(machineWith([], { backends: failed }), 'vulkan').gpu).toBeNull();
    expect(roomOn(machineWith([small]), 'cpu').gpu).toBeNull();
  });
});

describe('where the graphics processor shares the main memory', () => {
  const room = roomOn(machineWith([shared], { unifiedMemory: true }), 'vulkan');

  it('counts it once: catches 23 GB on a machine of 16', () => {
    expect(judgeFit(needs(9 * GB), 34, room)).toMatchObject({ verdict: 'gpu' });
    expect(judgeFit(needs(12 * GB), 34, room)).toMatchObject({ verdict: 'too-large', fitsWhenFree: true });
    expect(judgeFit(needs(15 * GB), 34, room)).toMatchObject({ verdict: 'too-large', fitsWhenFree: false });
  });

  it('leaves to the processor what the graphics processor may not take, without adding up', () => {
    const few = roomOn(machineWith([{ ...shared, totalMemoryBytes: 8 * GB }]), 'vulkan');
    const fit = judgeFit(needs(10 * GB), 34, few);
    expect(fit).toMatchObject({ verdict: 'partly-gpu', freeGpuBytes: null });
    expect(fit.gpuLayers?.used).toBeLessThan(35);
  });

  it('goes by what is free now, not by what was at the detection', () => {
    const full = roomOn(machineWith([shared], { freeMemoryBytes: 3 * GB }), 'vulkan');
    expect(judgeFit(needs(5 * GB), 34, full).verdict).toBe('too-large');
  });
});

describe('on the processor', () => {
  const room = roomOn(machineWith([], { best: 'cpu' }), 'cpu');

  it('fits, fits when programs are closed, or does not', () => {
    expect(judgeFit(needs(10 * GB), 34, room)).toMatchObject({ verdict: 'cpu', freeGpuBytes: null });
    expect(judgeFit(needs(13 * GB), 34, room)).toMatchObject({ verdict: 'too-large', fitsWhenFree: true });
    expect(judgeFit(needs(15 * GB), 34, room)).toMatchObject({ verdict: 'too-large', fitsWhenFree: false });
  });

  it('counts the memory that the loaded model will give back', () => {
    expect(judgeFit(needs(13 * GB), 34, roomOn(machine, 'cpu', 4 * GB)).verdict).toBe('cpu');
    // Never more than there is.
    expect(roomOn(machine, 'cpu', 90 * GB).main.freeBytes).toBe(16 * GB);
  });
});

it('says nothing before the machine is known, but has the numbers', () => {
  const fit = judgeFit(needs(4 * GB), 34, roomOn(machine, null));
  expect(fit).toMatchObject({ verdict: 'unknown', gpuLayers: null, need: { totalBytes: 4 * GB } });
});

it('never prefers the larger of two: whatever fits in some way, a smaller one fits at least as well', () => {
  const order = ['gpu', 'partly-gpu', 'cpu', 'too-large'];
  const gigabytes = fc.integer({ min: 1, max: 40 });
  const sizes = fc.record({ one: gigabytes, other: gigabytes, free: gigabytes, gpu: gigabytes });
  fc.assert(
    fc.property(sizes, fc.boolean(), ({ one, other, free, gpu }, integrated) => {
      const own = { ...small, totalMemoryBytes: gpu * GB, freeMemoryBytes: gpu * GB, integrated };
      const memory = { totalMemoryBytes: 40 * GB, freeMemoryBytes: free * GB };
      const room = roomOn(machineWith([own], memory), 'vulkan');
      const rank = (total: number): number => order.indexOf(judgeFit(needs(total * GB), 34, room).verdict);
      expect(rank(Math.min(one, other))).toBeLessThanOrEqual(rank(Math.max(one, other)));
    }),
  );
});
