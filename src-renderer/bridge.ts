// The only file that touches the transport: it connects this page to the host, in Electron by a MessagePort from
// the preload, otherwise by a WebSocket, and connects again after a loss. Everything else sees `Api`.
import { AppError } from '#contract/errors.ts';
import type { Contract } from '#contract/index.ts';
import { createClient, type Client } from '#rpc/client.ts';
import type { CallName, EventOf, InputOf, OutputOf, StreamName } from '#rpc/define.ts';
import type { Port } from '#rpc/port.ts';

export type ConnectionState = 'connecting' | 'connected' | 'lost';
export type Channels = StreamName<Contract>;

export interface Api extends Client<Contract> {
  /**
   * Follows an endless stream, again after every reconnect, until the returned function is called.
   * `onFailure` hears of an error of the stream itself (the connection's loss is none); the stream then ends.
   */
  subscribe<K extends Channels>(
    channel: K,
    input: InputOf<Contract, K>,
    onEvent: (event: EventOf<Contract, K>) => void,
    onFailure?: (error: AppError) => void,
  ): () => void;
  /** Hears every change of the connection, and at once the present state. */
  onConnection(listener: (state: ConnectionState) => void): () => void;
  /** Runs after every re-established connection. */
  onReconnect(listener: () => void): () => void;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5000;

class Bridge implements Api {
  readonly #connect: () => Promise<Port>;
  readonly #listeners = new Set<(state: ConnectionState) => void>();
  readonly #reconnected = new Set<() => void>();
  #state: ConnectionState = 'connecting';
  #client = Promise.withResolvers<Client<Contract>>();

  constructor(connect: () => Promise<Port>) {
    this.#connect = connect;
    void this.#run();
  }

  async call<K extends CallName<Contract>>(
    channel: K,
    input: InputOf<Contract, K>,
    signal?: AbortSignal,
  ): Promise<OutputOf<Contract, K>> {
    return (await this.#present()).call(channel, input, signal);
  }

  async *stream<K extends Channels>(
    channel: K,
    input: InputOf<Contract, K>,
    signal?: AbortSignal,
  ): AsyncGenerator<EventOf<Contract, K>, void, void> {
    yield* (await this.#present()).stream(channel, input, signal);
  }

  subscribe<K extends Channels>(
    channel: K,
    input: InputOf<Contract, K>,
    onEvent: (event: EventOf<Contract, K>) => void,
    onFailure?: (error: AppError) => void,
  ): () => void {
    const abort = new AbortController();
    const follow = async (): Promise<void> => {
      while (!abort.signal.aborted) {
        const client = await this.#client.promise;
        try {
          for await (const event of client.stream(channel, input, abort.signal)) onEvent(event);
          return;
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          if (error.code !== 'connection-lost') return onFailure?.(error);
        }
      }
    };
    void follow();
    return () => abort.abort();
  }

  onConnection(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }

  onReconnect(listener: () => void): () => void {
    this.#reconnected.add(listener);
    return () => this.#reconnected.delete(listener);
  }

  /** The client to ask; at the very start it waits, while the connection is lost it refuses at once. */
  #present(): Promise<Client<Contract>> {
    if (this.#state === 'lost') throw new AppError('connection-lost', 'Not connected');
    return this.#client.promise;
  }

  async #run(): Promise<void> {
    for (let delay = FIRST_DELAY_MS; ;) {
      const port = await this.#connect().catch(() => null); // refused: the next attempt follows below
      if (port) {
        const closed = new Promise<void>((resolve) => port.onClose(resolve));
        const again = this.#state === 'lost';
        this.#client.resolve(createClient<Contract>(port));
        this.#become('connected');
        if (again) this.#reconnected.forEach((listener) => listener());
        delay = FIRST_DELAY_MS;
        await closed;
        this.#client = Promise.withResolvers();
      }
      this.#become('lost');
      await new Promise((resolve) => setTimeout(resolve, delay));
      delay = Math.min(LONGEST_DELAY_MS, delay * 2);
    }
  }

  #become(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#listeners.forEach((listener) => listener(state));
  }
}

/** An Api over whatever `connect` opens; it is called again after every loss. */
export function createApi(connect: () => Promise<Port>): Api {
  return new Bridge(connect);
}

/** Opens the way to the host that fits where this page runs. */
export function connectToHost(): Promise<Port> {
  return location.protocol === 'app:' ? askPreload() : openSocket();
}

/** Electron: the preload answers `lapidary-ready` with a MessagePort. */
function askPreload(): Promise<Port> {
  return new Promise((resolve) => {
    const receive = (event: MessageEvent): void => {
      const port = event.ports[0];
      if (event.source !== window || event.data?.type !== 'lapidary-port' || !port) return;
      window.removeEventListener('message', receive);
      resolve(adaptPort(port));
    };
    window.addEventListener('message', receive);
    window.postMessage({ type: 'lapidary-ready' }, location.origin);
  });
}

function adaptPort(port: MessagePort): Port {
  return {
    send: (message) => port.postMessage(message),
    onMessage(receive) {
      port.addEventListener('message', (event) => receive(event.data));
      port.start();
    },
    onClose: (closed) => port.addEventListener('close', closed, { once: true }),
  };
}

/** Browser mode: JSON text frames on the same origin. */
function openSocket(): Promise<Port> {
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/socket`);
  return new Promise((resolve, reject) => {
    socket.addEventListener('close', () => reject(new AppError('connection-lost', 'The socket closed')));
    socket.addEventListener('open', () =>
      resolve({
        send: (message) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
        },
        onMessage: (receive) =>
          socket.addEventListener('message', (event) => receive(JSON.parse(String(event.data)))),
        onClose: (closed) => socket.addEventListener('close', () => closed(), { once: true }),
      }),
    );
  });
}
