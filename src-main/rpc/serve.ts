// The receiving side of a contract: parses every input at the door, runs the handler, answers, cancels.
import { AppError, toWireError } from '#contract/errors.ts';
import type { AnyContract, Handlers } from './define.ts';
import type { Port } from './port.ts';
import { claimedId, readClientMessage, type ClientMessage, type ServerMessage } from './protocol.ts';

interface ServeOptions {
  /** Told of every error that is no AppError; returns the log id that the peer is shown. */
  reportUnexpected?: (channel: string, error: unknown) => string;
}

type Handler = (input: unknown, signal: AbortSignal) => unknown;

/** Serves `contract` on one port until it closes; then every running handler's signal is aborted. */
export function serve<C extends AnyContract>(
  contract: C,
  handlers: Handlers<C>,
  port: Port,
  options: ServeOptions = {},
): void {
  const running = new Map<number, AbortController>();
  const answer = (message: ServerMessage): void => port.send(message);
  const fail = (id: number, channel: string, error: unknown): void => {
    const logId = error instanceof AppError ? undefined : options.reportUnexpected?.(channel, error);
    answer({ type: 'error', id, error: toWireError(error, logId) });
  };

  const forward = async (id: number, events: AsyncIterable<unknown>, signal: AbortSignal): Promise<void> => {
    for await (const value of events) {
      if (signal.aborted) break;
      answer({ type: 'event', id, value });
    }
    answer({ type: 'end', id });
  };

  const run = async (message: Extract<ClientMessage, { channel: string }>): Promise<void> => {
    const { id, channel } = message;
    const abort = new AbortController();
    running.set(id, abort);
    try {
      const { handler, input } = resolve(contract, handlers, message);
      const given = handler(input, abort.signal);
      if (message.type === 'call') answer({ type: 'result', id, value: await given });
      else await forward(id, given as AsyncIterable<unknown>, abort.signal);
    } catch (error) {
      if (abort.signal.aborted) answer({ type: 'end', id });
      else fail(id, channel, error);
    } finally {
      running.delete(id);
    }
  };

  port.onMessage((value) => {
    const message = readClientMessage(value);
    if (!message)
      return fail(claimedId(value), '', new AppError('bad-input', 'Not a message of the protocol'));
    if (message.type === 'cancel') return running.get(message.id)?.abort();
    if (running.has(message.id)) {
      return fail(message.id, message.channel, new AppError('bad-input', 'This id is in use'));
    }
    void run(message);
  });
  port.onClose(() => running.forEach((abort) => abort.abort()));
}

function resolve<C extends AnyContract>(
  contract: C,
  handlers: Handlers<C>,
  message: Extract<ClientMessage, { channel: string }>,
): { handler: Handler; input: unknown } {
  const channel = Object.hasOwn(contract, message.channel) ? contract[message.channel] : undefined;
  if (channel?.verb !== message.type) {
    throw new AppError('bad-input', `No ${message.type} channel named ${message.channel.slice(0, 80)}`);
  }
  const parsed = channel.input.safeParse(message.input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.join('.') ?? '';
    throw new AppError('bad-input', `${message.channel}: ${where} ${issue?.message ?? ''}`.trim());
  }
  return { handler: handlers[message.channel as keyof Handlers<C>] as Handler, input: parsed.data };
}
