// Entry of the thread that reads one document and then ends.
import { workerData } from 'node:worker_threads';
import { AppError } from '#contract/errors.ts';
import { readerContract, type ReadStep } from '#contract/reader.ts';
import { adaptMessagePort } from '#rpc/message-port.ts';
import { serve } from '#rpc/serve.ts';
import { confineThread } from './confine.ts';
import { readDocument } from './read-document.ts';

/** What the thread starts with. */
export interface ReaderStart {
  port: MessagePort;
}

confineThread();

const { port } = workerData as ReaderStart;
let steps: AsyncGenerator<ReadStep, void, void> | null = null;

serve(
  readerContract,
  {
    'reader.open': ({ limits, ...file }) => {
      steps = readDocument(file, limits);
    },
    'reader.next': async () => {
      const step = await steps?.next();
      if (step?.value) return step.value;
      throw new AppError('bad-input', 'The document is at its end');
    },
  },
  adaptMessagePort(port),
);
