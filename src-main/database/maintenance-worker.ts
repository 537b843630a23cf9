// Entry of the worker threads that do what would block the host thread: checkpoints, checks, backups, searches.
import { parentPort } from 'node:worker_threads';
import { toWireError, type WireError } from '#contract/errors.ts';
import {
  backUp,
  check,
  checkpoint,
  openForWork,
  createSearch,
  fillSearch,
  migrateFile,
  prepareRestore,
  type WorkerTask,
} from './maintenance-tasks.ts';
import { toDatabaseError } from './sqlite-errors.ts';

export interface TaskRequest {
  id: number;
  task: WorkerTask;
}
export interface TaskAnswer {
  id: number;
  /** Null when the task is done. */
  error: WireError | null;
  /** What a search found, or the share of its index that is filled. */
  value?: unknown;
}

const search = createSearch();
let held: ReturnType<typeof openForWork> | null = null;

async function run(task: WorkerTask): Promise<unknown> {
  if (task.task === 'migrate') return migrateFile(task.file);
  if (task.task === 'checkpoint') return checkpoint(task.file);
  if (task.task === 'check') return check(task.file);
  if (task.task === 'back-up') return backUp(task.file, task.target);
  if (task.task === 'prepare-restore') return prepareRestore(task.backup, task.target);
  if (task.task === 'search') return search.messages(task);
  if (task.task === 'search-passages') return search.passages(task);
  if (task.task === 'fill-search') return fillSearch(task);
  if (task.task === 'release') {
    held?.[Symbol.dispose]();
    held = null;
    return undefined;
  }
  held = openForWork(task.file);
  return held.db.pragma('user_version'); // Reading is what makes the connection count as one.
}

async function answer({ id, task }: TaskRequest): Promise<void> {
  let error: WireError | null = null;
  let value: unknown;
  try {
    value = await run(task);
  } catch (thrown) {
    const known = toDatabaseError(thrown);
    error = known ? toWireError(known) : { code: 'internal', message: `${task.task}: ${String(thrown)}` };
  }
  parentPort?.postMessage({ id, error, value } satisfies TaskAnswer);
}

let tail = Promise.resolve();
parentPort?.on('message', (request: TaskRequest) => {
  tail = tail.then(() => answer(request));
});
