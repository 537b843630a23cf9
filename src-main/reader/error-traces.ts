// Unexpected errors for the log. A parser's message may quote the document, so only what kind of error it was and where
// it came from is told.

const LONGEST_NAME = 60;
const MOST_FRAMES = 12;

/** Class, code and stack frames of any thrown value, without its message. */
export function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return `A thrown ${typeof error}`;
  const { code } = error as NodeJS.ErrnoException;
  const name = [error.name, code].filter((part) => typeof part === 'string').map(asName);
  return [name.join(' '), ...framesOf(error)].join('\n');
}

/** Whatever stands before the message's end is no frame, even if it looks like one. */
function framesOf({ stack = '', message }: Error): string[] {
  const at = stack.indexOf(message);
  const lines = stack.slice(at < 0 ? 0 : at + message.length).split('\n');
  const isFrame = (line: string): boolean => /^\s+at \S/.test(line);
  const first = lines.findLastIndex((line) => line.trim() !== '' && !isFrame(line)) + 1;
  return lines.slice(first, first + MOST_FRAMES).filter(isFrame);
}

function asName(text: string | undefined): string {
  return (text ?? '').replaceAll(/[^\w.-]/g, '').slice(0, LONGEST_NAME);
}
