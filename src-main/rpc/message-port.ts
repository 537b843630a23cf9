// Two ports joined in memory, for tests and for parts of one process. Values are cloned, as a real transport does.
import type { Port } from './port.ts';

/** A port that can be closed from this side. */
export interface ClosablePort extends Port {
  close(): void;
}

/** Two ends of one connection: what one sends the other receives, asynchronously. */
export function createMemoryPorts(): [ClosablePort, ClosablePort] {
  const { port1, port2 } = new MessageChannel();
  return [adaptMessagePort(port1), adaptMessagePort(port2)];
}

/** Adapts a DOM or Node MessagePort. */
export function adaptMessagePort(port: MessagePort): ClosablePort {
  return {
    send: (message) => port.postMessage(message),
    onMessage(receive) {
      port.addEventListener('message', (event) => receive(event.data));
      port.start();
    },
    onClose: (closed) => port.addEventListener('close', closed, { once: true }),
    close: () => port.close(),
  };
}
