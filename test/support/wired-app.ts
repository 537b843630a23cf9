// The whole app without a window, on a temporary folder: real database, real engine, demo model.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contract } from '#contract/index.ts';
import type { GenerationEvent, Message } from '#contract/chat.ts';
import { createClient, type Client } from '#rpc/client.ts';
import { createMemoryPorts } from '#rpc/message-port.ts';
import { createApp, type App, type AppOptions } from '../../src-main/services/create-app.ts';
import { createTestHost, type TestHost } from './node-host.ts';

export const RESOURCES = new URL('../../resources', import.meta.url).pathname;

export interface WiredApp {
  app: App;
  host: TestHost;
  folder: string;
  client: Client<Contract>;
  /** A further window on the same app; `close` is what closing the window does. */
  connect(): { client: Client<Contract>; close(): void };
  /** Closes the app and keeps its folder. */
  close(): Promise<void>;
  /** Closes the app and removes its folder. */
  destroy(): Promise<void>;
}

interface WiredOptions {
  /** Data of an earlier app, to start again on; a fresh folder otherwise. */
  folder?: string;
  environment?: Record<string, string>;
  /** Of other shipped data than ours. */
  resources?: string;
  now?: () => number;
  downloadsTuning?: AppOptions['downloadsTuning'];
}

export async function startWiredApp(options: WiredOptions = {}): Promise<WiredApp> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'lapidary-test-')));
  const host = createTestHost(options.environment);
  const paths = { dataFolder: folder, resources: options.resources ?? RESOURCES };
  const app = await createApp({
    paths,
    host,
    version: '0.0.0-test',
    ...(options.now && { now: options.now }),
    downloadsTuning: options.downloadsTuning,
  });
  const connect = (): { client: Client<Contract>; close(): void } => {
    const [near, far] = createMemoryPorts();
    app.serve(far);
    return { client: createClient<Contract>(near), close: () => near.close() };
  };
  const first = connect();
  const close = async (): Promise<void> => {
    first.close();
    await app.close();
  };
  return {
    app,
    host,
    folder,
    client: first.client,
    connect,
    close,
    destroy: async () => {
      await close();
      // The engine's last words may reach the log after the app has closed.
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Sends a message and collects all events. */
export async function ask(
  client: Client<Contract>,
  text: string,
  conversationId: number | null = null,
): Promise<{ events: GenerationEvent[]; answer: Message }> {
  const events: GenerationEvent[] = [];
  for await (const event of client.stream('chat.send', { conversationId, text })) events.push(event);
  const done = events.at(-1);
  if (done?.type !== 'done') throw new Error(`Ended with ${done?.type}`);
  return { events, answer: done.answer };
}

/** Waits until `check` gives something else than null, undefined or false; fails after `limitMs`. */
export async function until<T>(check: () => T | Promise<T>, limitMs = 10_000): Promise<NonNullable<T>> {
  for (const start = Date.now(); Date.now() - start < limitMs;) {
    const value = await check();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('What was waited for did not come');
}
