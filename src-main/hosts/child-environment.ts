// What child processes start with, and the environment they get. They read files that strangers made, so nothing
// secret is in it.
import { engineEntry, readerEntry } from './places.ts';

export interface ChildStart {
  /** For the log and the system's list of processes. */
  name: string;
  entry: string;
  environment: Record<string, string>;
}

const NOT_INHERITED = ['ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS', 'WATCH_REPORT_DEPENDENCIES', 'HF_TOKEN'];

/** All that a reader process may know of its surroundings: where temporary files lie, and what Windows can't do without. */
const FOR_READER = ['LANG', 'LC_ALL', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'TZ', 'windir'];

/** The engine finds drivers and libraries by the whole environment, so it inherits ours but for what is only ours. */
export function engineStart(added: Record<string, string>): ChildStart {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !NOT_INHERITED.includes(entry[0]),
  );
  return {
    name: 'Engine',
    entry: engineEntry(),
    environment: { ...Object.fromEntries(inherited), ...added },
  };
}

export function readerStart(): ChildStart {
  const environment = Object.fromEntries(
    FOR_READER.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return { name: 'Reader', entry: readerEntry(), environment };
}
