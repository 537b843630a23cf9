// What a detection found, as it is kept between starts: facts only, no wishes of the person.
import { z } from 'zod';
import { backend } from '#contract/common.ts';
import { backendReport, gpu } from '#contract/hardware.ts';

export const foundBackend = backendReport.extend({
  state: z.enum(['working', 'missing', 'failed']),
  gpus: z.array(gpu.omit({ excluded: true, spare: true })),
});
export type FoundBackend = z.output<typeof foundBackend>;

export const detection = z.object({
  /** Of the app that detected: another one may bring other backends. */
  version: z.string(),
  /** Platform and architecture: data folders travel. */
  system: z.string(),
  backends: z.partialRecord(backend, foundBackend),
  instructionSets: z.array(z.string()),
  memoryBandwidth: z.number().nullable(),
  detectedAt: z.number(),
});
export type Detection = z.output<typeof detection>;
