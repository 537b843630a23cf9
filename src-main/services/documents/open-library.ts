// Wires the library: the processes that read files, and what keeps their texts.
import { join } from 'node:path';
import type { AppDatabase } from '../../database/app-database.ts';
import type { Host } from '../../hosts/host.ts';
import type { Log } from '../../lib/log.ts';
import { ReadingService } from '../reading/reading-service.ts';
import { LibraryService } from './library-service.ts';

interface OpenLibraryOptions {
  database: AppDatabase;
  host: Host;
  dataFolder: string;
  now: () => number;
  log: Log;
}

interface OpenLibrary {
  documents: LibraryService;
  closeLibrary: () => Promise<void>;
}

export function openLibrary(options: OpenLibraryOptions): OpenLibrary {
  const { host, dataFolder, log } = options;
  const reading = new ReadingService({ start: () => host.startReader(), log });
  const documents = new LibraryService({ ...options, reading, uploadsFolder: join(dataFolder, 'unread') });
  // What it finds is told by the library; what fails is tried again at the next start.
  documents.resume().catch((error: unknown) => log.error('Going on with the library', error));
  return {
    documents,
    async closeLibrary() {
      reading.close();
      await documents.close();
    },
  };
}
