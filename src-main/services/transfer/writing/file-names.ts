// Names for exported files that every system takes and that never cover a file that is there.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const LONGEST = 80;
/** Names that Windows keeps for itself. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/iu;

/** A title as the name of a file, without its ending; `untitled` where nothing of it is left. */
export function fileNameOf(title: string, untitled: string): string {
  const name = title
    .normalize('NFC')
    // oxlint-disable-next-line no-control-regex -- they are what must not be in a name
    .replaceAll(/[<>:"/\\|?*\u0000-\u001F\u007F\p{Bidi_Control}]/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .slice(0, LONGEST)
    .replaceAll(/^[. ]+|[. ]+$/gu, '')
    .toWellFormed();
  return name === '' || RESERVED.test(name) ? untitled : name;
}

/** A path in `folder` where nothing is yet. */
export function freePath(folder: string, name: string, ending: string): string {
  for (let count = 1; ; count += 1) {
    const path = join(folder, `${name}${count === 1 ? '' : ` (${count})`}${ending}`);
    if (!existsSync(path)) return path;
  }
}
