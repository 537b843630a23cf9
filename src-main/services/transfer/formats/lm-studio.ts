// A conversation of LM Studio, one file each. Every place in the line has versions, of which one is chosen; what
// follows stands after the chosen one.
import { toTime, type RawConversation, type RawNode } from './incoming.ts';
import { asList, asObject, asText, contentText, type JsonObject } from './json-values.ts';

export function readLmStudio(value: JsonObject): RawConversation | null {
  const messages = asList(value['messages']).map((message) => asObject(message) ?? {});
  if (!messages.some((message) => Array.isArray(message['versions']))) return null;
  const nodes: RawNode[] = [];
  let parent: string | null = null;
  for (const [place, message] of messages.entries()) {
    const versions = versionsOf(message);
    const chosen = Math.min(Math.max(0, Number(message['currentlySelected']) || 0), versions.length - 1);
    for (const [index, version] of versions.entries())
      nodes.push(readVersion(version, `${place}.${index}`, parent));
    if (versions.length > 0) parent = `${place}.${chosen}`;
  }
  return {
    app: 'lm-studio',
    id: asText(value['createdAt']),
    title: asText(value['name']),
    createdAt: toTime(value['createdAt']),
    updatedAt: toTime(value['userLastMessagedAt']) ?? toTime(value['assistantLastMessagedAt']),
    systemPrompt: asText(value['systemPrompt']) || undefined,
    nodes,
    active: parent,
  };
}

/** Also of one that has no other. */
function versionsOf(message: JsonObject): JsonObject[] {
  if (!Array.isArray(message['versions'])) return [message];
  return asList(message['versions']).map((version) => asObject(version) ?? {});
}

function readVersion(version: JsonObject, key: string, parent: string | null): RawNode {
  const steps = asList(version['steps']).map((step) => asObject(step) ?? {});
  const blocks = steps.filter(({ type }) => type === 'contentBlock');
  const thinking = (step: JsonObject): boolean => asObject(step['style'])?.['type'] === 'thinking';
  const words = (of: JsonObject[]): string =>
    of
      .map((step) => contentText(step['content']))
      .filter(Boolean)
      .join('\n\n');
  const role = asText(version['role']);
  const text = words(blocks.filter((step) => !thinking(step))) || contentText(version['content']);
  return {
    key,
    parent,
    shown: text !== '' && (role === 'user' || role === 'assistant'),
    role: role === 'user' ? 'user' : 'answer',
    text,
    thought: words(blocks.filter(thinking)),
    createdAt: null,
  };
}
