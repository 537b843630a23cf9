// The channels about how a model runs.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { TuningService } from './tuning-service.ts';

type Channels = 'models.configure' | 'models.plan' | 'models.testSpeed';

export function tuningHandlers(tuning: () => TuningService): Pick<Handlers<Contract>, Channels> {
  return {
    'models.configure': async ({ id, engine }) => tuning().configure(id, engine),
    'models.plan': ({ id, engine }, signal) => tuning().plan(id, engine, signal),
    'models.testSpeed': ({ id, backends }, signal) => tuning().testSpeed(id, backends, signal),
  };
}
