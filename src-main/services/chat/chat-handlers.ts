// The chat channels, each answered by the service that is open at that moment.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { AppDatabase } from '../../database/open-database.ts';
import type { ChatService } from './chat-service.ts';

type ChatChannels = Extract<keyof Handlers<Contract>, `chat.${string}`>;

export function chatHandlers(
  chat: () => ChatService,
  database: () => AppDatabase,
): Pick<Handlers<Contract>, ChatChannels> {
  return {
    'chat.list': (input) => database().conversations.list(input),
    'chat.watch': (_, signal) => chat().changes.listen(signal),
    'chat.open': ({ id }) => chat().open(id),
    'chat.rename': ({ id, title }) => chat().rename(id, title),
    'chat.delete': ({ id }) => chat().delete(id),
    'chat.restore': ({ id }) => chat().restore(id),
    'chat.search': ({ query, limit }) => database().search.search(query, limit),
    'chat.send': ({ conversationId, text }, signal) => chat().send(conversationId, text, signal),
    'chat.retry': ({ answerId }, signal) => chat().retry(answerId, signal),
    'chat.attach': ({ conversationId }, signal) => chat().attach(conversationId, signal),
    'chat.stop': ({ conversationId }) => chat().stop(conversationId),
  };
}
