// A chat in memory whose answers are scripted and streamed as slowly as one likes: for tests of the interface that
// watch, stop or break an answer, and for looking at it.
import type {
  Conversation,
  ConversationChange,
  ConversationView,
  GenerationEvent,
  Message,
} from '#contract/chat.ts';
import { answerSettings } from '#contract/presets.ts';
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import { AppError } from '#contract/errors.ts';
import { Topic } from '../../src-main/lib/topic.ts';

type ChatChannel = Extract<keyof Handlers<Contract>, `chat.${string}`>;

export interface Script {
  /** The answer; a function may yield events of its own instead. */
  answer: (question: string, signal: AbortSignal) => AsyncIterable<GenerationEvent>;
}

export interface ScriptedChat {
  handlers: Pick<Handlers<Contract>, ChatChannel>;
  conversations: Map<number, { conversation: Conversation; messages: Message[] }>;
  add(
    title: string,
    messages: (Pick<Message, 'role' | 'text'> & Partial<Message>)[],
    updatedAt?: number,
  ): number;
  stopped: number[];
}

/** Whether a view of the list shows a conversation. */
export function isIn(
  { pinned, archived, folderId, tags, temporary }: Conversation,
  view: ConversationView,
): boolean {
  if (view.kind === 'temporary' || temporary) return temporary && view.kind === 'temporary';
  if (view.kind === 'archive' || archived) return archived && view.kind === 'archive';
  if (view.kind === 'tag') return tags.includes(view.tag);
  if (view.kind === 'pinned') return pinned;
  if (view.kind === 'folder') return !pinned && folderId === view.folderId;
  return view.kind === 'all' || (!pinned && folderId === null);
}

/** Streams `text` in pieces of `size` characters, `everyMs` apart. */
export async function* streamed(text: string, size = 4, everyMs = 10): AsyncGenerator<GenerationEvent> {
  for (let at = 0; at < text.length; at += size) {
    yield { type: 'text', text: text.slice(at, at + size) };
    if (everyMs > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** `answer` writes the answer to a question; the text events become its text. */
export function createScriptedChat(answer: Script['answer']): ScriptedChat {
  const conversations: ScriptedChat['conversations'] = new Map();
  const changes = new Topic<ConversationChange>();
  const running = new Map<number, AbortController>();
  const stopped: number[] = [];
  let nextId = 1;

  const find = (id: number) => {
    const found = conversations.get(id);
    if (!found) throw new AppError('not-found', `No conversation ${id}`);
    return found;
  };
  const blank = (conversationId: number, role: Message['role'], text: string): Message => ({
    id: nextId++,
    conversationId,
    parentId: null,
    role,
    text,
    thought: '',
    status: 'complete',
    failure: null,
    stats: null,
    edited: false,
    versions: [],
    createdAt: Date.now(),
  });
  const add: ScriptedChat['add'] = (title, messages, updatedAt = Date.now()) => {
    const id = nextId++;
    const conversation: Conversation = {
      id,
      title,
      titleSource: 'first-words',
      pinned: false,
      archived: false,
      folderId: null,
      tags: [],
      temporary: false,
      createdAt: updatedAt,
      updatedAt,
      presetId: null,
      modelId: null,
      settings: answerSettings.parse({}),
      generating: false,
    };
    const line: Message[] = [];
    for (const each of messages) {
      const parentId = line.at(-1)?.id ?? null;
      line.push({ ...blank(id, each.role, each.text), parentId, ...each });
    }
    conversations.set(id, { conversation, messages: line });
    return id;
  };
  const save = (id: number, change: Partial<Conversation>): Conversation => {
    const found = find(id);
    found.conversation = { ...found.conversation, ...change };
    changes.publish({ type: 'saved', conversation: found.conversation });
    return found.conversation;
  };

  async function* write(id: number, question: Message): AsyncGenerator<GenerationEvent> {
    const { messages } = find(id);
    const answered: Message = {
      ...blank(id, 'answer', ''),
      parentId: question.id,
      status: 'generating',
    };
    messages.push(answered);
    const abort = new AbortController();
    running.set(id, abort);
    yield {
      type: 'accepted',
      conversation: save(id, { generating: true }),
      question,
      answer: { ...answered },
    };
    answered.status = 'complete';
    for await (const event of answer(question.text, abort.signal)) {
      if (abort.signal.aborted) {
        answered.status = 'stopped';
        break;
      }
      if (event.type === 'text') answered.text += event.text;
      if (event.type === 'thought') answered.thought += event.text;
      if (event.type === 'done')
        Object.assign(answered, { ...event.answer, id: answered.id, text: answered.text });
      else yield event;
    }
    running.delete(id);
    save(id, { generating: false, updatedAt: Date.now() });
    yield { type: 'done', answer: { ...answered } };
  }

  const handlers: ScriptedChat['handlers'] = {
    'chat.list': ({ view, limit, before }) =>
      [...conversations.values()]
        .map(({ conversation }) => conversation)
        .filter((each) => isIn(each, view) && (before === undefined || each.updatedAt < before))
        .toSorted((one, other) => other.updatedAt - one.updatedAt)
        .slice(0, limit),
    'chat.watch': (_, signal) => changes.listen(signal),
    'chat.open': ({ id }) => ({ ...find(id), context: null }),
    'chat.earlier': () => ({ messages: [], more: false }),
    'chat.rename': ({ id, title }) => save(id, { title, titleSource: 'person' }),
    'chat.delete': ({ id }) => {
      changes.publish({ type: 'removed', id });
    },
    'chat.restore': ({ id }) => save(id, {}),
    'chat.search': () => [],
    async *'chat.watchSearchIndex'() {
      yield { share: 1 };
    },
    'chat.configure': ({ id, ...setup }) => save(id, setup),
    'chat.prepare': () => undefined,
    'chat.view': () => ({ text: '', tokens: 0, sizeTokens: 8192, visibleFromId: null }),
    async *'chat.send'({ conversationId, text }) {
      const id = conversationId ?? add(text.slice(0, 40), []);
      const { messages } = find(id);
      const question = { ...blank(id, 'user', text), parentId: messages.at(-1)?.id ?? null };
      messages.push(question);
      yield* write(id, question);
    },
    async *'chat.retry'({ messageId: answerId }) {
      const found = [...conversations.values()].find(({ messages }) =>
        messages.some(({ id }) => id === answerId),
      );
      if (!found) throw new AppError('not-found', `No answer ${answerId}`);
      const at = found.messages.findIndex(({ id }) => id === answerId);
      found.messages.splice(at);
      yield* write(found.conversation.id, found.messages[at - 1]!);
    },
    async *'chat.attach'() {},
    async *'chat.look'() {},
    'chat.stop': ({ conversationId }) => {
      stopped.push(conversationId);
      running.get(conversationId)?.abort();
    },
  };
  return { handlers, conversations, add, stopped };
}
