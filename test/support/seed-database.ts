// Fills a data folder with conversations, as years of use would, before an app is started on it.
import { join } from 'node:path';
import { openDatabase } from '../../src-main/database/open-database.ts';

const PARAGRAPH =
  'The **engine** runs in a process of its own, so that a crash never takes a conversation with it. ' +
  'See `src-main/engine` for how, and ask again if something is unclear.\n\n' +
  '- it starts when it is needed\n- it says how it is\n- it is started again when it ends\n\n' +
  '```ts\nconst answer = await engine.generate(question);\nconsole.log(answer);\n```\n';

interface Seed {
  conversations: number;
  /** Questions and answers together. */
  messagesEach: number;
}

interface SeededExchange {
  question: string;
  answer: string;
}

/** Conversations that all look alike. */
export function seedDatabase(dataFolder: string, { conversations, messagesEach }: Seed): Promise<void> {
  const exchanges = (index: number): SeededExchange[] =>
    Array.from({ length: messagesEach / 2 }, (_, pair) => ({
      question: `Question ${pair + 1} of conversation ${index + 1}: how does it work?`,
      answer: PARAGRAPH,
    }));
  return seedConversations(
    dataFolder,
    Array.from({ length: conversations }, (_, index) => exchanges(index)),
  );
}

/** Writes through the app's own repositories; the last conversation is the newest one. */
export async function seedConversations(
  dataFolder: string,
  conversations: readonly SeededExchange[][],
): Promise<void> {
  const database = await openDatabase({
    file: join(dataFolder, 'lapidary.db'),
    backupsFolder: join(dataFolder, 'backups'),
    now: Date.now,
  });
  const start = Date.now() - conversations.length * 3_600_000;
  database.transaction(() => {
    for (const [index, exchanges] of conversations.entries()) {
      let conversationId: number | null = null;
      for (const [pair, { question, answer }] of exchanges.entries()) {
        const exchange = database.messages.startExchange({
          conversationId,
          title: question.slice(0, 60),
          text: question,
          now: start + index * 3_600_000 + pair * 1000,
        });
        conversationId = exchange.conversation.id;
        const finished = { thought: '', status: 'complete' as const, failure: null, stats: null };
        database.messages.finish(exchange.answer.id, { text: answer, ...finished });
      }
    }
  });
  await database.close();
}
