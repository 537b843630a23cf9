// Looking into JSON of unknown shape.

export type JsonObject = Record<string, unknown>;

export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** '' for anything but a text or a number. */
export function asText(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : '';
}

/** The text of a message's content: a text, or a list of parts of which some are text. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  return asList(content)
    .map((part) => partText(part))
    .filter((text) => text !== '')
    .join('\n\n');
}

function partText(part: unknown): string {
  if (typeof part === 'string') return part;
  const object = asObject(part);
  if (!object || !('text' in object)) return '';
  return asText(asObject(object['text'])?.['value'] ?? object['text']);
}
