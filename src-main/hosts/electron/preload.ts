// Runs in the page's process before the page does, sandboxed. Joins page and app by one MessagePort and passes on
// what was chosen in the menu; exposes no function and nothing of Electron to the page.
//
// The page says `lapidary-ready` (again after every loss), the answer is `lapidary-port` with a port; menu commands
// arrive as `lapidary-command`. The page's end is askPreload in src-renderer/bridge.ts.
import { ipcRenderer } from 'electron';

window.addEventListener('message', (event) => {
  if (event.source !== window || event.data?.type !== 'lapidary-ready') return;
  const { port1, port2 } = new MessageChannel();
  ipcRenderer.postMessage('lapidary-port', null, [port1]);
  // oxlint-disable-next-line eslint/no-restricted-globals -- the other end of bridge.ts
  window.postMessage({ type: 'lapidary-port' }, location.origin, [port2]);
});

ipcRenderer.on('lapidary-command', (_event, command: unknown) => {
  // oxlint-disable-next-line eslint/no-restricted-globals -- the other end of bridge.ts
  window.postMessage({ type: 'lapidary-command', command }, location.origin);
});
