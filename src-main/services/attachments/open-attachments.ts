// Wires what takes in attachments: files on their way in, the reader, and how much of a question they take.
import { join } from 'node:path';
import { TEXT_LIMIT } from '#contract/attachments.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { Host } from '../../hosts/host.ts';
import type { Log } from '../../lib/log.ts';
import type { AnswerRequests } from '../chat/answer-requests.ts';
import type { InferenceService } from '../inference/inference-service.ts';
import { ReadingService } from '../reading/reading-service.ts';
import { AttachmentService } from './attachment-service.ts';
import { QuestionMeasure } from './measure-question.ts';
import { Uploads } from './uploads.ts';

interface OpenAttachmentsOptions {
  database: AppDatabase;
  host: Host;
  dataFolder: string;
  inference: InferenceService;
  requests: AnswerRequests;
  now: () => number;
  log: Log;
}

interface OpenAttachments {
  attachments: AttachmentService;
  uploads: Uploads;
  measure: QuestionMeasure;
  closeAttachments: () => Promise<void>;
}

export function openAttachments(options: OpenAttachmentsOptions): OpenAttachments {
  const { host, dataFolder, log } = options;
  const limits = { characters: TEXT_LIMIT };
  const reading = new ReadingService({ start: () => host.startReader(), log, limits });
  const uploads = new Uploads(join(dataFolder, 'uploads'));
  const attachments = new AttachmentService({ ...options, reading, uploads });
  return {
    attachments,
    uploads,
    measure: new QuestionMeasure(options),
    async closeAttachments() {
      reading.close();
      await attachments.close();
    },
  };
}
