// A long conversation reaches the page in parts, newest first: reading and sending thousands of messages at once would
// hold up everything else.
import type { BranchPage } from '#contract/chat.ts';
import type { MessageRepository } from '../../database/message-repository.ts';

type Messages = Pick<MessageRepository, 'branchPage' | 'get'>;

/** Messages, and UTF-16 units from which no further one is read. */
const NEWEST = { messages: 40, units: 100_000 };
const EARLIER = { messages: 100, units: 150_000 };

/** The end of the branch that ends with this message; null: there is none. */
export function newestPage(messages: Messages, lastId: number | null): BranchPage {
  return page(messages, lastId, NEWEST);
}

/** What comes just before a message. */
export function pageBefore(messages: Messages, id: number): BranchPage {
  return page(messages, messages.get(id)?.parentId ?? null, EARLIER);
}

function page(messages: Messages, lastId: number | null, most: typeof NEWEST): BranchPage {
  const found = lastId === null ? [] : messages.branchPage(lastId, most);
  return { messages: found, more: (found[0]?.parentId ?? null) !== null };
}
