// What the button of an error does about a model: each code's own next step, from wherever it is shown.
import type { ErrorCode } from '#contract/errors.ts';
import type { ShownFailure } from '../../../messages/error-message.ts';
import type { ModelsContext } from '../models-context.ts';

/** What the failure is about. */
export interface Subject {
  name: string;
  repository: string;
  retry: () => void;
}

type Step = (context: ModelsContext, subject: Subject) => void;

const openSettings: Step = ({ stores }) => stores.navigation.go('settings');
const askForAccount: Step = ({ getting }, { name, repository, retry }) =>
  getting.askForAccount({ name, repository, proceed: retry });

const STEPS: Partial<Record<ErrorCode, Step>> = {
  'network-blocked': openSettings,
  'proxy-failed': openSettings,
  'hub-gated': askForAccount,
  'hub-token-refused': askForAccount,
  'hub-licence-pending': ({ hub }, { repository }) => void hub.open(hub.pageOf(repository)),
  'hub-not-found': ({ other }, { repository }) => other.searchFor(repository),
  'hub-file-missing': ({ other }, { repository }) => other.show(repository),
  'model-already-added': ({ stores }) => stores.navigation.goToModels('installed'),
};

/** Takes the next step; where a code has none of its own, it is trying again. */
export function takeNextStep(context: ModelsContext, failure: ShownFailure, subject: Subject): void {
  const step = STEPS[failure.code];
  if (step) step(context, subject);
  else subject.retry();
}
