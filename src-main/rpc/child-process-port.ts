// Both ends of a Node child process's IPC channel as ports.
import type { ChildProcess } from 'node:child_process';
import type { Port } from './port.ts';

/** Calls back once when the process has ended, or could not be started: then it never exits. Null after a signal. */
export function whenGone(child: ChildProcess, gone: (code: number | null) => void): void {
  child.once('exit', gone);
  child.once('error', () => {
    if (child.pid === undefined) gone(null);
  });
}

/** The parent's end. Sending to a child that is gone does nothing. */
export function portToChild(child: ChildProcess): Port {
  return {
    send: (message) => {
      if (child.connected) child.send(message as object, () => {});
    },
    onMessage: (receive) => child.on('message', receive),
    onClose: (closed) => whenGone(child, closed),
  };
}

/** The child's end; null when this process was not forked. */
export function portToParent(): Port | null {
  if (!process.send) return null;
  return {
    send: (message) => {
      if (process.connected) process.send?.(message, undefined, {}, () => {});
    },
    onMessage: (receive) => process.on('message', receive),
    onClose: (closed) => process.once('disconnect', closed),
  };
}
