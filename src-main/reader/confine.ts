// What the thread that parses must not do: run native code, reach the network, or print what a parser has to say,
// which can hold text of the document.
import { registerHooks } from 'node:module';

/** PDF.js would load it to draw pages. */
const NATIVE_PART = '@napi-rs/canvas';
const PRINTING = ['debug', 'dir', 'error', 'info', 'log', 'table', 'trace', 'warn'] as const;
const NETWORK = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'];

/** For the rest of this thread's life; to be called before any parser is loaded. */
export function confineThread(): void {
  process.dlopen = refuse;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier.startsWith(NATIVE_PART) ? refuse() : next(specifier, context),
  });
  for (const name of PRINTING) console[name] = () => {};
  for (const name of NETWORK) Reflect.deleteProperty(globalThis, name);
}

function refuse(): never {
  throw new Error('Not in the reader');
}
