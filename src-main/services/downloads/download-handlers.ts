// The downloads channels.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { DownloadService } from './download-service.ts';

type Channels = Extract<keyof Handlers<Contract>, `downloads.${string}`>;

export function downloadHandlers(downloads: () => DownloadService): Pick<Handlers<Contract>, Channels> {
  return {
    'downloads.watch': (_, signal) => downloads().queue.watch(signal),
    'downloads.add': (input) => downloads().add(input),
    'downloads.pause': ({ id }) => downloads().pause(id),
    'downloads.resume': ({ id }) => downloads().resume(id),
    'downloads.cancel': ({ id }) => downloads().cancel(id),
    'downloads.move': ({ id, position }) => downloads().move(id, position),
  };
}
