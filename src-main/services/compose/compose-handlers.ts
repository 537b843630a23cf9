// The channels of drafts and prompts.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { PromptLibrary } from './prompt-library.ts';

type Channels = Extract<keyof Handlers<Contract>, `drafts.${string}` | `prompts.${string}`>;

interface ComposeServices {
  database: AppDatabase;
  prompts: PromptLibrary;
}

export function composeHandlers(services: () => ComposeServices): Pick<Handlers<Contract>, Channels> {
  return {
    'drafts.list': () => services().database.compose.drafts(),
    'drafts.save': (draft) => services().database.compose.saveDraft(draft),
    'prompts.watch': (_, signal) => services().prompts.list.watch(signal),
    'prompts.save': ({ id, ...prompt }) => services().prompts.save(id, prompt),
    'prompts.remove': ({ id }) => services().prompts.remove(id),
  };
}
