// The channels of presets.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { PresetService } from './preset-service.ts';

type Channels = Extract<keyof Handlers<Contract>, `presets.${string}`>;

export function presetHandlers(presets: () => PresetService): Pick<Handlers<Contract>, Channels> {
  return {
    'presets.watch': (_, signal) => presets().list.watch(signal),
    'presets.save': ({ id, ...preset }) => presets().save(id, preset),
    'presets.remove': ({ id }) => presets().remove(id),
    'presets.export': () => presets().export(),
    'presets.import': ({ text }) => presets().import(text),
  };
}
