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

/** Writes through the app's own repositories. */
export async function seedDatabase(dataFolder: string, { conversations, messagesEach }: Seed): Promise<void> {
  const database = await openDatabase({
    file: join(dataFolder, 'lapidary.db'),
    backupsFolder: join(dataFolder, 'backups'),
    now: Date.now,
  });
  const start = Date.now() - conversations * 3_600_000;
  database.transaction(() => {
    for (let index = 0; index < conversations; index++) {
      let conversationId: number | null = null;
      for (let pair = 0; pair < messagesEach / 2; pair++) {
        const now = start + index * 3_600_000 + pair * 1000;
        const text = `Question ${pair + 1} of conversation ${index + 1}: how does it work?`;
        const exchange = database.messages.startExchange({
          conversationId,
          title: text.slice(0, 60),
          text,
          now,
        });
        conversationId = exchange.conversation.id;
        const answer = {
          text: PARAGRAPH,
          thought: '',
          status: 'complete' as const,
          failure: null,
          stats: null,
        };
        database.messages.finish(exchange.answer.id, answer);
      }
    }
  });
  await database.close();
}
