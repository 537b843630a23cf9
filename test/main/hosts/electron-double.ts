// Stands in for the `electron` module: records what the shell asks of it, and fails on everything that it does not
// know or that Electron refuses at that moment. What tests need to reach stands beside the module.
import { EventEmitter } from 'node:events';

type Handler = (...args: never[]) => unknown;

/** Something with only the members that were foreseen. */
function strict<T extends object>(name: string, target: T): T {
  return new Proxy(target, {
    get(of, key) {
      if (typeof key === 'string' && !(key in of)) throw new Error(`Nobody knows electron's ${name}.${key}`);
      const value: unknown = Reflect.get(of, key);
      return typeof value === 'function' ? value.bind(of) : value;
    },
  });
}

/** An event that can be prevented, as Electron's are. */
export function preventable<T extends object>(
  more: T = {} as T,
): T & { prevented: boolean; preventDefault(): void } {
  const event = { ...more, prevented: false, preventDefault: () => void (event.prevented = true) };
  return event;
}

/** One end of a message channel, like Electron's MessagePortMain: what comes before anyone listens waits. */
export class PortDouble extends EventEmitter {
  other: PortDouble | null = null;
  closed = false;
  readonly #early: unknown[] = [];
  postMessage(message: unknown): void {
    const data = structuredClone(message);
    setImmediate(() => this.other?.receive({ data }));
  }
  start(): void {
    for (const event of this.#early.splice(0)) this.emit('message', event);
  }
  receive(event: unknown): void {
    if (this.listenerCount('message') === 0) this.#early.push(event);
    else this.emit('message', event);
  }
  close(): void {
    this.closed = true;
    this.emit('close');
    this.other?.emit('close');
  }
}

export function portPair(): [PortDouble, PortDouble] {
  const pair: [PortDouble, PortDouble] = [new PortDouble(), new PortDouble()];
  [pair[0].other, pair[1].other] = [pair[1], pair[0]];
  return pair;
}

/** What became of one window. */
export interface WindowRecord extends EventEmitter {
  options: Record<string, unknown> & { webPreferences: Record<string, unknown> };
  calls: string[];
  /** In the dock or taskbar. */
  progress: number[];
  url: string;
  minimized: boolean;
  bounds: { x: number; y: number; width: number; height: number };
  contents: EventEmitter & {
    openHandler: Handler | null;
    sent: unknown[][];
    reloads: number;
    policies: string[];
  };
}

export interface ElectronDouble {
  /** What `import ... from 'electron'` gives. */
  module: Record<string, unknown>;
  app: EventEmitter & { ended: (number | 'quit')[]; switches: string[]; quit(): void };
  windows: WindowRecord[];
  session: EventEmitter & { handlers: Record<string, Handler>; calls: Record<string, unknown> };
  ipc: EventEmitter;
  scheme: { privileged: unknown[]; handle: ((request: Request) => Promise<Response>) | null };
  /** Error boxes, addresses opened outside, menus, forked processes; each in order. */
  errors: string[];
  opened: string[];
  menus: { label?: string; submenu?: unknown }[][];
  forked: { args: unknown[]; child: EventEmitter & { pid: number | undefined; posted: unknown[] } }[];
}

interface DoubleOptions {
  /** False: another window already has the data folder. */
  first?: boolean;
  displays?: { x: number; y: number; width: number; height: number }[];
  secretStore?: string;
}

export function createElectronDouble(options: DoubleOptions = {}): ElectronDouble {
  let ready = false;
  const needReady = (name: string): void => {
    if (!ready) throw new Error(`${name} can only be used after the app is ready`);
  };
  const double = {
    windows: [],
    ipc: new EventEmitter(),
    scheme: { privileged: [], handle: null },
    errors: [],
    opened: [],
    menus: [],
    forked: [],
  } as unknown as ElectronDouble;
  double.app = createApp(options, () => (ready = true));
  double.session = createSession();
  double.module = {
    app: strict('app', double.app),
    BrowserWindow: createWindowClass(double, needReady),
    dialog: strict('dialog', {
      showErrorBox: (...texts: string[]) => double.errors.push(texts.join(': ')),
      showOpenDialog: () => Promise.resolve({ canceled: true, filePaths: [] }),
    }),
    ipcMain: double.ipc,
    Menu: strict('Menu', {
      buildFromTemplate: (template: ElectronDouble['menus'][number]) => template,
      setApplicationMenu: (menu: ElectronDouble['menus'][number]) => void double.menus.push(menu),
    }),
    nativeTheme: strict('nativeTheme', { shouldUseDarkColors: false }),
    protocol: strict('protocol', {
      registerSchemesAsPrivileged(schemes: unknown[]) {
        if (ready) throw new Error('Too late to register a scheme');
        double.scheme.privileged.push(...schemes);
      },
      handle(_name: string, handle: NonNullable<ElectronDouble['scheme']['handle']>) {
        needReady('protocol.handle');
        double.scheme.handle = handle;
      },
    }),
    // Without isEncryptionAvailable: asking for it opens the keyring.
    safeStorage: strict('safeStorage', {
      getSelectedStorageBackend: () => (needReady('safeStorage'), options.secretStore ?? 'gnome_libsecret'),
    }),
    screen: strict('screen', {
      getAllDisplays: () =>
        (options.displays ?? [{ x: 0, y: 0, width: 1920, height: 1080 }]).map((workArea) => ({ workArea })),
    }),
    session: strict('session', {
      get defaultSession() {
        needReady('session');
        return strict('session', double.session);
      },
    }),
    shell: strict('shell', {
      openExternal: async (url: string) => void double.opened.push(url),
    }),
    utilityProcess: strict('utilityProcess', {
      fork: (...args: unknown[]) => (needReady('utilityProcess'), fork(double, args)),
    }),
  };
  return double;
}

function createApp({ first = true }: DoubleOptions, becomeReady: () => void): ElectronDouble['app'] {
  const app = Object.assign(new EventEmitter(), {
    ended: [] as (number | 'quit')[],
    switches: [] as string[],
    isPackaged: false,
    setName: () => {},
    getName: () => 'Lapidary',
    setPath: () => {},
    setAppUserModelId: () => {},
    commandLine: { appendSwitch: (...parts: string[]) => void app.switches.push(parts.join('=')) },
    requestSingleInstanceLock: () => first,
    whenReady: () => new Promise<void>((resolve) => setImmediate(() => resolve(becomeReady()))),
    exit: (code: number) => void app.ended.push(code),
    quit() {
      const event = preventable();
      app.emit('before-quit', event);
      if (!event.prevented) app.ended.push('quit');
    },
  });
  return app;
}

function createSession(): ElectronDouble['session'] {
  const handlers: Record<string, Handler> = {};
  const calls: Record<string, unknown> = {};
  return Object.assign(new EventEmitter(), {
    handlers,
    calls,
    webRequest: { onBeforeRequest: (handler: Handler) => void (handlers['request'] = handler) },
    setPermissionRequestHandler: (handler: Handler) => void (handlers['ask'] = handler),
    setPermissionCheckHandler: (handler: Handler) => void (handlers['check'] = handler),
    setDevicePermissionHandler: (handler: Handler) => void (handlers['device'] = handler),
    setSpellCheckerEnabled: (enabled: boolean) => void (calls['spellChecker'] = enabled),
    setSpellCheckerDictionaryDownloadURL: (url: string) => void (calls['dictionaries'] = url),
  });
}

function createWindowClass(double: ElectronDouble, needReady: (name: string) => void): unknown {
  class Contents extends EventEmitter {
    openHandler: Handler | null = null;
    sent: unknown[][] = [];
    reloads = 0;
    policies: string[] = [];
    setWindowOpenHandler = (handler: Handler): void => void (this.openHandler = handler);
    setWebRTCIPHandlingPolicy = (policy: string): void => void this.policies.push(policy);
    send = (...message: unknown[]): void => void this.sent.push(message);
    reload = (): void => void (this.reloads += 1);
  }
  class BrowserWindow extends EventEmitter {
    static getAllWindows = (): unknown[] => double.windows;
    static getFocusedWindow = (): unknown => double.windows[0] ?? null;
    contents = new Contents();
    webContents = strict('webContents', this.contents);
    calls: string[] = [];
    progress: number[] = [];
    url = '';
    minimized = false;
    bounds = { x: 10, y: 20, width: 900, height: 700 };
    options: WindowRecord['options'];
    constructor(options: WindowRecord['options']) {
      super();
      needReady('BrowserWindow');
      this.options = options;
      const window = strict('BrowserWindow', this);
      double.windows.push(window);
      double.app.emit('web-contents-created', preventable(), this.webContents);
      return window;
    }
    loadURL = async (url: string): Promise<void> => void (this.url = url);
    isMinimized = (): boolean => this.minimized;
    isMaximized = (): boolean => false;
    isDestroyed = (): boolean => false;
    getNormalBounds = (): object => this.bounds;
    restore = (): void => void this.calls.push('restore');
    maximize = (): void => void this.calls.push('maximize');
    show = (): void => void this.calls.push('show');
    focus = (): void => void this.calls.push('focus');
    setProgressBar = (progress: number): void => void this.progress.push(progress);
  }
  return BrowserWindow;
}

function fork(double: ElectronDouble, args: unknown[]): unknown {
  const child = Object.assign(new EventEmitter(), {
    pid: undefined as number | undefined,
    posted: [] as unknown[],
    stderr: null,
    stdout: null,
    postMessage: (message: unknown) => void child.posted.push(message),
    kill: () => child.pid !== undefined,
  });
  double.forked.push({ args, child });
  return strict('UtilityProcess', child);
}
