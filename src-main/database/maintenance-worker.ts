// Entry of the worker thread that does what would block the host thread: checkpoints, checks, backups.
import { parentPort } from 'node:worker_threads';
import { toWireError, type WireError } from '#contract/errors.ts';
import {
  backUp,
  check,
  checkpoint,
  openForWork,
  prepareRestore,
  type MaintenanceTask,
} from './maintenance-tasks.ts';
import { toDatabaseError } from './sqlite-errors.ts';

export interface TaskRequest {
  id: number;
  task: MaintenanceTask;
}
export interface TaskAnswer {
  id: number;
  /** Null when the task is done. */
  error: WireError | null;
}

let held: ReturnType<typeof openForWork> | null = null;

async function run(task: MaintenanceTask): Promise<void> {
  if (task.task === 'checkpoint') return checkpoint(task.file);
  if (task.task === 'check') return check(task.file);
  if (task.task === 'back-up') return backUp(task.file, task.target);
  if (task.task === 'prepare-restore') return prepareRestore(task.backup, task.target);
  if (task.task === 'release') {
    held?.[Symbol.dispose]();
    held = null;
    return;
  }
  held = openForWork(task.file);
  held.db.pragma('user_version'); // Reading is what makes the connection count as one.
}

async function answer({ id, task }: TaskRequest): Promise<void> {
  let error: WireError | null = null;
  try {
    await run(task);
  } catch (thrown) {
    const known = toDatabaseError(thrown);
    error = known ? toWireError(known) : { code: 'internal', message: `${task.task}: ${String(thrown)}` };
  }
  parentPort?.postMessage({ id, error } satisfies TaskAnswer);
}

let tail = Promise.resolve();
parentPort?.on('message', (request: TaskRequest) => {
  tail = tail.then(() => answer(request));
});
