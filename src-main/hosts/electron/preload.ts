// Runs in the page's process before the page does, sandboxed. Joins page and app by one MessagePort and passes on
// what was chosen in the menu or dropped onto the window; exposes no function and nothing of Electron to the page.
//
// The page says `lapidary-ready` (again after every loss), the answer is `lapidary-port` with a port; menu commands
// arrive as `lapidary-command`, the places of dropped files as `lapidary-dropped`. The page's ends are askPreload in
// src-renderer/bridge.ts, app/keyboard.ts and features/models/drop/dropped-files.ts.
import { ipcRenderer, webUtils } from 'electron';

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

// A page may not know where a file lies; it hears so only of those that a person dropped onto it.
window.addEventListener('drop', (event) => {
  const files = [...(event.dataTransfer?.files ?? [])];
  const paths = files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '');
  if (!event.isTrusted || paths.length === 0) return;
  // oxlint-disable-next-line eslint/no-restricted-globals -- the other end of dropped-files.ts
  window.postMessage({ type: 'lapidary-dropped', paths }, location.origin);
});
