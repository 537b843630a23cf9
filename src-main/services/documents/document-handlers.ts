// Serves the channels of the library.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { Uploads } from '../attachments/uploads.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { LibraryService } from './library-service.ts';

type Channels = Extract<keyof Handlers<Contract>, `documents.${string}` | `collections.${string}`>;

interface DocumentServices {
  database: AppDatabase;
  documents: LibraryService;
  uploads: Uploads;
}

export function documentHandlers(services: () => DocumentServices): Pick<Handlers<Contract>, Channels> {
  const documents = (): LibraryService => services().documents;
  return {
    'documents.watch': (_, signal) => documents().library.watch(signal),
    'documents.addUpload': ({ uploadId, collectionId }) =>
      documents().addUpload(services().uploads.take(uploadId), collectionId),
    'documents.addText': ({ title, text }) => documents().addText(title, text),
    'documents.addPaths': ({ paths, collectionId }) => documents().addPaths(paths, collectionId),
    'documents.read': ({ id, password }) => documents().read(id, password),
    'documents.stop': ({ id }) => documents().stop(id),
    'documents.rename': ({ id, title }) => documents().rename(id, title),
    'documents.remove': ({ ids }) => documents().remove(ids),
    'documents.restore': ({ ids }) => documents().restore(ids),
    'documents.outline': ({ id }) => documents().outline(id),
    'documents.blocks': ({ id, from, limit }) => documents().blocks(id, from, limit),
    'documents.search': (query, signal) => services().database.search.searchPassages(query, signal),
    'collections.save': ({ id, name, folder }) => documents().saveCollection(id, name, folder),
    'collections.remove': ({ id }) => documents().removeCollection(id),
    'collections.put': ({ id, documentIds, inside }) => documents().put(id, documentIds, inside),
  };
}
