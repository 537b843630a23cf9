// ChatGPT's export: conversations.json, a list of conversations whose messages are a `mapping` of nodes.
import { toTime, type RawConversation, type RawNode } from './incoming.ts';
import { asList, asObject, asText, contentText, type JsonObject } from './json-values.ts';

export function readChatGpt(value: JsonObject): RawConversation | null {
  const mapping = asObject(value['mapping']);
  if (!mapping) return null;
  const nodes = Object.entries(mapping).map(([key, node]) => readNode(key, asObject(node) ?? {}));
  return {
    app: 'chatgpt',
    id: asText(value['conversation_id']) || asText(value['id']) || asText(value['create_time']),
    title: asText(value['title']),
    createdAt: toTime(value['create_time']),
    updatedAt: toTime(value['update_time']),
    nodes,
    active: asText(value['current_node']) || null,
  };
}

function readNode(key: string, node: JsonObject): RawNode {
  const message = asObject(node['message']) ?? {};
  const content = asObject(message['content']) ?? {};
  const role = asText(asObject(message['author'])?.['role']);
  const hidden = asObject(message['metadata'])?.['is_visually_hidden_from_conversation'] === true;
  const text = textOf(content);
  return {
    key,
    parent: asText(node['parent']) || null,
    shown: !hidden && text !== '' && (role === 'user' || role === 'assistant'),
    role: role === 'user' ? 'user' : 'answer',
    text,
    thought: thoughtOf(content),
    createdAt: toTime(message['create_time']),
  };
}

function textOf(content: JsonObject): string {
  const type = asText(content['content_type']);
  if (type === 'text' || type === 'multimodal_text') return contentText(content['parts']);
  if (type === 'code') return `\`\`\`\n${asText(content['text'])}\n\`\`\``;
  return '';
}

function thoughtOf(content: JsonObject): string {
  return asList(content['thoughts'])
    .map((thought) => asText(asObject(thought)?.['content']))
    .join('\n\n');
}
