// Runs sandboxed beside the page, before its first script: hands it the port it asks for and the menu's commands.
// The page gets nothing of Electron itself.
import { contextBridge, ipcRenderer } from 'electron';
import { MENU_COMMANDS, type MenuCommand, type PreloadApi } from '#contract/menu.ts';
import { COMMAND, CONNECT, PORT } from './page-channels.ts';

window.addEventListener('message', (event) => {
  if (event.source === window && event.data?.type === 'lapidary-ready') ipcRenderer.send(CONNECT);
});

ipcRenderer.on(PORT, (event) => {
  window.postMessage({ type: 'lapidary-port' }, window.location.origin, event.ports);
});

const api: PreloadApi = {
  onCommand(run) {
    const receive = (_event: unknown, command: MenuCommand): void => {
      if (MENU_COMMANDS.includes(command)) run(command);
    };
    ipcRenderer.on(COMMAND, receive);
    return () => void ipcRenderer.off(COMMAND, receive);
  },
};
contextBridge.exposeInMainWorld('lapidary', api);
