// The way to the process that started this one: Node's IPC channel, or the parent port of an Electron
// utilityProcess, described here by its shape because only the Electron host may import electron.
import { portToParent } from './child-process-port.ts';
import type { Port } from './port.ts';

interface UtilityParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', receive: (event: { data: unknown }) => void): void;
  on(event: 'close', closed: () => void): void;
}

/** The port to the parent; null when this process was started by hand. */
export function connectToParent(): Port | null {
  const parentPort = (process as unknown as { parentPort?: UtilityParentPort }).parentPort;
  return parentPort ? adaptParentPort(parentPort) : portToParent();
}

function adaptParentPort(parentPort: UtilityParentPort): Port {
  return {
    send: (message) => parentPort.postMessage(message),
    onMessage: (receive) => parentPort.on('message', (event) => receive(event.data)),
    onClose: (closed) => parentPort.on('close', closed),
  };
}
