// The host of browser mode: engine and reader processes under plain Node, links through the system, nothing native.
import { AppError } from '#contract/errors.ts';
import type { Log } from '../../lib/log.ts';
import { engineStart, readerStart } from '../child-environment.ts';
import type { Host } from '../host.ts';
import { forkChild } from './fork-child.ts';
import { openAddress } from './open-address.ts';

const unavailable = { unavailable: 'browser-mode' } as const;

export function createBrowserHost(log: Log): Host {
  return {
    kind: 'browser',
    startEngine: (environment) => forkChild(engineStart(environment), log),
    startReader: () => forkChild(readerStart(), log),
    async openExternal(url) {
      await openAddress(url).catch((cause: unknown) => {
        throw new AppError('unavailable-here', 'The system opened no browser', { cause });
      });
    },
    capabilities: {
      openDialog: unavailable,
      folderDialog: unavailable,
      fileManager: unavailable,
      taskbarProgress: unavailable,
      systemProxy: unavailable,
      globalShortcut: unavailable,
      tray: unavailable,
      secrets: unavailable,
      updates: unavailable,
    },
  };
}
