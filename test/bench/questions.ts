// What both sides of a comparison are asked, so that they do the same work.
import { TINY_MODEL } from '../support/gguf-files.ts';
import type { BareRequest } from './bare-loop.ts';
import { shapedModel } from './write-shaped-model.ts';

export interface Subject {
  name: string;
  model: string;
  contextSize: number;
  request: BareRequest;
}

/** The tiny model makes over a thousand tokens a second, the one of 2B's shape fifteen on two cores. */
export async function subjects(): Promise<Subject[]> {
  const limitMs = 12_000;
  return [
    {
      name: 'tiny',
      model: TINY_MODEL,
      contextSize: 2048,
      request: { text: 'Count to 200.', maxTokens: 600, temperature: 0, limitMs },
    },
    {
      name: '2B-shaped',
      model: await shapedModel(),
      contextSize: 2048,
      request: { text: 'Tell me something.', maxTokens: 96, temperature: 1, limitMs },
    },
  ];
}
