// A model that makes room for a speed test is still the one that the person talks to.
import { expect, test } from 'vitest';
import type { Model } from '#contract/models.ts';
import { InferenceService } from '../../../src-main/services/inference/inference-service.ts';
import type { ModelLoader } from '../../../src-main/services/inference/model-loader.ts';

const LOADED = { id: 1, path: '/loaded.gguf' } as Model;
const OTHER = { id: 2, path: '/other.gguf' } as Model;
const forever = new AbortController().signal;

function begin(): InferenceService {
  const loader = {
    model: null as Model | null,
    isLoaded: (model: Model) => loader.model?.id === model.id,
    ensureLoaded: async (model: Model) => void (loader.model = model),
    unload: async () => void (loader.model = null),
    moved: () => {},
  };
  type Options = ConstructorParameters<typeof InferenceService>[0];
  return new InferenceService({ loader: loader as unknown as ModelLoader } as Options);
}

async function displace(inference: InferenceService): Promise<void> {
  const work = inference.alone(forever, async function* (_, makeRoom) {
    await makeRoom();
    yield;
  });
  for await (const _ of work);
}

// Catches a question in the middle of a test that goes to the model of the next start instead.
test('it is still wanted, and comes back', async () => {
  const inference = begin();
  await inference.load(LOADED, forever);
  await displace(inference);
  expect(inference.wantedModel()).toBe(LOADED);
  await displace(inference); // The next backend, with nothing loaded in between.
  expect(inference.displaced).toBe(LOADED);
  await inference.loadAgain(LOADED);
  expect([inference.displaced, inference.wantedModel()]).toEqual([null, LOADED]);
});

test('it is forgotten once another was loaded, or it was unloaded on purpose', async () => {
  const inference = begin();
  await inference.load(LOADED, forever);
  await displace(inference);
  await inference.load(OTHER, forever);
  expect([inference.displaced, inference.wantedModel()]).toEqual([null, OTHER]);
  await displace(inference);
  await inference.unload(forever);
  expect(inference.wantedModel()).toBeNull();
});

test('its file may move meanwhile', async () => {
  const inference = begin();
  await inference.load(LOADED, forever);
  await displace(inference);
  const moved = { ...LOADED, path: '/elsewhere/loaded.gguf' };
  inference.modelsMoved([moved]);
  expect(inference.wantedModel()).toBe(moved);
});
