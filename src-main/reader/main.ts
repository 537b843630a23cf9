// Entry of the reader process, the same file under Electron's utilityProcess and under Node's fork. Parsing happens in
// a thread of its own for every document, so that this one sees what it costs and can still answer.
import { readerContract } from '#contract/reader.ts';
import { connectToParent } from '#rpc/parent-port.ts';
import { serve } from '#rpc/serve.ts';
import { DocumentThread } from './document-thread.ts';

const port = connectToParent();
if (!port) {
  process.stderr.write('The reader is started by Lapidary, not by hand.\n');
  process.exit(2);
}
port.onClose(() => process.exit(0));

const thread = new DocumentThread();
serve(
  readerContract,
  {
    'reader.open': (input) => thread.open(input),
    'reader.next': () => thread.next(),
  },
  port,
);
