// A small proxy that tunnels (CONNECT): every host leads to one server of the test.
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface TestProxy {
  /** 'http://127.0.0.1:40001' */
  address: string;
  /** What was asked for: 'huggingface.co:443'. */
  tunnels: string[];
  /** Every header that the proxy could read. */
  headers: Record<string, unknown>[];
  close(): void;
}

/** `status`: what it answers to CONNECT; 200 lets through to `targetPort`. */
export async function startProxy(targetPort: number, status = 200): Promise<TestProxy> {
  const tunnels: string[] = [];
  const headers: Record<string, unknown>[] = [];
  const open = new Set<Socket>();
  const server = createServer((_request, response) => response.writeHead(400).end());
  server.on('connection', (socket) => open.add(socket));
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    tunnels.push(request.url ?? '');
    headers.push({ ...request.headers });
    socket.on('error', () => {});
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} Refused\r\n\r\n`);
      return;
    }
    const target = connect(targetPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tunnels,
    headers,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
