// Serves the channels of the library.
import type { documentsContract } from '#contract/documents.ts';
import type { Handlers } from '#rpc/define.ts';
import type { Services } from '../open-services.ts';

type DocumentsContract = typeof documentsContract;

export function documentHandlers(
  need: () => Pick<Services, 'documents' | 'uploads'>,
): Handlers<DocumentsContract> {
  const documents = (): Services['documents'] => need().documents;
  return {
    'documents.watch': (_, signal) => documents().library.watch(signal),
    'documents.addUpload': ({ uploadId, name, collectionId }) =>
      documents().addUpload({ path: need().uploads.take(uploadId), name, collectionId }),
    'documents.addText': ({ title, text }) => documents().addText(title, text),
    'documents.addPaths': ({ paths, collectionId }) => documents().addPaths(paths, collectionId),
    'documents.read': ({ id, password }) => documents().read(id, password),
    'documents.stop': ({ id }) => documents().stop(id),
    'documents.rename': ({ id, title }) => documents().rename(id, title),
    'documents.remove': ({ ids }) => documents().remove(ids),
    'documents.restore': ({ ids }) => documents().restore(ids),
    'documents.outline': ({ id }) => documents().outline(id),
    'documents.blocks': ({ id, from, limit }) => documents().blocks(id, from, limit),
    'documents.search': ({ query, documentIds, limit }) => documents().search({ query, documentIds, limit }),
    'collections.save': ({ id, name, folder }) => documents().saveCollection(id, name, folder),
    'collections.remove': ({ id }) => documents().removeCollection(id),
    'collections.put': ({ id, documentIds, inside }) => documents().put(id, documentIds, inside),
  };
}
