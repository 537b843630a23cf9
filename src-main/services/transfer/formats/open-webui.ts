// Open WebUI's export: a list of chats, each with its messages by id under `chat.history`; old ones have only the line.
import { toTime, type RawConversation, type RawNode } from './incoming.ts';
import { asList, asObject, asText, contentText, type JsonObject } from './json-values.ts';

const REASONING =
  /<details\b[^>]*\btype="reasoning"[^>]*>(?:\s*<summary>[^<]*<\/summary>)?([\s\S]*?)<\/details>/gu;

export function readOpenWebUi(value: JsonObject): RawConversation | null {
  const chat = asObject(value['chat']);
  if (!chat || !('messages' in chat || 'history' in chat)) return null;
  const history = asObject(chat['history']);
  const byId = asObject(history?.['messages']);
  const nodes = byId ? fromHistory(byId) : fromLine(asList(chat['messages']));
  return {
    app: 'open-webui',
    id: asText(value['id']) || asText(chat['id']) || asText(chat['timestamp']),
    title: asText(chat['title']) || asText(value['title']),
    createdAt: toTime(value['created_at']) ?? toTime(chat['timestamp']),
    updatedAt: toTime(value['updated_at']),
    systemPrompt: asText(chat['system']) || asText(asObject(chat['params'])?.['system']) || undefined,
    nodes,
    active: asText(history?.['currentId']) || null,
  };
}

function fromHistory(byId: JsonObject): RawNode[] {
  return Object.entries(byId).map(([key, value]) => {
    const message = asObject(value) ?? {};
    return readMessage(message, key, asText(message['parentId']) || null);
  });
}

function fromLine(messages: unknown[]): RawNode[] {
  const nodes: RawNode[] = [];
  for (const [index, value] of messages.entries()) {
    const message = asObject(value) ?? {};
    nodes.push(readMessage(message, asText(message['id']) || `#${index}`, nodes.at(-1)?.key ?? null));
  }
  return nodes;
}

function readMessage(message: JsonObject, key: string, parent: string | null): RawNode {
  const role = asText(message['role']);
  const content = contentText(message['content']);
  const thoughts = [...content.matchAll(REASONING)].map(([, thought]) => unquoted(thought ?? ''));
  const text = thoughts.length > 0 ? content.replace(REASONING, '').trim() : content;
  return {
    key,
    parent,
    shown: text !== '' && (role === 'user' || role === 'assistant'),
    role: role === 'user' ? 'user' : 'answer',
    text,
    thought: thoughts.join('\n\n'),
    createdAt: toTime(message['timestamp']),
  };
}

/** Thoughts are stored as a quotation, with its signs escaped. */
function unquoted(thought: string): string {
  return thought
    .split('\n')
    .map((line) => line.replace(/^(?:&gt;|>) ?/u, ''))
    .join('\n')
    .trim();
}
