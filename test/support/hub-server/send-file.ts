// Answers a request for bytes: ranges, conditions, and everything that a test wants to go wrong.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SeenRequest } from './hub-control.ts';
import type { HubFile } from './repositories.ts';

interface Range {
  start: number;
  /** Not included. */
  end: number;
}

/** Sends the file or the part that was asked for; counts what was sent in `seen` and in the file. */
export async function sendFile(
  file: HubFile,
  request: IncomingMessage,
  response: ServerResponse,
  seen: SeenRequest,
): Promise<void> {
  const { sizeBytes } = file.content;
  const etag = `"${await file.etag()}"`;
  const range = askedRange(request, file, etag);
  response.setHeader('etag', etag);
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('content-type', 'application/octet-stream');
  if (range === 'none') {
    response.writeHead(416, { 'content-range': `bytes */${sizeBytes}` }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: sizeBytes };
  if (range) response.setHeader('content-range', `bytes ${start}-${end - 1}/${sizeBytes}`);
  response.writeHead(range ? 206 : 200, { 'content-length': end - start });
  seen.status = range ? 206 : 200;
  if (request.method === 'HEAD') response.end();
  else await sendBytes({ file, start, end }, response, seen);
}

/** Null: everything; 'none': no byte of the file is in the range. */
function askedRange(request: IncomingMessage, file: HubFile, etag: string): Range | 'none' | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  const condition = request.headers['if-range'];
  if (condition !== undefined && condition !== etag) return null;
  if (takeTurn(file.faults.ignoreRange)) return null;
  const { sizeBytes } = file.content;
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1);
  return start >= sizeBytes || end <= start ? 'none' : { start, end };
}

async function sendBytes(
  { file, start, end }: Range & { file: HubFile },
  response: ServerResponse,
  seen: SeenRequest,
): Promise<void> {
  const { dropAfter, stallAfter } = file.faults;
  const drops = takeTurn(dropAfter) ? dropAfter : null;
  const stalls = takeTurn(stallAfter) ? stallAfter : null;
  const allowed = Math.min(end - start, drops?.bytes ?? Infinity, stalls?.bytes ?? Infinity);
  const pace = new Pace();
  let sent = 0;
  for await (const bytes of inSteps(file, start, start + allowed)) {
    await pace.turn(bytes.length, file.faults.paceBytesPerSecond);
    if (response.destroyed) return;
    const more = response.write(bytes, (error) => {
      if (error) return;
      seen.sentBytes += bytes.length;
      file.bytesSent += bytes.length;
    });
    sent += bytes.length;
    if (!more) await writable(response);
  }
  if (sent === end - start) response.end();
  // What was written still goes out: tests count on these bytes.
  else if (drops && sent === drops.bytes) response.socket?.destroySoon();
}

/** Waits until more can be written, or nothing any more. */
function writable(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.once('drain', go).once('close', go);
    if (response.destroyed) go();
  });
}

/** The bytes in pieces small enough for the pace. */
async function* inSteps(file: HubFile, start: number, end: number): AsyncGenerator<Buffer> {
  const { paceBytesPerSecond } = file.faults;
  const step = paceBytesPerSecond === null ? Infinity : Math.max(1, Math.floor(paceBytesPerSecond / 50));
  let position = start;
  for await (const chunk of file.content.read(start, end)) {
    const bytes = flipped(chunk, position, file);
    position += chunk.length;
    for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
  }
}

function flipped(chunk: Buffer, position: number, { faults }: HubFile): Buffer {
  const { flipBit } = faults;
  if (!flipBit || flipBit.at < position || flipBit.at >= position + chunk.length) return chunk;
  if (!takeTurn(flipBit)) return chunk;
  const copy = Buffer.from(chunk);
  copy[flipBit.at - position]! ^= 1;
  return copy;
}

/** Spreads what is sent over time. Time lost is not made up for, so that nothing ever comes in a burst. */
class Pace {
  #nextMs = 0;

  /** Waits until so many bytes may go. */
  async turn(bytes: number, bytesPerSecond: number | null): Promise<void> {
    if (bytesPerSecond === null) return;
    const aheadMs = this.#nextMs - performance.now();
    if (aheadMs > 1) await new Promise((resolve) => setTimeout(resolve, aheadMs));
    this.#nextMs = Math.max(this.#nextMs, performance.now()) + (bytes / bytesPerSecond) * 1000;
  }
}

/** Whether a fault applies this once more. */
function takeTurn(fault: { times: number } | null): boolean {
  if (!fault || fault.times <= 0) return false;
  fault.times -= 1;
  return true;
}
