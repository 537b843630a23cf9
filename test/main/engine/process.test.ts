// The engine as a process: it never forks, it beats, it ends with its parent.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { ask, cleanUp, ENTRY, load, startEngine, temporaryFolder, turnsOf } from './start-engine.ts';

afterAll(cleanUp);

const NO_FORK = `
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
childProcess.fork = () => { throw new Error('Forking is forbidden here'); };
syncBuiltinESMExports();
`;

describe('without forks, as in a packaged app', () => {
  it('starts, loads and answers: catches the library testing its binary in a child process', async () => {
    const module = join(temporaryFolder(), 'no-fork.mjs');
    writeFileSync(module, NO_FORK);
    const engine = startEngine(['--import', pathToFileURL(module).href]);
    await load(engine);
    expect((await ask(engine, turnsOf('Hello!'))).text).toBe('Hello! How can I help you today?');
    expect(engine.errors()).toBe('');
  });

  it('is a real test: the library alone fails there', async () => {
    if (process.platform !== 'linux') return; // Elsewhere the library does not test processor binaries.
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'no-fork.mjs'), NO_FORK);
    const script = `
      const { getLlama } = await import(${JSON.stringify(import.meta.resolve('node-llama-cpp'))});
      await getLlama({ gpu: false, build: 'never', progressLogs: false }).then(() => process.exit(0), () => process.exit(7));
    `;
    writeFileSync(join(folder, 'library.mjs'), script);
    const execArgv = ['--import', pathToFileURL(join(folder, 'no-fork.mjs')).href];
    const child = fork(join(folder, 'library.mjs'), [], { execArgv, silent: true });
    expect((await once(child, 'exit'))[0]).toBe(7);
  });
});

describe('the process', () => {
  it('tells what it runs on, and its health again and again', async () => {
    const { client } = startEngine();
    const info = await client.call('engine.start', undefined);
    expect(info.backend).toBe('cpu');
    expect(info.physicalCores).toBeGreaterThan(0);
    let beats = 0;
    for await (const beat of client.stream('engine.heartbeat', undefined)) {
      expect(beat.memoryBytes).toBeGreaterThan(10e6);
      expect(beat.threads).toBeNull();
      if (++beats === 3) break;
    }
  });

  it('ends when its parent is gone, in the middle of work: catches orphans that keep gigabytes', async () => {
    const engine = startEngine();
    await load(engine);
    const answer = ask(engine, turnsOf('Count to 200.')).catch((error: unknown) => error);
    engine.child.disconnect();
    const [code] = await once(engine.child, 'exit');
    expect(code).toBe(0);
    await answer;
  });

  it('says so when it is started by hand', async () => {
    const { spawn } = await import('node:child_process');
    const child = spawn(process.execPath, [ENTRY], { stdio: 'ignore' });
    expect((await once(child, 'exit'))[0]).toBe(2);
  });
});
