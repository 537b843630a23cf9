// Bugs these catch: a draft without its conversation that refuses to be saved or stays for ever, shipped prompts that
// can be overwritten.
import { expect, it } from 'vitest';
import { PromptLibrary } from '../../../src-main/services/compose/prompt-library.ts';
import { addExchange, createPlace, openAt } from './database-fixture.ts';

it('drafts outlive a restart, are replaced, and go when they are empty or their conversation is gone', async () => {
  const place = createPlace();
  const first = await openAt(place);
  addExchange(first, 'q', 'a');
  first.compose.saveDraft({ conversationId: null, text: 'new' });
  first.compose.saveDraft({ conversationId: 1, text: 'one' });
  first.compose.saveDraft({ conversationId: 1, text: 'one, longer' });
  first.compose.saveDraft({ conversationId: 99, text: 'of nothing' });
  await first.close();
  const { compose } = await openAt(place);
  expect(compose.drafts()).toEqual([
    { conversationId: null, text: 'new' },
    { conversationId: 1, text: 'one, longer' },
  ]);
  compose.saveDraft({ conversationId: null, text: '' });
  expect(compose.drafts()).toHaveLength(1);
});

it('prompts of the person stand by name behind those that are shipped, which stay as they are', async () => {
  const database = await openAt(createPlace());
  const prompts = new PromptLibrary(database.compose);
  const shipped = prompts.list.value.length;
  const { id } = prompts.save(null, { name: 'zeta', text: 'z' });
  prompts.save(null, { name: 'Alpha', text: 'a' });
  expect(prompts.list.value.slice(shipped).map(({ name }) => name)).toEqual(['Alpha', 'zeta']);
  prompts.save(id, { name: 'beta', text: 'b {{c}}' });
  expect(new PromptLibrary(database.compose).list.value.at(-1)).toEqual({
    id,
    name: 'beta',
    text: 'b {{c}}',
    builtIn: null,
  });
  expect(() => prompts.save(1, { name: 'mine', text: 'x' })).toThrow(
    expect.objectContaining({ code: 'not-found' }),
  );
  prompts.remove(1);
  prompts.remove(id);
  expect(prompts.list.value).toHaveLength(shipped + 1);
});
