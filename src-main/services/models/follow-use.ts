// Notes when a model was last used: whenever it begins to write, whoever asked it to.
import type { EngineStatus } from '#contract/models.ts';
import type { Log } from '../../lib/log.ts';
import type { Watchable } from '../../lib/watchable.ts';
import type { ModelLibrary } from './model-library.ts';

interface Followed {
  status: Watchable<EngineStatus>;
  library: Pick<ModelLibrary, 'markUsed' | 'refresh'>;
  readOnly: boolean;
  log: Log;
}

/** Until the signal aborts. */
export async function followUse(
  { status, library, readOnly, log }: Followed,
  signal: AbortSignal,
): Promise<void> {
  if (readOnly) return;
  let writing: number | null = null;
  for await (const { state, modelId } of status.watch(signal)) {
    const before: number | null = writing;
    writing = state === 'generating' ? modelId : null;
    if (writing === null || writing === before) continue;
    try {
      library.markUsed(writing);
      await library.refresh();
    } catch (error) {
      // A full disk: the answer says so itself, and this is only a date.
      log.error('Noting the use of a model', error);
    }
  }
}
