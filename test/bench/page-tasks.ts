// What the page's main thread did while something happened: how long it was deaf to the person, at worst and in all.
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measured } from './probed-app.ts';

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
  args: { name?: string };
}

/** Milliseconds of every task of the page's main thread while `work` runs. */
export async function tasksDuring(
  { page, browser }: Pick<Measured, 'page' | 'browser'>,
  work: () => Promise<void>,
): Promise<number[]> {
  const path = join(tmpdir(), `lapidary-trace-${process.pid}.json`);
  const categories = ['__metadata', 'disabled-by-default-devtools.timeline'];
  await browser.startTracing(page, { path, categories });
  await work();
  await browser.stopTracing();
  const { traceEvents } = JSON.parse(readFileSync(path, 'utf8')) as { traceEvents: TraceEvent[] };
  rmSync(path);
  return mainThreadTasks(traceEvents);
}

function mainThreadTasks(events: TraceEvent[]): number[] {
  const isMain = (event: TraceEvent): boolean =>
    event.name === 'thread_name' && event.args.name === 'CrRendererMain';
  const threads = new Set(events.filter(isMain).map(({ pid, tid }) => `${pid}.${tid}`));
  const tasks = events.filter(
    ({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && threads.has(`${pid}.${tid}`),
  );
  if (tasks.length === 0) throw new Error('The trace holds no tasks');
  return tasks.map(({ dur = 0 }) => dur / 1000);
}
