// Models outside the catalogue: asked for, found, inspected, refused.
import type { RemoteRepository } from '#contract/catalogue.ts';
import { AppError, type ErrorCode } from '#contract/errors.ts';
import { remoteRepository } from '../fake-store.ts';
import { press, see, type, type Scene } from './scene.ts';

const at = 'models/catalogue';
const KINDS = ['Q2_K', 'Q3_K_S', 'Q3_K_M', 'Q4_0', 'Q4_K_S', 'Q4_K_M', 'Q5_K_M', 'Q6_K', 'Q8_0', 'BF16'];

/** As the large ones are: every quantization there is, of three sizes. */
const crowded: RemoteRepository = {
  ...remoteRepository,
  models: ['4b', '12b', '27b'].flatMap((size, scale) =>
    KINDS.map((quantization, index) => ({
      name: `gemma-3-${size}-it-${quantization}`,
      quantization,
      sizeBytes: (1.5 + index * 0.6) * (scale * 2.5 + 1) * 1024 ** 3,
      source: {
        repository: remoteRepository.repository,
        revision: remoteRepository.revision,
        files: [{ path: `gemma-3-${size}-it-${quantization}.gguf`, sizeBytes: null, sha256: null }],
      },
    })),
  ),
};

async function open(text: string, button: string): Promise<void> {
  await press('Another model…');
  await type('Address or name', text);
  await press(button);
}

function refused(code: ErrorCode): Scene {
  const handlers: Scene['handlers'] = {
    'hub.open': () => {
      throw new AppError(code, 'Refused');
    },
  };
  return { at, handlers, steps: () => open('example/gemma-3-27b-it-GGUF', 'Look it up') };
}

export const otherScenes: Record<string, Scene> = {
  other: { at, steps: () => press('Another model…') },
  'other-asking': {
    at,
    handlers: { 'hub.open': () => new Promise(() => {}) },
    steps: () => open('example/gemma', 'Look it up'),
  },
  'other-search': { at, steps: () => open('gemma 3 27b', 'Search Hugging Face') },
  'other-nothing': {
    at,
    handlers: { 'hub.search': () => [] },
    steps: () => open('gemmma', 'Search Hugging Face'),
  },
  'other-repository': { at, steps: () => open('example/gemma-3-27b-it-GGUF', 'Look it up') },
  'other-crowded': {
    at,
    handlers: { 'hub.open': () => crowded },
    steps: () => open('example/gemma-3-27b-it-GGUF', 'Look it up'),
  },
  'other-inspected': {
    at,
    handlers: { 'hub.open': () => ({ ...remoteRepository, named: 1 }) },
    async steps() {
      await open('hf:example/gemma-3-27b-it-GGUF:Q4_0', 'Look it up');
      await see('About the model');
    },
  },
  'other-inspecting': {
    at,
    handlers: {
      'hub.open': () => ({ ...remoteRepository, named: 1 }),
      'hub.inspect': () => new Promise(() => {}),
    },
    steps: () => open('hf:example/gemma-3-27b-it-GGUF:Q4_0', 'Look it up'),
  },
  'other-gated': refused('hub-gated'),
  'other-not-found': refused('hub-not-found'),
  'other-offline': refused('offline'),
};
