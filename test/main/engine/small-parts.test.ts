// The pure parts of the engine at their edges.
import { describe, expect, it } from 'vitest';
import type { ModelHeader } from '#contract/models.ts';
import { otherCores } from '../../../src-main/engine/cpu-load.ts';
import { sliceEnd } from '../../../src-main/engine/count-tokens.ts';
import { answerReserve, firstVisibleTurn } from '../../../src-main/engine/fit-context.ts';
import { coresOfCpuInfo, estimateCores } from '../../../src-main/lib/physical-cores.ts';
import { nextPiece } from '../../../src-main/engine/read-prompt.ts';
import { resolveSampling } from '../../../src-main/engine/recommended-sampling.ts';

const HEADER: ModelHeader = {
  architecture: 'gemma3',
  name: null,
  parameterCount: 4e9,
  quantization: null,
  contextLength: 8192,
  layerCount: 30,
  chatTemplate: null,
  licence: null,
  fileSizeBytes: 2e9,
};
const NOTHING = { temperature: null, topK: null, topP: null, minP: null, repeatPenalty: null, seed: null };

describe('sampling', () => {
  it("is Google's for every Gemma, without a repeat penalty, and 0 for a tiny model", () => {
    const gemma = { temperature: 1, topK: 64, topP: 0.95, minP: 0, repeatPenalty: false };
    for (const architecture of ['gemma', 'gemma2', 'gemma3', 'gemma3n', 'gemma4']) {
      expect(resolveSampling({ ...HEADER, architecture }, NOTHING)).toEqual(gemma);
    }
    expect(resolveSampling({ ...HEADER, parameterCount: 2e6 }, NOTHING).temperature).toBe(0);
  });

  it("takes the person's values, also zero", () => {
    const wanted = { temperature: 0, topK: 0, topP: 1, minP: 0.1, repeatPenalty: 1.1, seed: 0 };
    expect(resolveSampling(HEADER, wanted)).toEqual({ ...wanted, repeatPenalty: { penalty: 1.1 } });
    expect(resolveSampling(HEADER, { ...NOTHING, repeatPenalty: 1 }).repeatPenalty).toBe(false);
  });
});

describe('firstVisibleTurn', () => {
  const fit = (turnTokens: number[], contextTokens = 1000): number =>
    firstVisibleTurn({ turnTokens, systemTokens: 50, contextTokens, reserveTokens: 100 });

  it('shows everything while it fits, then drops whole pairs', () => {
    expect(fit([10, 10, 10])).toBe(0);
    expect(fit([300, 300, 300, 300, 20]) % 2).toBe(0);
    expect(fit([300, 300, 300, 300, 20])).toBeGreaterThan(0);
  });

  it('stays for several turns after it moved: catches a prefix that changes with every question', () => {
    const tokens: number[] = [];
    const starts: number[] = [];
    for (let question = 0; question < 60; question++) {
      tokens.push(40);
      starts.push(fit(tokens));
      tokens.push(40);
    }
    const moves = starts.filter((start, index) => index > 0 && start !== starts[index - 1]).length;
    expect(moves).toBeGreaterThan(3);
    expect(moves).toBeLessThan(20);
    expect(starts.toSorted((left, right) => left - right)).toEqual(starts);
  });

  it('shows the question alone when nothing else fits, and refuses one that does not', () => {
    expect(fit([800, 800, 800])).toBe(2);
    expect(() => fit([900])).toThrow(expect.objectContaining({ code: 'prompt-too-long' }));
  });

  it('reserves no more than was asked for', () => {
    expect(answerReserve(8192, null)).toBe(1024);
    expect(answerReserve(512, null)).toBe(64);
    expect(answerReserve(8192, 16)).toBe(16);
  });
});

describe('physical cores', () => {
  const entry = (processor: number, physical: number, core: number): string =>
    `processor\t: ${processor}\nphysical id\t: ${physical}\ncore id\t\t: ${core}\n`;

  it('counts cores, not threads of cores', () => {
    expect(coresOfCpuInfo([entry(0, 0, 0), entry(1, 0, 1), entry(2, 0, 0), entry(3, 0, 1)].join('\n'))).toBe(
      2,
    );
    expect(coresOfCpuInfo([entry(0, 0, 0), entry(1, 1, 0)].join('\n'))).toBe(2);
  });

  it('counts processors where no cores are named, as on ARM', () => {
    expect(coresOfCpuInfo('processor : 0\n\nprocessor : 1\n\nprocessor : 2\n')).toBe(3);
    expect(() => coresOfCpuInfo('')).toThrow();
  });

  it('estimates low rather than high', () => {
    expect([1, 2, 4, 8, 16].map(estimateCores)).toEqual([1, 2, 2, 4, 8]);
  });
});

describe('the rest', () => {
  it("counts other programs' cores without the engine's own", () => {
    const from = { busyMs: 0, totalMs: 0, processors: 2, ownMs: 0 };
    expect(otherCores(from, { busyMs: 400, totalMs: 500, processors: 2, ownMs: 250 })).toBeCloseTo(0.6);
    expect(otherCores(from, { busyMs: 100, totalMs: 500, processors: 2, ownMs: 250 })).toBe(0);
    expect(otherCores(from, from)).toBe(0);
  });

  it('never cuts a character in two, and cuts at white space where it can', () => {
    const emoji = '😀'.repeat(20_000);
    expect(emoji.slice(0, sliceEnd(emoji, 0)).isWellFormed()).toBe(true);
    const odd = `x${emoji}`;
    expect(odd.slice(0, sliceEnd(odd, 0)).isWellFormed()).toBe(true);
    const words = 'word '.repeat(10_000);
    expect(words.charAt(sliceEnd(words, 0) - 1)).toBe(' ');
  });

  it('reads in pieces that a stop need not wait long for', () => {
    expect(nextPiece(15)).toBe(32);
    expect(nextPiece(2)).toBe(200);
    expect(nextPiece(0.01)).toBe(512);
  });
});
