// What the app needs from whatever runs it. Each capability is there, or says why not.
import type { Capability, UnavailableReason } from '#contract/app.ts';
import type { Port } from '#rpc/port.ts';

/** A capability's implementation, or the reason to show instead. */
export type Available<T> = T | { unavailable: UnavailableReason };

export function isAvailable<T extends object>(capability: Available<T>): capability is T {
  return !('unavailable' in capability);
}

/** A child process that speaks the contract over its port. */
export interface ChildService {
  readonly pid: number | undefined;
  readonly port: Port;
  /** At once and for certain (SIGKILL). */
  kill(): void;
  /** `code` is null after a signal. Called once. */
  onExit(exited: (code: number | null) => void): void;
}

interface CapabilityOffers extends Record<Capability, object> {
  /** Native dialogs; null when the person cancelled. */
  openDialog: {
    chooseModelFile(): Promise<string | null>;
    chooseConversations(): Promise<string | null>;
  };
  folderDialog: { chooseFolder(): Promise<string | null> };
  /** The system's bin, and its window of files. */
  fileManager: {
    moveToBin(path: string): Promise<void>;
    showInFolder(path: string): void;
    openFolder(path: string): Promise<void>;
  };
  /** A bar on the app's icon in the dock or taskbar; null takes it away. */
  taskbarProgress: { show(progress: number | null): void };
  /** The proxy that the system's settings name for an address, as a PAC result: 'PROXY host:port; DIRECT'. */
  systemProxy: { resolve(url: string): Promise<string> };
  /** The system's secret store. */
  secrets: { encrypt(text: string): Buffer; decrypt(data: Buffer): string };
}

export interface Host {
  readonly kind: 'electron' | 'browser';
  /** Starts the engine process with these variables added to its environment. */
  startEngine(environment: Record<string, string>): ChildService;
  /** Starts a process that reads files which may be hostile; nothing of our environment is in it. */
  startReader(): ChildService;
  /** Opens an address that has passed the allow-list in the system's browser. */
  openExternal(url: string): Promise<void>;
  readonly capabilities: { readonly [Name in Capability]: Available<CapabilityOffers[Name]> };
}
