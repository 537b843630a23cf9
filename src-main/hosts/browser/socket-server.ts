// Accepts the page's WebSocket at /socket and hands it on as a port. Frames are JSON text, one message each; the
// page's end is openSocket in src-renderer/bridge.ts.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Port } from '#rpc/port.ts';
import { isOwnPage, refusal } from './request-check.ts';
import type { Sessions } from './sessions.ts';

/** A 5 MB text of three-byte characters and its JSON fit; nothing larger is read into memory. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
const PING_EVERY_MS = 20_000;

interface SocketOptions {
  port: number;
  sessions: Sessions;
  connect: (port: Port) => Promise<void> | void;
}

/** Returns what ends all connections. */
export function acceptSockets(server: Server, { port, sessions, connect }: SocketOptions): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  const isAllowed = (request: IncomingMessage): boolean => {
    if (request.url !== '/socket' || refusal(request, port)) return false;
    const { cookie, authorization } = request.headers;
    return (isOwnPage(request) && sessions.hasSession(cookie)) || sessions.hasSecret(authorization);
  };
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    if (isAllowed(request)) {
      sockets.handleUpgrade(request, stream, head, (socket) => void welcome(socket, connect));
    } else {
      stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    }
  });
  const pinging = setInterval(() => sockets.clients.forEach(ping), PING_EVERY_MS);
  pinging.unref();
  return () => {
    clearInterval(pinging);
    sockets.clients.forEach((socket) => socket.terminate());
    sockets.close();
  };
}

async function welcome(socket: WebSocket, connect: SocketOptions['connect']): Promise<void> {
  const port = portToSocket(socket);
  try {
    await connect(port);
  } catch {
    socket.close(1011); // The app could not start; whoever started it says why.
  }
}

const silent = new WeakSet<WebSocket>();

/** Ends a connection whose page did not answer the last ping. */
function ping(socket: WebSocket): void {
  if (silent.has(socket)) return socket.terminate();
  silent.add(socket);
  socket.once('pong', () => silent.delete(socket));
  socket.ping();
}

/** What arrives before anyone listens is kept: the page may speak before the app is open. */
function portToSocket(socket: WebSocket): Port {
  let receiver: ((message: unknown) => void) | null = null;
  const early: unknown[] = [];
  socket.on('message', (data: Buffer, isBinary) => {
    const message = isBinary ? undefined : parse(data);
    if (receiver) receiver(message);
    else early.push(message);
  });
  socket.on('error', () => socket.terminate());
  return {
    send: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
    },
    onMessage(receive) {
      receiver = receive;
      early.splice(0).forEach(receive);
    },
    onClose(closed) {
      if (socket.readyState === socket.CLOSED) queueMicrotask(closed);
      else socket.once('close', closed);
    },
  };
}

/** Undefined for what is no JSON: the protocol answers that as it answers every malformed message. */
function parse(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    return undefined;
  }
}
