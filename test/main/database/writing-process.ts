// A process that writes until it is killed. Prints an id only after flush has promised that its row lasts.
import { openDatabase } from '../../../src-main/database/open-database.ts';
import { placeIn } from './database-fixture.ts';

const database = await openDatabase(placeIn(process.argv[2] ?? ''));
const text = 'word '.repeat(400);
console.log('open');
for (;;) {
  const now = Date.now();
  const { answer } = database.messages.startExchange({ conversationId: null, title: 't', text, now });
  database.messages.saveProgress(answer.id, { text: `${text} half`, thought: '' });
  const end = { text, thought: '', status: 'complete' as const, failure: null, stats: null };
  if (answer.id % 3 > 0) database.messages.finish(answer.id, end);
  await database.flush();
  console.log(answer.id);
}
