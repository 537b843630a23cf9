// The interface on made-up data, for looking at it without a host: `vite test/support/preview`. The address's
// query picks a scene, e.g. `?scene=recovery` or one of place-scenes.ts. Never part of a build.
import { mount } from 'svelte';
import '../../../src-renderer/styles/fonts.ts';
import '../../../src-renderer/styles/tokens.css';
import '../../../src-renderer/styles/reset.css';
import App from '../../../src-renderer/app/App.svelte';
import { createStores } from '../../../src-renderer/stores/stores.ts';
import { createFakeHost, type FakeHost } from '../fake-api.ts';
import { demoModel, engineStatus, ownModel } from '../fake-data.ts';
import { placeScenes } from './place-scenes.ts';
import type { Scene } from './scene.ts';

const DAY_MS = 86_400_000;

const states: Record<string, (host: FakeHost) => void> = {
  empty: (host) => {
    host.models.set([]);
    host.engine.set({ ...engineStatus, state: 'stopped', modelId: null, modelName: null, backend: null });
  },
  demo: (host) => host.models.set([demoModel]),
  loading: (host) =>
    host.engine.set({
      ...engineStatus,
      state: 'loading',
      modelId: 2,
      modelName: ownModel.name,
      demo: false,
      loadProgress: 0.42,
    }),
  long: (host) => {
    const name =
      'A model whose maker could not stop giving it names Instruct QAT Reasoning Distill v2.1-final-really';
    const long = { ...ownModel, name, path: `/home/ada/${'very-long-folder-name/'.repeat(8)}model.gguf` };
    host.models.set([
      { ...long, id: 3 },
      { ...ownModel, id: 4, fileState: 'missing' },
      { ...ownModel, id: 5, fileState: 'changed', placement: 'copied' },
    ]);
    host.engine.set({
      ...engineStatus,
      modelId: 3,
      modelName: name,
      demo: false,
      backend: 'vulkan',
      gpuNames: ['Intel Iris Xe'],
      fallback: { from: 'cuda', to: 'vulkan', reason: 'crashed' },
    });
  },
  recovery: (host) =>
    host.health.set({
      usable: false,
      failure: { code: 'database-damaged' },
      backups: (['daily', 'before-migration', 'before-restore'] as const).map((reason, index) => ({
        file: `${index}.sqlite`,
        createdAt: Date.now() - index * DAY_MS,
        sizeBytes: 4_300_000 + index * 900_000,
        reason,
      })),
    }),
  lost: (host) => {
    setTimeout(() => {
      host.down = true;
      host.disconnect();
    }, 1500);
  },
};

const query = new URLSearchParams(location.search);
const name = query.get('scene') ?? '';
const prepare = states[name];
const scene: Scene = placeScenes[name] ?? { at: null, ...(prepare && { prepare }) };
localStorage.clear();
const host = createFakeHost(scene.handlers);
scene.prepare?.(host);
document.documentElement.dir = query.get('dir') ?? 'ltr';
if (scene.at) location.hash = `/${scene.at}`;
const target = document.querySelector('#app');
if (target) mount(App, { target, props: { stores: createStores(host.api) } });
await scene.steps?.();
document.documentElement.dataset['scene'] = name;
