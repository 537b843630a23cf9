// Exports are UTF-8, but files that went through an editor or an old tool are not always: everything that follows
// sees UTF-8. A file without a mark that is no valid UTF-8 is read as Western European.
import { isUtf8 } from 'node:buffer';

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The same text in UTF-8, without a byte order mark. */
export async function* inUtf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  let decoder: TextDecoder | null = null;
  let first = true;
  for await (const chunk of chunks) {
    if (first) decoder = decoderFor(chunk);
    if (decoder) yield Buffer.from(decoder.decode(chunk, { stream: true }), 'utf8');
    else yield first && chunk.subarray(0, 3).equals(UTF8_MARK) ? chunk.subarray(3) : chunk;
    first = false;
  }
}

/** UTF-16 by its mark, or by the zero in each letter of ASCII; null: not UTF-16. */
function decoderFor([one, two]: Buffer): TextDecoder | null {
  if ((one === 0xff && two === 0xfe) || (one !== 0 && two === 0)) return new TextDecoder('utf-16le');
  if ((one === 0xfe && two === 0xff) || (one === 0 && two !== 0)) return new TextDecoder('utf-16be');
  return null;
}

/** The text of a piece of JSON. */
export function textOf(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : new TextDecoder('windows-1252').decode(bytes);
}
