// Every web contents stays on our page: no navigation, no new window, no webview. Links go through app.openLink.
import { app, type WebContents } from 'electron';
import { isPage } from './page-scheme.ts';

export function restrictAllContents(): void {
  app.on('web-contents-created', (_event, contents) => restrictContents(contents));
}

function restrictContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  // No address of this machine for anyone, even if a page could open a connection.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('will-navigate', (event) => stayHere(event));
  contents.on('will-frame-navigate', (event) => stayHere(event));
  contents.on('will-redirect', (event) => stayHere(event));
}

function stayHere(event: { url: string; preventDefault(): void }): void {
  if (!isPage(event.url)) event.preventDefault();
}
