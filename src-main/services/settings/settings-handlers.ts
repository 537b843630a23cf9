// The settings channels.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import { describeSettings, type SettingsService } from './settings-service.ts';

type SettingsChannels = Extract<keyof Handlers<Contract>, `settings.${string}`>;

export function settingsHandlers(
  settings: () => SettingsService,
): Pick<Handlers<Contract>, SettingsChannels> {
  return {
    'settings.describe': () => describeSettings(),
    'settings.watch': (_, signal) => settings().current.watch(signal),
    'settings.change': (changes) => settings().change(changes),
  };
}
