// The asking side of a contract. Leaving a stream's loop, or aborting the signal, cancels on the other side.
// An abort is not an error: the loop simply ends. A dead peer rejects all that is pending.
import { AppError, fromWireError, type ErrorCode } from '#contract/errors.ts';
import { createQueue, type Queue } from './queue.ts';
import type { AnyContract, CallName, EventOf, InputOf, OutputOf, StreamName } from './define.ts';
import type { Port } from './port.ts';
import type { ClientMessage, ServerMessage } from './protocol.ts';

export interface Client<C extends AnyContract> {
  /** Asks once. Rejects with an AppError: the handler's own, or `closedCode` when the peer is gone. */
  call<K extends CallName<C>>(
    channel: K,
    input: InputOf<C, K>,
    signal?: AbortSignal,
  ): Promise<OutputOf<C, K>>;
  /** Asks for a stream of events. The request goes out when the first event is awaited. */
  stream<K extends StreamName<C>>(
    channel: K,
    input: InputOf<C, K>,
    signal?: AbortSignal,
  ): AsyncGenerator<EventOf<C, K>, void, void>;
}

/** A client of `C` on one port. `closedCode` names the loss of the peer. */
export function createClient<C extends AnyContract>(
  port: Port,
  closedCode: ErrorCode = 'connection-lost',
): Client<C> {
  const pending = new Map<number, Queue<ServerMessage>>();
  let nextId = 1;
  let closed = false;
  const lost = (): AppError => new AppError(closedCode, 'The other side has stopped');
  const send = (message: ClientMessage): void => port.send(message);

  port.onMessage((value) => {
    const message = value as ServerMessage;
    pending.get(message.id)?.push(message);
  });
  port.onClose(() => {
    closed = true;
    pending.forEach((queue) => queue.fail(lost()));
  });

  async function* request(
    type: 'call' | 'stream',
    channel: string,
    input: unknown,
    signal?: AbortSignal,
  ): AsyncGenerator<unknown, void, void> {
    if (closed) throw lost();
    if (signal?.aborted) return;
    const id = nextId++;
    const queue = createQueue<ServerMessage>();
    const cancel = (): void => queue.close();
    let answered = false;
    pending.set(id, queue);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      send({ type, id, channel, input });
      for await (const message of queue) {
        answered = message.type !== 'event';
        if (message.type === 'error') throw fromWireError(message.error);
        if (message.type === 'end') return;
        yield message.value;
        if (message.type === 'result') return;
      }
    } finally {
      signal?.removeEventListener('abort', cancel);
      pending.delete(id);
      if (!answered && !closed) send({ type: 'cancel', id });
    }
  }

  return {
    async call(channel, input, signal) {
      for await (const value of request('call', channel, input, signal)) return value as never;
      throw new AppError('cancelled', 'Cancelled before an answer came');
    },
    stream: (channel, input, signal) => request('stream', channel, input, signal) as never,
  };
}
