// What the window's session may do: load our own page. No network, no permission but to copy, no download.
import { app, type Session } from 'electron';
import { isPageAddress, PAGE_ADDRESS } from './page-scheme.ts';

/** Chromium's own errands. Must run before the app is ready. */
export function stopBackgroundNetworking(): void {
  for (const name of ['disable-background-networking', 'disable-component-update', 'no-pings']) {
    app.commandLine.appendSwitch(name);
  }
}

export function restrictSession(session: Session): void {
  session.webRequest.onBeforeRequest((details, decide) => decide({ cancel: !mayLoad(details.url) }));
  session.setPermissionRequestHandler((_contents, permission, decide, details) =>
    decide(mayHave(permission, details.requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => mayHave(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  // Elsewhere than on a Mac the dictionary would be downloaded from Google.
  session.setSpellCheckerEnabled(process.platform === 'darwin');
  session.setSpellCheckerDictionaryDownloadURL(`${PAGE_ADDRESS}no-dictionaries/`);
}

function mayLoad(address: string): boolean {
  const own = address.startsWith('blob:') ? address.slice('blob:'.length) : address;
  return isPageAddress(own) || address.startsWith('data:') || address.startsWith('devtools:');
}

function mayHave(permission: string, origin: string): boolean {
  return permission === 'clipboard-sanitized-write' && isPageAddress(origin);
}
