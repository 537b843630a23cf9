// The thread count against recorded situations: no llama.cpp, no clock.
import { describe, expect, it } from 'vitest';
import { ThreadControl } from '../../../src-main/engine/thread-control.ts';

const SAMPLE_MS = 250;

/** Feeds one load for some seconds and returns the thread counts seen. */
function run(control: ThreadControl, load: (sample: number) => number, seconds: number, from = 0): number[] {
  const seen: number[] = [];
  for (let sample = 0; sample < (seconds * 1000) / SAMPLE_MS; sample++) {
    control.observeLoad(load(sample), from + sample * SAMPLE_MS);
    seen.push(control.threads('generating'));
  }
  return seen;
}

describe('ThreadControl', () => {
  it('uses all cores on a quiet machine and never more', () => {
    const control = new ThreadControl(2);
    expect(new Set(run(control, () => 0.05, 10))).toEqual(new Set([2]));
  });

  it('gives up a thread within two seconds of another program taking a core', () => {
    const control = new ThreadControl(2);
    run(control, () => 0, 2);
    // Two spinning threads leave the other program about half a core of the one it wants.
    const seen = run(control, () => 0.6, 2, 2000);
    expect(seen.indexOf(1) * SAMPLE_MS).toBeLessThan(1000);
    expect(seen.at(-1)).toBe(1);
  });

  it('takes the thread back soon after the machine is quiet again', () => {
    const control = new ThreadControl(2);
    run(control, () => 1, 3);
    const seen = run(control, () => 0.05, 3, 3000);
    expect(seen.at(-1)).toBe(2);
    expect(seen.indexOf(2) * SAMPLE_MS).toBeGreaterThan(1000);
  });

  it('does not flap when the app itself draws and saves while it streams', () => {
    const control = new ThreadControl(2);
    const seen = run(control, (sample) => [0.1, 0.45, 0.2, 0.3][sample % 4]!, 20);
    expect(new Set(seen)).toEqual(new Set([2]));
  });

  it('waits longer each time it rose too early: catches a sawtooth under an uneven load', () => {
    const control = new ThreadControl(2);
    const seen = run(control, (sample) => (sample % 12 < 4 ? 1 : 0), 60);
    const rises = seen.filter((threads, index) => threads === 2 && seen[index - 1] === 1).length;
    expect(rises).toBeLessThan(8);
  });

  it('gives up as many threads as others take on a larger machine', () => {
    const control = new ThreadControl(8);
    run(control, () => 2.9, 1);
    expect(control.threads('generating')).toBe(5);
    run(control, () => 20, 1, 1000);
    expect(control.threads('generating')).toBe(1);
  });

  it('finds out that a small model is faster with fewer threads, also where reading is not', () => {
    const control = new ThreadControl(4);
    for (let token = 0; token < 60; token++) {
      const threads = control.threads('generating');
      control.observeToken(threads, { 4: 9, 2: 5, 1: 2 }[threads]!, token * 10);
    }
    expect(control.threads('generating')).toBe(1);
    expect(control.threads('reading')).toBe(4);
  });

  it('spends no tokens on that question with a large model', () => {
    const control = new ThreadControl(2);
    const seen = new Set<number>();
    for (let token = 0; token < 60; token++) {
      seen.add(control.threads('generating'));
      control.observeToken(control.threads('generating'), 60, token * 60);
    }
    expect(seen).toEqual(new Set([2]));
  });

  it('notices tokens that take far too long though no load is seen: catches a core lost to the host of a VM', () => {
    const control = new ThreadControl(4);
    for (let token = 0; token < 20; token++) control.observeToken(4, 50, token * 50);
    control.observeToken(4, 600, 2000);
    expect(control.threads('generating')).toBe(4);
    control.observeToken(4, 700, 2700);
    expect(control.threads('generating')).toBe(2);
  });
});
