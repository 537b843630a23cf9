// Nothing leaves the computer: not from the page, not from the processes behind it, not even when an answer asks for it.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser-spec.ts';
import { finishedAnswer, send } from '../support/page.ts';
import { PACED_APP } from '../support/start-app.ts';

const LOOPBACK = /^(0100007F|00000000000000000000000001000000|0000000000000000FFFF00000100007F)$/;

describeInBrowser('the page', (spec) => {
  it('asks nobody but its own host, and breaks none of its own rules', async () => {
    const app = await spec.start();
    const page = await spec.open(app);
    const { requests, complaints } = listen(page);
    await page.reload();
    await send(page, 'What is the capital of France?');
    await finishedAnswer(page);
    for (const place of ['Models', 'Settings', 'Chat']) {
      await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: place }).click();
      await page.waitForTimeout(300);
    }
    const { origin } = new URL(app.url);
    const foreign = requests.filter(
      (url) => !/^(data|blob):/.test(url) && new URL(url).host !== new URL(origin).host,
    );
    expect(foreign).toEqual([]);
    expect(requests.length).toBeGreaterThan(3);
    expect(complaints).toEqual([]);
  });

  it('loads no image and follows no link of an answer by itself', async () => {
    const page = await spec.open(await spec.start({ entry: PACED_APP }));
    const { requests } = listen(page);
    await send(page, 'Write something long.');
    const link = page.getByRole('link', { name: 'link' }).first();
    await link.click();
    await page
      .getByRole('dialog', { name: 'Open this address?' })
      .getByText('https://example.org/')
      .waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(requests.filter((url) => url.includes('example'))).toEqual([]);
    expect(page.context().pages()).toHaveLength(1);
  });
});

describeInBrowser('the processes', (spec) => {
  it.skipIf(process.platform !== 'linux')('hold connections to this computer only', async () => {
    const app = await spec.start();
    const page = await spec.open(app);
    await send(page, 'What is the capital of France?');
    await finishedAnswer(page);
    await send(page, 'Count to 150.');
    const processes = [app.pid, ...childrenOf(app.pid)];
    expect(processes.length).toBeGreaterThan(1);
    const seen = processes.flatMap(remoteAddresses);
    await finishedAnswer(page);
    seen.push(...processes.flatMap(remoteAddresses));
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.filter((address) => !LOOPBACK.test(address))).toEqual([]);
  });
});

function listen(page: Page): { requests: string[]; complaints: string[] } {
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('websocket', (socket) => requests.push(socket.url()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  return { requests, complaints };
}

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number);
  return children.flatMap((child) => [child, ...childrenOf(child)]);
}

/** The far ends of a process's open TCP connections, as the kernel writes them; those that only listen have none. */
function remoteAddresses(pid: number): string[] {
  const descriptors = readdirSync(`/proc/${pid}/fd`).map((name) => linkOf(`/proc/${pid}/fd/${name}`));
  const own = new Set(descriptors.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]));
  const lines = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n').slice(1),
  );
  const columns = lines.map((line) => line.trim().split(/\s+/)).filter((line) => line[9] && own.has(line[9]));
  return columns
    .map((line) => (line[2] ?? '').split(':')[0] ?? '')
    .filter((address) => !/^0+$/.test(address));
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // Closed since it was listed.
  }
}
