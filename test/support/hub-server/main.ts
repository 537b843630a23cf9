// The fake Hugging Face in a process of its own, so that its work costs the measured process nothing:
// `node test/support/hub-server/main.ts`. Prints one line of JSON with its addresses; POST {"call", "arguments"} to
// `control` calls a method of HubControl. Ends with its parent.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import type { HubControl } from './hub-control.ts';
import { startHubServer } from './hub-server.ts';

const hub = await startHubServer();
const { endpoint, filesEndpoint } = hub;

const server = createServer((request, response) => {
  answer(request).then(
    (result) => response.end(JSON.stringify({ result: result ?? null })),
    (error: unknown) => response.writeHead(500).end(JSON.stringify({ error: String(error) })),
  );
});

async function answer(request: AsyncIterable<Buffer>): Promise<unknown> {
  const { call, arguments: values } = JSON.parse(await text(request)) as {
    call: keyof HubControl;
    arguments: unknown[];
  };
  return (hub[call] as (...values: unknown[]) => Promise<unknown>)(...values);
}

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(
    `${JSON.stringify({ endpoint, filesEndpoint, control: `http://127.0.0.1:${port}` })}\n`,
  );
});
// Closed with the parent, however it ends.
process.stdin.on('end', () => process.exit(0)).resume();
