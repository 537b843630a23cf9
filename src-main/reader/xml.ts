// Walks through XML or HTML as it arrives. Nothing is fetched, no entity is expanded but the built-in ones, and what is
// not well-formed is read as far as it makes sense.
import { Parser } from 'htmlparser2';
import type { ReadBlock } from '#contract/reader.ts';

export type Attributes = Readonly<Record<string, string>>;

/** Turns what it is told into blocks. */
export interface Collector {
  open(name: string, attributes: Attributes): void;
  close(name: string): void;
  text(text: string): void;
  /** What has become complete since the last time. */
  take(): ReadBlock[];
}

/** Yields after each chunk what became complete, with the number of bytes done. */
export async function* walk(
  chunks: AsyncIterable<Buffer>,
  collector: Collector,
  dialect: 'xml' | 'html' = 'xml',
): AsyncGenerator<{ blocks: ReadBlock[]; doneBytes: number }, void, void> {
  const parser = parserFor(collector, dialect);
  let decoder: TextDecoder | null = null;
  let doneBytes = 0;
  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(declaredEncoding(chunk));
    parser.write(decoder.decode(chunk, { stream: true }));
    doneBytes += chunk.length;
    yield { blocks: collector.take(), doneBytes };
  }
  parser.end(decoder?.decode() ?? '');
  yield { blocks: collector.take(), doneBytes };
}

/** The same for text that is here as a whole. */
export function walkText(text: string, collector: Collector, dialect: 'xml' | 'html'): ReadBlock[] {
  parserFor(collector, dialect).end(text);
  return collector.take();
}

/** Every element with its attributes and its own text, for small parts such as lists of styles. */
export function elements(xml: string): { name: string; attributes: Attributes; text: string }[] {
  const found: { name: string; attributes: Attributes; text: string }[] = [];
  const within: { text: string }[] = [];
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const element = { name, attributes, text: '' };
        found.push(element);
        within.push(element);
      },
      ontext(text) {
        const element = within.at(-1);
        if (element) element.text += text;
      },
      onclosetag: () => void within.pop(),
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(xml);
  return found;
}

function parserFor(collector: Collector, dialect: 'xml' | 'html'): Parser {
  return new Parser(
    {
      onopentag: (name, attributes) => collector.open(name, attributes),
      onclosetag: (name) => collector.close(name),
      ontext: (text) => collector.text(text),
    },
    { xmlMode: dialect === 'xml', decodeEntities: true },
  );
}

/** By its byte order mark or its declaration, else UTF-8. */
function declaredEncoding(start: Buffer): string {
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  const label = /^[^>]{0,100}encoding=["']([\w.:-]{1,40})["']/.exec(start.toString('latin1', 0, 200))?.[1];
  return label && isEncoding(label) ? label : 'utf-8';
}

function isEncoding(label: string): boolean {
  try {
    return Boolean(new TextDecoder(label).encoding);
  } catch {
    return false;
  }
}
