// Claude's export: conversations.json, a list of conversations with `chat_messages`. Newer ones name each message's
// parent; older ones are one line of messages.
import { toTime, type RawConversation, type RawNode } from './incoming.ts';
import { asList, asObject, asText, contentText, type JsonObject } from './json-values.ts';
import { LineKeys } from './line-keys.ts';

export function readClaude(value: JsonObject): RawConversation | null {
  if (!Array.isArray(value['chat_messages'])) return null;
  const messages = asList(value['chat_messages']).map((message) => asObject(message) ?? {});
  const branched = messages.some((message) => 'parent_message_uuid' in message);
  const nodes: RawNode[] = [];
  const line = new LineKeys();
  for (const message of messages) {
    const key = asText(message['uuid']);
    if (branched) {
      const parent = asText(message['parent_message_uuid']) || null;
      nodes.push(readMessage(message, key || line.next('').key, parent));
    } else {
      const place = line.next(key);
      nodes.push(readMessage(message, place.key, place.parent));
    }
  }
  return {
    app: 'claude',
    id: asText(value['uuid']) || asText(value['created_at']),
    title: asText(value['name']),
    createdAt: toTime(value['created_at']),
    updatedAt: toTime(value['updated_at']),
    nodes,
    active: asText(value['current_leaf_message_uuid']) || null,
  };
}

function readMessage(message: JsonObject, key: string, parent: string | null): RawNode {
  const blocks = asList(message['content']).map((block) => asObject(block) ?? {});
  const spoken = blocks.filter(({ type }) => type === 'text');
  const attached = asList(message['attachments']).map((attachment) =>
    attachedText(asObject(attachment) ?? {}),
  );
  const text = [contentText(spoken) || asText(message['text']), ...attached].filter(Boolean).join('\n\n');
  return {
    key,
    parent,
    shown: text !== '',
    role: message['sender'] === 'human' ? 'user' : 'answer',
    text,
    thought: blocks
      .filter(({ type }) => type === 'thinking')
      .map((block) => asText(block['thinking']))
      .join('\n\n'),
    createdAt: toTime(message['created_at']),
  };
}

/** Claude keeps the text that it read out of an attached file; a fence keeps it apart from the person's words. */
function attachedText(attachment: JsonObject): string {
  const text = asText(attachment['extracted_content']);
  return text && `${asText(attachment['file_name'])}\n\n~~~~~~\n${text}\n~~~~~~`;
}
