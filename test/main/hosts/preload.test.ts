// The preload's own part in a drop: it tells the page where files lie that a person dropped, and nothing else does.
import { afterEach, expect, it, vi } from 'vitest';

type Listener = (event: unknown) => void;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.doUnmock('electron');
  vi.resetModules();
});

async function load() {
  const listeners = new Map<string, Listener>();
  const postMessage = vi.fn();
  vi.doMock('electron', () => ({
    ipcRenderer: { on: vi.fn(), postMessage: vi.fn() },
    webUtils: { getPathForFile: (file: { path: string }) => file.path },
  }));
  const addEventListener = (name: string, listener: Listener): void => void listeners.set(name, listener);
  vi.stubGlobal('window', { addEventListener, postMessage });
  vi.stubGlobal('location', { origin: 'app://lapidary' });
  await import('../../../src-main/hosts/electron/preload.ts');
  return { drop: listeners.get('drop'), postMessage };
}

const holding = (...paths: string[]) => ({ files: paths.map((path) => ({ path })) });

it('tells the page where dropped files lie', async () => {
  const { drop, postMessage } = await load();
  drop?.({ isTrusted: true, dataTransfer: holding('/home/ada/a.gguf', '/home/ada/b.gguf') });
  const message = { type: 'lapidary-dropped', paths: ['/home/ada/a.gguf', '/home/ada/b.gguf'] };
  expect(postMessage.mock.calls).toEqual([[message, 'app://lapidary']]);
});

// Catches a script that makes up a drop to learn paths, and pictures dragged from a page, which lie nowhere.
it('tells nothing of a drop that no person made, nor of what lies on no disk', async () => {
  const { drop, postMessage } = await load();
  drop?.({ isTrusted: false, dataTransfer: holding('/home/ada/a.gguf') });
  drop?.({ isTrusted: true, dataTransfer: holding('') });
  drop?.({ isTrusted: true, dataTransfer: null });
  expect(postMessage).not.toHaveBeenCalled();
});
