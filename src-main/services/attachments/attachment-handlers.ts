// The channels of attachments.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import { toAttachment } from '../../database/attachment-repository.ts';
import type { AttachmentService } from './attachment-service.ts';
import type { QuestionMeasure } from './measure-question.ts';
import type { Uploads } from './uploads.ts';

type Channels = Extract<keyof Handlers<Contract>, `attachments.${string}`>;

interface AttachmentServices {
  attachments: AttachmentService;
  uploads: Uploads;
  measure: QuestionMeasure;
}

export function attachmentHandlers(services: () => AttachmentServices): Pick<Handlers<Contract>, Channels> {
  return {
    'attachments.list': (place) => services().attachments.list(place),
    'attachments.addText': ({ name, text, ...place }) => services().attachments.addText(place, name, text),
    'attachments.addConversation': ({ sourceId, ...place }) =>
      services().attachments.addConversation(place, sourceId),
    'attachments.addDocument': ({ attachmentId, ...place }) =>
      services().attachments.addDocument(place, attachmentId),
    'attachments.begin': async ({ name, sizeBytes }) => ({
      uploadId: await services().uploads.begin(name, sizeBytes),
    }),
    'attachments.append': ({ uploadId, bytes }) =>
      services().uploads.append(uploadId, Buffer.from(bytes, 'base64')),
    'attachments.read': ({ uploadId, password, ...place }, signal) =>
      services().attachments.read(place, { uploadId, password }, signal),
    'attachments.giveUp': ({ uploadId }) => services().uploads.giveUp(uploadId),
    'attachments.text': ({ id, part }) => services().attachments.text(id, part),
    'attachments.remove': ({ id }) => services().attachments.remove(id),
    'attachments.restore': ({ id }) => services().attachments.restore(id),
    'attachments.move': ({ ids, ...place }) => services().attachments.move(place, ids),
    'attachments.measure': (question, signal) => services().measure.measure(question, signal),
    'attachments.fit': async ({ use, ...question }, signal) =>
      (await services().measure.fit(question, use, signal)).map(toAttachment),
    'attachments.offers': ({ query }) => services().attachments.offers(query),
  };
}
