// Switching branch in a long conversation, through the whole app: how much is read again. Tokens do not depend on how
// large a model is or how busy the machine; so these are counted with models of a few kilobytes.
import { ForkedConversation, loadFamily } from '../support/forked-conversation.ts';
import { GEMMA_2, GEMMA_3 } from '../support/template-families.ts';
import type { TemplateFamily } from '../support/template-models.ts';
import { startWiredApp } from '../support/wired-app.ts';
import { explain, judge, median, type Row } from './rows.ts';

const SHARED_TOKENS = 4000;
const SWITCHES = [0, 1, 0, 1, 0] as const;

export async function measureBranches(tell: (row: Row) => void): Promise<void> {
  await measure(tell, 'whole', GEMMA_2);
  await measure(tell, 'window', GEMMA_3);
}

async function measure(tell: (row: Row) => void, kind: string, family: TemplateFamily): Promise<void> {
  const app = await startWiredApp();
  try {
    await loadFamily(app, kind, family);
    const conversation = await ForkedConversation.begin(app.client, SHARED_TOKENS);
    const switched = [];
    for (const branch of SWITCHES) switched.push(await conversation.switchAndAsk(app.client, branch));
    const area = 'chat';
    const unit = 'tokens';
    const shared = Math.min(...switched.map((one) => one.shared));
    tell(explain({ area, name: `branches (${kind}): shared by both`, value: shared, unit }));
    const afterFork = median(switched.map((one) => one.afterFork));
    tell(explain({ area, name: `branches (${kind}): after the fork, median`, value: afterFork, unit }));
    const readAgain = median(switched.map((one) => one.readAgain));
    tell(explain({ area, name: `branches (${kind}): read again, median`, value: readAgain, unit }));
    const value = Math.max(...switched.map((one) => one.readAgain - one.afterFork));
    const name = `branches (${kind}): read again beyond those after the fork, most of ${switched.length}`;
    tell(judge({ area, name, value, unit, bar: 1, better: 'lower' }));
  } finally {
    await app.destroy();
  }
}
