// The parts of a `lapidary-conversations` file, which is written one conversation after the other.
import type { Preset } from '#contract/presets.ts';
import { FILE_VERSION, type FileConversation, type FileDocument, type FileHead } from '#contract/transfer.ts';
import type { OutgoingConversation } from '../../../database/transfer-repository.ts';

/** Characters of JSON in one element of the list, but for a single message that has more: whoever reads the file needs
 * the memory for one element, and takes none of more than 64 MiB. */
const ELEMENT_CHARACTERS = 4_000_000;

/** The presets in the order in which conversations count them. */
export function jsonHead(presets: readonly Preset[]): string {
  const head: FileHead = {
    format: 'lapidary-conversations',
    version: FILE_VERSION,
    presets: presets.map(({ name, builtIn, settings }) => ({ name, builtIn, settings })),
  };
  return `${JSON.stringify(head).slice(0, -1)},"conversations":[\n`;
}

/** The elements of the list for one conversation: more than one for a long one. */
export function* jsonElements(
  outgoing: OutgoingConversation,
  presets: readonly Preset[],
): Generator<string, void, void> {
  let element = new Element(about(outgoing, presets));
  for (const item of itemsOf(outgoing)) {
    if (!element.takes(item)) {
      yield element.json(true);
      element = new Element({ goesOn: outgoing.key });
    }
    element.add(item);
  }
  yield element.json(false);
}

export const JSON_END = '\n]}\n';

type About = Omit<FileConversation, 'documents' | 'messages' | 'continues'>;

function about(outgoing: OutgoingConversation, presets: readonly Preset[]): About {
  const { conversation, key, folder, activeMessage, notes } = outgoing;
  const { title, titleSource, createdAt, updatedAt, settings, presetId, pinned, archived, tags } =
    conversation;
  const place = presets.findIndex(({ id }) => id === presetId);
  const preset = place < 0 ? null : place;
  const order = { pinned, archived, folder, tags };
  return {
    key, title, titleSource, createdAt, updatedAt, preset, settings, ...order, activeMessage, notes,
  }; // prettier-ignore
}

interface Item {
  list: 'moreText' | 'documents' | 'messages';
  json: string;
}

/** Documents before the first message, so that a reader has what messages refer to. */
function* itemsOf({ documents, messages }: OutgoingConversation): Generator<Item, void, void> {
  for (const document of documents) yield* piecesOf(document);
  for (const message of messages) yield { list: 'messages', json: JSON.stringify(message) };
}

function* piecesOf({ text, ...rest }: FileDocument): Generator<Item, void, void> {
  yield { list: 'documents', json: JSON.stringify({ ...rest, text: text.slice(0, ELEMENT_CHARACTERS) }) };
  for (let at = ELEMENT_CHARACTERS; at < text.length; at += ELEMENT_CHARACTERS)
    yield { list: 'moreText', json: JSON.stringify(text.slice(at, at + ELEMENT_CHARACTERS)) };
}

class Element {
  readonly #begin: string;
  readonly #lists: Record<Item['list'], string[]> = { moreText: [], documents: [], messages: [] };
  #characters = 0;

  constructor(fields: object) {
    this.#begin = JSON.stringify(fields).slice(0, -1);
  }

  takes({ list, json }: Item): boolean {
    if (this.#characters === 0) return true;
    return list !== 'moreText' && this.#characters + json.length <= ELEMENT_CHARACTERS;
  }

  add({ list, json }: Item): void {
    this.#lists[list].push(json);
    this.#characters += json.length;
  }

  json(continues: boolean): string {
    const { moreText, documents, messages } = this.#lists;
    const more = moreText.map((text) => `,"moreText":${text}`).join('');
    const lists = `,"documents":[${documents.join()}],"messages":[${messages.join()}]`;
    return `${this.#begin}${more}${lists}${continues ? ',"continues":true' : ''}}`;
  }
}
