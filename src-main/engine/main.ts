// Entry of the engine process, the same file under Electron's utilityProcess and under Node's fork. Serves the
// engine contract to its parent and ends with it.
import { AppError } from '#contract/errors.ts';
import { connectToParent } from '#rpc/parent-port.ts';
import { serve } from '#rpc/serve.ts';
import { engineContract } from '#contract/engine.ts';
import { EngineProcess } from './engine-process.ts';
import { startLlama } from './llama.ts';
import { measureMemory } from './measure-memory.ts';
import { AUTOMATIC, memoryNeed } from './memory-need.ts';
import { probe } from './probe.ts';
import { readHeader } from './read-header.ts';

const port = connectToParent();
if (!port) {
  process.stderr.write('The engine is started by Lapidary, not by hand.\n');
  process.exit(2);
}
port.onClose(() => process.exit(0));

const engine = new EngineProcess();
serve(
  engineContract,
  {
    'engine.start': () => engine.start(),
    'engine.probe': () => probe(),
    'engine.measureMemory': () => measureMemory(),
    'engine.heartbeat': (_input, signal) => engine.heartbeat(signal),
    'engine.inspect': async ({ path, contextSize, headerOnly }) => {
      const checked = await readHeader(path, { headerOnly });
      const need = { ...AUTOMATIC, contextSize };
      return { header: checked.header, memory: await memoryNeed(await startLlama(), checked, need) };
    },
    'engine.plan': (input) => engine.plan(input),
    'engine.load': (input, signal) => engine.load(input, signal),
    'engine.unload': () => engine.unload(),
    'engine.generate': (input, signal) => engine.generate(input, signal),
    'engine.prepare': (input, signal) => engine.prepare(input, signal),
    'engine.view': (input, signal) => engine.view(input, signal),
    'engine.count': (input, signal) => engine.count(input, signal),
    'engine.measure': (input, signal) => engine.measure(input, signal),
    'engine.saveState': ({ file, maxBytes }) => engine.saveState(file, maxBytes),
  },
  port,
  { reportUnexpected: (channel, error) => reportUnexpected(channel, error) },
);

/** Errors go to the parent's log by way of stderr; AppErrors are told with their causes by whoever asked. */
function reportUnexpected(channel: string, error: unknown): string {
  const id = Math.random().toString(36).slice(2, 8);
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`[${id}] ${channel}: ${text}\n`);
  return id;
}

process.on('unhandledRejection', (error) => {
  if (!(error instanceof AppError)) reportUnexpected('unhandled', error);
});
