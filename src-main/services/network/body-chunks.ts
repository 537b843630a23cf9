// A body in the chunks in which it arrived. Reading a stream by its iterator would copy those that wait into one.
import type { Readable } from 'node:stream';
import { createQueue } from '#rpc/queue.ts';

/** So much may wait for a reader who is slower than the network; then the connection is not read meanwhile. */
const MOST_WAITING_BYTES = 2 * 1024 * 1024;

/** Leaving the loop gives the rest up. `onBytes` is told what arrives. Throws what the stream says. */
export async function* bodyChunks(
  body: Readable,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer, void, void> {
  const queue = createQueue<Buffer>();
  let waitingBytes = 0;
  body.on('data', (chunk: Buffer) => {
    queue.push(chunk);
    onBytes(chunk.length);
    waitingBytes += chunk.length;
    if (waitingBytes > MOST_WAITING_BYTES) body.pause();
  });
  body.once('end', () => queue.close());
  body.once('error', (error) => queue.fail(error));
  // After an end or an error it changes nothing.
  body.once('close', () => queue.fail(new Error('The body was cut off')));
  if (body.errored) queue.fail(body.errored);
  try {
    for await (const chunk of queue) {
      waitingBytes -= chunk.length;
      if (waitingBytes === 0) body.resume();
      yield chunk;
    }
  } finally {
    body.destroy();
  }
}
