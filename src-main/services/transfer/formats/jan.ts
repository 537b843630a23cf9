// Jan keeps each thread in a folder: thread.json says what it is, messages.jsonl has a message on each line.
import { toTime, type RawConversation, type RawNode } from './incoming.ts';
import { asObject, asText, contentText, type JsonObject } from './json-values.ts';
import { LineKeys, type LinePlace } from './line-keys.ts';

export function isJanMessage(value: JsonObject): boolean {
  return value['object'] === 'thread.message' || ('thread_id' in value && 'role' in value);
}

/** `thread` is what thread.json says; {} where there is none. */
export function readJan(thread: JsonObject, messages: readonly JsonObject[]): RawConversation {
  const line = new LineKeys();
  const nodes = messages.map((message) => readMessage(message, line.next(asText(message['id']))));
  return {
    app: 'jan',
    id: asText(thread['id']) || asText(messages[0]?.['thread_id']),
    title: asText(thread['title']) || asText(asObject(thread['metadata'])?.['title']),
    createdAt: toTime(thread['created']) ?? toTime(thread['created_at']),
    updatedAt: toTime(thread['updated']),
    nodes,
    active: nodes.at(-1)?.key ?? null,
  };
}

const THINK = /^\s*<think>([\s\S]*?)<\/think>\s*/u;

function readMessage(message: JsonObject, { key, parent }: LinePlace): RawNode {
  const role = asText(message['role']);
  const content = contentText(message['content']);
  const thought = THINK.exec(content)?.[1]?.trim() ?? '';
  const text = content.replace(THINK, '');
  return {
    key,
    parent,
    shown: text !== '' && (role === 'user' || role === 'assistant'),
    role: role === 'user' ? 'user' : 'answer',
    text,
    thought,
    createdAt: toTime(message['created_at']),
  };
}
