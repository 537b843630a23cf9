// Open WebUI's export: a list of chats, each with its messages by id under `chat.history`; old ones have only the line.
import { toTime, type RawConversation, type RawNode } from './incoming.ts';
import { asList, asObject, asText, contentText, type JsonObject } from './json-values.ts';
import { LineKeys, type LinePlace } from './line-keys.ts';

const OPENING = '<details';
const CLOSING = '</details>';
const LONGEST_TAG = 1000;
const REASONING = /\stype="reasoning"/u;
const SUMMARY = /^\s*<summary>[^<]*<\/summary>/u;

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
    return readMessage(message, { key, parent: asText(message['parentId']) || null });
  });
}

function fromLine(messages: unknown[]): RawNode[] {
  const line = new LineKeys();
  return messages
    .map((value) => asObject(value) ?? {})
    .map((message) => readMessage(message, line.next(asText(message['id']))));
}

function readMessage(message: JsonObject, { key, parent }: LinePlace): RawNode {
  const role = asText(message['role']);
  const { text, thoughts } = withoutThoughts(contentText(message['content']));
  return {
    key,
    parent,
    shown: text !== '' && (role === 'user' || role === 'assistant'),
    role: role === 'user' ? 'user' : 'answer',
    text,
    thought: thoughts.map(unquoted).join('\n\n'),
    createdAt: toTime(message['timestamp']),
  };
}

/** Goes over the text once, whatever is in it: a search for whole elements would begin anew at each that never ends. */
function withoutThoughts(content: string): { text: string; thoughts: string[] } {
  const thoughts: string[] = [];
  let text = '';
  let kept = 0;
  for (let at = content.indexOf(OPENING); at !== -1; at = content.indexOf(OPENING, at)) {
    const tag = content.slice(at, at + LONGEST_TAG);
    const begin = tag.indexOf('>') + 1;
    if (REASONING.test(tag.slice(0, begin))) {
      const end = content.indexOf(CLOSING, at);
      if (end === -1) break;
      thoughts.push(content.slice(at + begin, end).replace(SUMMARY, ''));
      text += content.slice(kept, at);
      kept = end + CLOSING.length;
      at = kept;
    } else at += OPENING.length;
  }
  text += content.slice(kept);
  return { text: thoughts.length > 0 ? text.trim() : content, thoughts };
}

/** Thoughts are stored as a quotation, with its signs escaped. */
function unquoted(thought: string): string {
  return thought
    .split('\n')
    .map((line) => line.replace(/^(?:&gt;|>) ?/u, ''))
    .join('\n')
    .trim();
}
