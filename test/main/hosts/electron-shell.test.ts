// The desktop shell against a recording double: every lock that keeps a page, or what a model wrote into it, inside.
// The app behind it is the real one on a temporary folder.
import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Contract } from '#contract/index.ts';
import { createClient } from '#rpc/client.ts';
import { createElectronDouble, portPair, preventable, type ElectronDouble } from './electron-double.ts';

const PAGE = 'app://lapidary/';
const FOREIGN = [
  'https://example.com/',
  'http://127.0.0.1:1/',
  'file:///etc/passwd',
  'app://other/',
  'ws://a/',
];
let folder: string;
let running: ElectronDouble | null;

beforeEach(() => {
  running = null;
  folder = mkdtempSync(join(tmpdir(), 'lapidary-shell-'));
  vi.stubEnv('LAPIDARY_DATA_FOLDER', folder);
  vi.resetModules();
});

afterEach(async () => {
  if (running) await quit(running);
  vi.doUnmock('../../../src-main/services/create-app.ts');
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

async function start(options: Parameters<typeof createElectronDouble>[0] = {}): Promise<ElectronDouble> {
  const double = createElectronDouble(options);
  vi.doMock('electron', () => double.module);
  await import('../../../src-main/hosts/electron/main.ts');
  await vi.waitFor(() => expect(double.windows.length + double.app.ended.length).toBeGreaterThan(0));
  if (double.windows.length) running = double;
  return double;
}

async function hostOf(options: Parameters<typeof createElectronDouble>[0] = {}) {
  const double = createElectronDouble(options);
  await (double.app as unknown as { whenReady(): Promise<void> }).whenReady();
  vi.doMock('electron', () => double.module);
  const { createElectronHost } = await import('../../../src-main/hosts/electron/electron-host.ts');
  return { host: createElectronHost({ info: () => {}, error: () => 'id', flush: async () => {} }) };
}

async function quit(double: ElectronDouble): Promise<void> {
  running = null;
  double.app.quit();
  await vi.waitFor(() => expect(double.app.ended).toContain('quit'), 5000);
}

function onlyWindow(double: ElectronDouble): ElectronDouble['windows'][number] {
  const [window, ...more] = double.windows;
  if (!window || more.length) throw new Error(`${double.windows.length} windows`);
  return window;
}

it('opens one sandboxed, isolated window on our own scheme (one flag wrong and a page has Node)', async () => {
  const double = await start();
  const { options, url } = onlyWindow(double);
  expect(url).toBe(PAGE);
  expect(options.webPreferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
  });
  expect(options.webPreferences).toMatchObject({
    webSecurity: true,
    webviewTag: false,
    navigateOnDragDrop: false,
  });
  for (const flag of ['allowRunningInsecureContent', 'experimentalFeatures', 'nodeIntegrationInWorker']) {
    expect(options.webPreferences[flag] ?? false).toBe(false);
  }
  expect(options.webPreferences['preload']).toMatch(/preload\.cjs$/);
  expect(options.webPreferences).not.toHaveProperty('enableBlinkFeatures');
  expect(double.scheme.privileged).toEqual([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
});

it('serves the page with its policy, and nothing else (a path could lead out of its folder)', async () => {
  const double = await start();
  const { servePage } = await import('../../../src-main/hosts/electron/page-scheme.ts');
  mkdirSync(join(folder, 'page'));
  writeFileSync(join(folder, 'page', 'index.html'), '<!doctype html>');
  servePage(join(folder, 'page'));
  const ask = async (url: string, method = 'GET'): Promise<Response> => {
    const answer = await double.scheme.handle?.({ url, method } as Request);
    if (!answer) throw new Error('Nothing serves the scheme');
    return answer;
  };
  const page = await ask(PAGE);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self';/);
  const checker = await ask(`${PAGE}assets/lint-worker-abc.js`);
  expect(checker.headers.get('content-security-policy')).toContain("script-src 'self' 'wasm-unsafe-eval'");
  for (const path of ['%2e%2e/window.json', '..%2finstance.json', 'a/../../instance.json', 'missing.js']) {
    expect((await ask(PAGE + path)).status).toBe(404);
  }
  expect((await ask('app://other/index.html')).status).toBe(404);
  expect((await ask(PAGE, 'POST')).status).toBe(404);
});

it('grants nobody anything but our page to write to the clipboard (a page could listen or look)', async () => {
  const { session } = await start();
  const ask = (permission: string, requestingUrl: string): unknown => {
    const decide = vi.fn();
    session.handlers['ask']?.(...([null, permission, decide, { requestingUrl }] as never[]));
    const checked = session.handlers['check']?.(...([null, permission, requestingUrl, {}] as never[]));
    expect(decide).toHaveBeenCalledWith(checked);
    return checked;
  };
  const names = 'media geolocation notifications openExternal fileSystem clipboard-read midi hid usb serial';
  for (const permission of [...names.split(' '), 'fullscreen', 'display-capture', 'unknown']) {
    expect(ask(permission, PAGE)).toBe(false);
  }
  for (const origin of [...FOREIGN, '', 'null']) expect(ask('clipboard-sanitized-write', origin)).toBe(false);
  expect(ask('clipboard-sanitized-write', PAGE)).toBe(true);
  expect(session.handlers['device']?.()).toBe(false);
});

it('loads nothing from outside and saves nothing (an image in an answer would carry its words away)', async () => {
  const { session } = await start();
  const cancelled = (url: string): unknown => {
    const decide = vi.fn();
    session.handlers['request']?.(...([{ url }, decide] as never[]));
    return (decide.mock.lastCall as [{ cancel: boolean }] | undefined)?.[0].cancel;
  };
  for (const url of [...FOREIGN, 'blob:https://example.com/1']) expect(cancelled(url)).toBe(true);
  for (const url of [PAGE, `${PAGE}assets/a.js`, `blob:${PAGE}1`, 'data:image/png;base64,']) {
    expect(cancelled(url)).toBe(false);
  }
  const download = preventable();
  session.emit('will-download', download);
  expect(download.prevented).toBe(true);
  expect(session.calls['spellChecker']).toBe(process.platform === 'darwin');
});

it('stays on its page (a link in an answer could replace the app by a website)', async () => {
  const { contents } = onlyWindow(await start());
  for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
    for (const url of [...FOREIGN, 'data:text/html,a', 'javascript:1', `${PAGE}assets/a.js`]) {
      const event = preventable({ url });
      contents.emit(name, event);
      expect([name, url, event.prevented]).toEqual([name, url, true]);
    }
  }
  const reload = preventable({ url: PAGE });
  contents.emit('will-navigate', reload);
  expect(reload.prevented).toBe(false);
  expect(contents.openHandler?.()).toEqual({ action: 'deny' });
  const webview = preventable();
  contents.emit('will-attach-webview', webview);
  expect(webview.prevented).toBe(true);
});

it('answers our page on the port it sends, and closes the port of any other frame', async () => {
  const double = await start();
  const connect = (senderFrame: object | null): ReturnType<typeof portPair> => {
    const pair = portPair();
    double.ipc.emit('lapidary-port', { ports: [pair[1]], senderFrame, sender: onlyWindow(double).contents });
    return pair;
  };
  const ours = { url: PAGE, origin: 'app://lapidary', parent: null };
  const [near] = connect(ours);
  const client = createClient<Contract>({
    send: (message) => near.postMessage(message),
    onMessage: (receive) => near.on('message', ({ data }) => receive(data)),
    onClose: (closed) => near.once('close', closed),
  });
  expect(await client.call('app.describe', undefined)).toMatchObject({
    host: 'electron',
    dataFolder: folder,
  });
  for (const frame of [
    { ...ours, parent: ours },
    { url: 'https://a/', origin: 'https://a', parent: null },
    null,
  ]) {
    expect(connect(frame)[1].closed).toBe(true);
  }
});

it.skipIf(process.platform !== 'linux').each([
  ['gnome_libsecret', true],
  ['kwallet6', true],
  ['basic_text', false],
  ['unknown', false],
])(
  'with %s keeps secrets: %s, and opens no keyring to find out (a start would ask for a password)',
  async (secretStore, kept) => {
    const { host } = await hostOf({ secretStore });
    expect('unavailable' in host.capabilities.secrets).toBe(!kept);
  },
);

it('comes to the front at a second start, and the second one opens nothing', async () => {
  const first = await start();
  const window = onlyWindow(first);
  window.minimized = true;
  first.app.emit('second-instance', preventable(), [], '', undefined);
  expect(window.calls).toEqual(['restore', 'show', 'focus']);
  expect(first.windows).toHaveLength(1);
  vi.resetModules();
  const second = await start({ first: false });
  expect([second.windows.length, second.app.ended]).toEqual([0, [0]]);
});

it('leaves the data to a running browser mode and says so (two apps would write one database)', async () => {
  const other = { pid: process.ppid, host: 'browser', port: 1, secret: 'x'.repeat(40) };
  writeFileSync(join(folder, 'instance.json'), JSON.stringify(other));
  const double = await start();
  expect([double.windows.length, double.app.ended]).toEqual([0, [1]]);
  expect(double.errors.join()).toContain('browser mode');
});

it('shows progress on its window, and takes it away (a bar could stay in the dock for ever)', async () => {
  const double = await start();
  const { createElectronHost } = await import('../../../src-main/hosts/electron/electron-host.ts');
  const { capabilities } = createElectronHost({ info: () => {}, error: () => 'id', flush: async () => {} });
  if (!('show' in capabilities.taskbarProgress)) throw new Error('No progress on the desktop');
  const { progress } = onlyWindow(double);
  await vi.waitFor(() => expect(progress).toEqual([-1])); // nothing is downloaded
  capabilities.taskbarProgress.show(0.5);
  capabilities.taskbarProgress.show(null);
  expect(progress).toEqual([-1, 0.5, -1]);
});

it('quits only after everything is saved (the last words of an answer would be lost)', async () => {
  const closing = Promise.withResolvers<void>();
  const app = { serve: () => {}, close: () => closing.promise };
  vi.doMock('../../../src-main/services/create-app.ts', () => ({ createApp: async () => app }));
  const double = await start();
  double.app.quit();
  double.app.quit();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(double.app.ended).toEqual([]);
  closing.resolve();
  await vi.waitFor(() => expect(double.app.ended).toEqual(['quit']));
  running = null;
  expect(existsSync(join(folder, 'instance.json'))).toBe(false);
});

it('quits all the same when saving hangs (the window would never go away)', async () => {
  const app = { serve: () => {}, close: () => new Promise(() => {}) };
  vi.doMock('../../../src-main/services/create-app.ts', () => ({ createApp: async () => app }));
  await quit(await start());
});

it('loads a crashed page again, but not for ever', async () => {
  const { contents } = onlyWindow(await start());
  contents.emit('render-process-gone', preventable(), { reason: 'clean-exit' });
  expect(contents.reloads).toBe(0);
  for (let crash = 0; crash < 20; crash += 1) {
    contents.emit('render-process-gone', preventable(), { reason: 'crashed' });
  }
  expect(contents.reloads).toBe(3);
});

it('opens where it was, unless that is on no screen any more (the window could not be found)', async () => {
  const stateFile = join(folder, 'window.json');
  const first = await start();
  (onlyWindow(first) as EventEmitter).emit('close', preventable());
  await quit(first);
  expect(JSON.parse(readFileSync(stateFile, 'utf8'))).toMatchObject({
    x: 10,
    y: 20,
    width: 900,
    height: 700,
  });
  vi.resetModules();
  const second = await start();
  expect(onlyWindow(second).options).toMatchObject({ x: 10, y: 20, width: 900, height: 700 });
  await quit(second);
  vi.resetModules();
  const gone = await start({ displays: [{ x: 5000, y: 0, width: 1920, height: 1080 }] });
  expect(onlyWindow(gone).options).not.toHaveProperty('x');
  await quit(gone);
  writeFileSync(stateFile, '{"x":');
  vi.resetModules();
  expect(onlyWindow(await start()).options).not.toHaveProperty('x');
});
