// Text in the middle of being written often ends inside **bold or `code. Closing it for the eye keeps signs from
// flashing up and vanishing; the text itself is not changed.

/** `tail` with unfinished emphasis, code and links closed or hidden. */
export function closeMarkup(tail: string): string {
  if (!/[*_`[~]/.test(tail)) return tail;
  const ticks = tail.match(/`+/g);
  if (ticks && ticks.length % 2 === 1) return closeCode(tail, ticks.at(-1)!);
  const text = tail
    .replace(/(^|[\s(])(?:\*{1,3}|_{1,3}|~~?|!?\[)$/, '$1')
    .replace(/\[\^[\w-]*$/, '')
    .replace(/!?\[(?!\^)([^\][]*)(?:\](?:\([^()\s]*)?)?$/, '$1');
  return closePair(closePair(closePair(text, '**'), '~~'), '*');
}

function closeCode(tail: string, ticks: string): string {
  return tail.endsWith(ticks) ? tail.slice(0, -ticks.length) : tail + ticks;
}

/** Adds the closing sign when one was opened, seen from the signs outside code. */
function closePair(text: string, sign: string): string {
  const outside = text.replace(/(`+)[^`]+\1/g, 'x').replace(/\$[^$\n]+\$/g, 'x');
  const bare = sign === '*' ? outside.replace(/\*\*/g, '').replace(/^\s*\*\s/gm, '') : outside;
  const parts = bare.split(sign);
  const opened =
    parts.length % 2 === 0 && /^\S/.test(parts.at(-1)!) && /(^|[\s(\p{P}])$/u.test(parts.at(-2)!);
  if (!opened) return text;
  if (sign === '**' && text.endsWith('*')) return text + '*';
  return text.trimEnd() + sign;
}
