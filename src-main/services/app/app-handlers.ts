// The channels about the app itself: what it is, links, dialogs, and the state of its data.
import type { AppInfo, Capability } from '#contract/app.ts';
import { CAPABILITIES } from '#contract/app.ts';
import type { Contract } from '#contract/index.ts';
import { AppError } from '#contract/errors.ts';
import type { Handlers } from '#rpc/define.ts';
import { isAvailable, type Available, type Host } from '../../hosts/host.ts';
import type { AppData } from './app-data.ts';

const ALLOWED_SCHEMES = ['http:', 'https:', 'mailto:'];

type AppChannels = Extract<keyof Handlers<Contract>, `app.${string}`>;

/** `describe` is asked anew on each question, since the models folder is a setting. */
export function appHandlers(
  host: Host,
  data: AppData,
  describe: () => Omit<AppInfo, 'host' | 'unavailable'>,
): Pick<Handlers<Contract>, AppChannels> {
  return {
    'app.describe': () => ({ ...describe(), host: host.kind, unavailable: describeCapabilities(host) }),
    'app.openLink': ({ url }) => host.openExternal(checkLink(url)),
    'app.chooseModelFile': () => need(host.capabilities.openDialog).chooseModelFile(),
    'app.chooseConversations': () => need(host.capabilities.openDialog).chooseConversations(),
    'app.chooseFolder': () => need(host.capabilities.folderDialog).chooseFolder(),
    'app.watchHealth': (_, signal) => data.health.watch(signal),
    'app.restoreBackup': ({ file }) => data.restore(file),
  };
}

/** @throws AppError bad-input for anything but a web or mail address. */
export function checkLink(url: string): string {
  const parsed = URL.parse(url);
  if (parsed && ALLOWED_SCHEMES.includes(parsed.protocol)) return parsed.href;
  throw new AppError('bad-input', 'Only web and mail addresses can be opened');
}

function need<T extends object>(capability: Available<T>): T {
  if (isAvailable(capability)) return capability;
  throw new AppError('unavailable-here', `Not here: ${capability.unavailable}`);
}

function describeCapabilities(host: Host): AppInfo['unavailable'] {
  const reasons = CAPABILITIES.map((name): [Capability, AppInfo['unavailable'][Capability]] => {
    const capability = host.capabilities[name];
    return [name, 'unavailable' in capability ? capability.unavailable : null];
  });
  return Object.fromEntries(reasons) as AppInfo['unavailable'];
}
