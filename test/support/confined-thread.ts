// A thread that confines itself as the reader's does, then tries what it must not be able to do, and tells how that went.
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { confineThread } from '../../src-main/reader/confine.ts';

confineThread();
console.error('text of a document');
/** What PDF.js asks for; not a package of ours. */
const CANVAS = ['@napi-rs', 'canvas'].join('/');
const require = createRequire(import.meta.url);

parentPort?.postMessage({
  canvas: outcomeOf(() => require(CANVAS)),
  native: outcomeOf(() => {
    const Database = require('better-sqlite3') as new (path: string) => object;
    return new Database(':memory:');
  }),
  network: ['fetch', 'WebSocket', 'EventSource'].filter((name) => name in globalThis),
});

function outcomeOf(attempt: () => unknown): string {
  try {
    attempt();
    return 'done';
  } catch (error) {
    return (error as Error).message;
  }
}
