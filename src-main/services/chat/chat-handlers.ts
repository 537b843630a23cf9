// The chat channels, each answered by the services that are open at that moment.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import { pageBefore } from './branch-pages.ts';
import type { InferenceService } from '../inference/inference-service.ts';
import type { AnswerRequests } from './answer-requests.ts';
import type { ChatService } from './chat-service.ts';

type ChatChannels = Extract<keyof Handlers<Contract>, `chat.${string}`>;

interface ChatServices {
  chat: ChatService;
  requests: AnswerRequests;
  inference: Pick<InferenceService, 'look'>;
  database: AppDatabase;
}

export function chatHandlers(services: () => ChatServices): Pick<Handlers<Contract>, ChatChannels> {
  return {
    'chat.list': (input) => {
      const { database } = services();
      const { conversations } = input.view.kind === 'temporary' ? database.temporary : database;
      return conversations.list(input);
    },
    'chat.watch': (_, signal) => services().chat.changes.listen(signal),
    'chat.open': ({ id, newest }) => services().chat.open(id, newest),
    'chat.earlier': ({ id, before }) => pageBefore(services().database.holding(id).messages, before),
    'chat.rename': ({ id, title }) => services().chat.rename(id, title),
    'chat.delete': ({ id }) => services().chat.delete(id),
    'chat.restore': ({ id }) => services().chat.restore(id),
    'chat.search': ({ query, limit, filters }, signal) =>
      services().database.search.search(query, limit, filters, signal),
    async *'chat.watchSearchIndex'(_, signal) {
      for await (const share of services().database.searchIndex.share.watch(signal)) yield { share };
    },
    'chat.configure': ({ id, ...setup }) => services().chat.configure(id, setup),
    'chat.view': ({ id }, signal) => services().requests.view(id, signal),
    'chat.prepare': (ahead, signal) => services().requests.prepare(ahead, signal),
    'chat.send': ({ conversationId, text, ...beginning }, signal) =>
      services().chat.send(conversationId, text, signal, beginning),
    'chat.retry': ({ messageId, varied = false }, signal) => services().chat.retry(messageId, varied, signal),
    // oxlint-disable-next-line require-yield -- it tells nothing and lasts as long as someone looks
    async *'chat.look'({ id }, signal) {
      await services().inference.look(id, signal);
    },
    'chat.attach': ({ conversationId }, signal) => services().chat.attach(conversationId, signal),
    'chat.stop': ({ conversationId }) => services().chat.stop(conversationId),
  };
}
