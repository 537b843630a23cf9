// What can be written after `npm start --`. Both hosts and the launcher read the same arguments.
import { parseArgs } from 'node:util';

export interface StartOptions {
  /** Asked for browser mode although a desktop runtime may be there. */
  browser: boolean;
  /** Whether to open the default browser by itself. */
  open: boolean;
  /** 0: any free port. */
  port: number;
  dataFolder: string | undefined;
}

/** Reads arguments without the program's name; unknown ones are ignored, as Chromium adds its own. */
export function readStartOptions(args: readonly string[]): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    options: {
      browser: { type: 'boolean' },
      'no-open': { type: 'boolean' },
      port: { type: 'string' },
      'data-folder': { type: 'string' },
    },
  });
  const port = Number(values.port ?? 0);
  const folder = values['data-folder'];
  return {
    browser: values.browser === true,
    open: values['no-open'] !== true,
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0,
    dataFolder: typeof folder === 'string' && folder ? folder : undefined,
  };
}
