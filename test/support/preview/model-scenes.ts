// The other pages of the Models place: downloads, this machine, and a model in full.
import type { Machine } from '#contract/hardware.ts';
import { demoModel, ownModel } from '../fake-data.ts';
import { everyDownload, fakeDownload, queueOf } from '../fake-downloads.ts';
import { machines } from '../fake-machines.ts';
import { speedOf } from '../fake-tuning.ts';
import { press, see, type, type Scene } from './scene.ts';

const downloads = 'models/downloads';
const LONG = 'Gemma of a maker who could not stop naming it Instruct QAT Reasoning Distill v2.1-final';

function onMachine(machine: Machine): Scene {
  return { at: 'models/machine', prepare: (host) => host.machine.set(machine) };
}

function installed(steps: Scene['steps'], prepare?: Scene['prepare']): Scene {
  return { at: 'models/installed', ...(prepare && { prepare }), ...(steps && { steps }) };
}

const fast = { state: 'running', bytesPerSecond: 11.4e6, secondsLeft: 240, connections: 4 } as const;

export const modelScenes: Record<string, Scene> = {
  downloads: { at: downloads, prepare: (host) => host.downloads.set(queueOf(everyDownload())) },
  'downloads-few': {
    at: downloads,
    prepare: (host) =>
      host.downloads.set(
        queueOf([
          fakeDownload(2, 0.36, fast),
          fakeDownload(21, 0, { state: 'waiting' }),
          fakeDownload(12, 1, { state: 'done', modelId: 2 }),
        ]),
      ),
  },
  'downloads-moving': {
    at: downloads,
    prepare(host) {
      let share = 0.2;
      setInterval(() => {
        share = Math.min(1, share + 0.01);
        const how = share < 1 ? fast : ({ state: 'done', modelId: 2 } as const);
        host.downloads.set(queueOf([fakeDownload(2, share, how)]));
      }, 500);
    },
  },
  'downloads-empty': { at: downloads },
  'downloads-done': {
    at: downloads,
    prepare: (host) =>
      host.downloads.set(
        queueOf([0, 12, 20].map((index) => fakeDownload(index, 1, { state: 'done', modelId: 2 }))),
      ),
  },
  'downloads-thirty': {
    at: downloads,
    prepare: (host) =>
      host.downloads.set(
        queueOf(
          Array.from({ length: 30 }, (_, index) => ({
            ...fakeDownload(index % 20, index < 2 ? 0.4 : 0, index < 2 ? fast : {}),
            id: index + 1,
          })),
        ),
      ),
  },
  'downloads-long-names': {
    at: downloads,
    prepare: (host) => host.downloads.set(queueOf(everyDownload().map((each) => ({ ...each, name: LONG })))),
  },
  'downloads-cancel': {
    at: downloads,
    prepare: (host) => host.downloads.set(queueOf([fakeDownload(2, 0.36, fast)])),
    async steps() {
      await press('More actions for Gemma 4 E4B');
      await press('Cancel the download…', '[role=menuitem]');
    },
  },
  'downloads-limit': {
    at: downloads,
    prepare: (host) => host.downloads.set(queueOf([fakeDownload(2, 0.36, fast)])),
    steps: () => type('Most bandwidth', 'fast'),
  },
  machine: { at: 'models/machine' },
  'machine-two-gpus': onMachine(machines.twoGpus),
  'machine-broken': onMachine(machines.broken),
  'machine-left-alone': onMachine(machines.leftAlone),
  'machine-processor-only': onMachine(machines.processorOnly),
  'machine-detecting': onMachine(machines.detecting),
  'model-details': installed(() => press('Details of Gemma 3 4B Instruct')),
  'model-details-demo': installed(() => press('Details of Demo model')),
  'model-details-tested': installed(
    () => press('Details of Gemma 3 4B Instruct'),
    (host) => host.models.set([demoModel, { ...ownModel, speeds: [speedOf('vulkan'), speedOf('cpu')] }]),
  ),
  'model-details-testing': {
    ...installed(async () => {
      await press('Details of Gemma 3 4B Instruct');
      await press('Test speed');
      await see('loading the model', 'span');
    }),
    handlers: {
      async *'models.testSpeed'() {
        yield { type: 'progress', backend: 'vulkan', phase: 'loading', progress: 0.2, secondsLeft: 31 };
        await new Promise(() => {});
      },
    },
  },
};
