// Which backend a plan is worked out on when no engine runs: one that was left alone or has crashed must not be touched
// by a mere look.
import { expect, it } from 'vitest';
import type { SpeedResult } from '#contract/models.ts';
import { settings } from '#contract/settings.ts';
import { AUTOMATIC_ENGINE } from '../../../src-main/database/model-repository.ts';
import { Watchable } from '../../../src-main/lib/watchable.ts';
import { BackendChoice, backendOrder } from '../../../src-main/services/inference/backend-choice.ts';
import { EnginePlanner } from '../../../src-main/services/inference/engine-planner.ts';
import type { EngineSupervisor } from '../../../src-main/services/inference/engine-supervisor.ts';

async function plannedOn(backends: BackendChoice, speeds: SpeedResult[] = []): Promise<string | undefined> {
  const started: Record<string, string>[] = [];
  const planner = new EnginePlanner({
    supervisor: { runs: () => false, backends } as unknown as EngineSupervisor,
    loadedBytes: () => 0,
    settings: new Watchable(settings.parse({})),
    start: (environment) => {
      started.push(environment);
      throw new Error('Enough seen');
    },
  });
  const model = { path: '/a.gguf', engine: AUTOMATIC_ENGINE, speeds };
  await planner.plan(model, new AbortController().signal).catch(() => {});
  return started[0]?.['LAPIDARY_BACKEND'];
}

it('automatic is what loading would take: the best, and neither what is left alone nor what crashed', async () => {
  const choice = new BackendChoice(backendOrder('linux'), 'automatic');
  choice.learn(null, ['cuda']);
  expect(await plannedOn(choice)).toBe('vulkan');
  choice.learn('vulkan', ['cuda']);
  expect(await plannedOn(choice)).toBe('vulkan');
  [1, 2, 3].forEach(() => choice.crashed('vulkan'));
  expect(await plannedOn(choice)).toBe('cpu');
});

it('whatever the engine wants for another model', async () => {
  const choice = new BackendChoice(backendOrder('linux'), 'automatic');
  choice.learn('cuda', []);
  choice.prefer('cpu');
  expect(await plannedOn(choice)).toBe('cuda');
});

it('not the fastest of a speed test when a check found that it is gone', async () => {
  const choice = new BackendChoice(backendOrder('linux'), 'automatic');
  const speeds = (['cuda', 'cpu'] as const).map((backend) => ({ backend }) as SpeedResult);
  choice.learn('vulkan', [], ['cuda']);
  expect(await plannedOn(choice, speeds)).toBe('vulkan');
});
