// Takes the port that the preload sends and connects it to the app: the only message this process listens to.
import { ipcMain, type MessagePortMain, type WebFrameMain } from 'electron';
import type { Port } from '#rpc/port.ts';
import { isPageAddress } from './page-scheme.ts';

/** Calls `connect` for every port of our own page's main frame; ports of anyone else are closed. */
export function acceptPagePorts(connect: (port: Port) => void): void {
  ipcMain.on('lapidary-port', ({ ports, senderFrame }) => {
    const [port] = ports;
    if (!port) return;
    if (isOurPage(senderFrame)) connect(adaptPort(port));
    else port.close();
  });
}

function isOurPage(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && isPageAddress(frame.url);
}

function adaptPort(port: MessagePortMain): Port {
  let open = true;
  port.once('close', () => (open = false));
  return {
    send: (message) => {
      if (open) port.postMessage(message);
    },
    onMessage(receive) {
      port.on('message', (event) => receive(event.data));
      port.start();
    },
    onClose: (closed) => port.once('close', closed),
  };
}
