// Writes conversations that come in: in steps so short that whoever else writes hardly waits, each conversation once,
// and one that was cut off or has grown since is completed.
import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import type { FileHead, FilePart, SkipReason } from '#contract/transfer.ts';
import type { Connection } from '../../database/connection.ts';
import { AttachmentRepository } from '../../database/attachment-repository.ts';
import { OrderRepository } from '../../database/order-repository.ts';
import { PresetRepository } from '../../database/preset-repository.ts';
import { TransferRepository } from '../../database/transfer-repository.ts';
import type { WriteGate } from '../../database/write-gate.ts';
import { cleanText, keepDocument } from '../attachments/keep-document.ts';
import { BUILT_IN_PRESETS } from '../presets/built-in-presets.ts';
import type { Incoming } from './formats/incoming.ts';
import { LONGEST_DOCUMENT } from './formats/recognise.ts';
import { soundTree } from './formats/sound-tree.ts';
import { isWhole, writtenOf, type OpenConversation, type Written } from './open-conversation.ts';

/** How it went, once all of a conversation was read. */
export interface WrittenOne {
  title: string;
  written: Written;
}

type IncomingMessage = Incoming['messages'][number];

/** One transaction: the index takes longest. */
const STEP_MESSAGES = 8;
const STEP_CHARACTERS = 5_000;
const LONGEST_KEY = 300;

export class IncomingWriter {
  readonly #db: Connection;
  readonly #gate: WriteGate;
  readonly #repository: TransferRepository;
  readonly #presets: PresetRepository;
  readonly #order: OrderRepository;
  readonly #attachments: AttachmentRepository;
  /** Ids of the presets of the file that is read. */
  #presetIds: number[] = [];

  /** Keys that the file had so far, and under which number the last one of it came in. */
  readonly #seen = new Map<string, number>();
  #open: OpenConversation | null = null;

  /** `gate`: each step waits until nobody else wants to write. */
  constructor(db: Connection, gate: WriteGate) {
    this.#gate = gate;
    this.#db = db;
    this.#repository = new TransferRepository(db);
    this.#presets = new PresetRepository(db);
    this.#order = new OrderRepository(db);
    this.#attachments = new AttachmentRepository(db);
  }

  /** Finds or adds the presets of a file of ours. */
  takePresets({ presets }: FileHead): void {
    const identity = ({ name, settings }: FileHead['presets'][number]): string =>
      JSON.stringify([name, Object.entries(settings).toSorted(([one], [other]) => (one < other ? -1 : 1))]);
    const own = new Map(this.#presets.list().map((preset) => [identity(preset), preset.id]));
    this.#presetIds = this.#db.transaction(() =>
      presets.map((preset) => {
        const shipped = BUILT_IN_PRESETS.find(
          ({ builtIn }) => builtIn !== null && builtIn === preset.builtIn,
        );
        const known = shipped?.id ?? own.get(identity(preset));
        return known ?? this.#presets.save(null, preset).id;
      }),
    );
  }

  /** Null: more of it follows in parts. */
  async write(incoming: Incoming): Promise<WrittenOne | null> {
    const key = this.#keyFor(incoming);
    const known = this.#repository.find(key);
    const ids = known ? this.#repository.messageIds(known.id) : new Map<string, number>();
    const before = { known, id: known?.id ?? null, ids, hadMessages: ids.size > 0 };
    const sofar = { documents: [], keys: new Set<string>(), lastKey: null, added: new Set<string>() };
    this.#open = { incoming, key, ...before, ...sofar };
    return await this.#take(this.#open, incoming);
  }

  /** Why a part can not be taken; null: it can. */
  refuses({ goesOn, moreText }: FilePart): SkipReason | null {
    if (this.#open?.incoming.key !== goesOn) return 'damaged';
    const last = this.#open.documents.at(-1);
    const before = typeof last === 'object' ? last.text.length : 0;
    return before + moreText.length > LONGEST_DOCUMENT ? 'too-large' : null;
  }

  /** More of what is open. Null: more follows. */
  async goOn({ moreText, messages, ...part }: FilePart): Promise<WrittenOne | null> {
    const open = this.#open;
    if (!open) return null;
    const last = open.documents.at(-1);
    if (typeof last === 'object') last.text += moreText;
    return await this.#take(open, { ...part, messages: soundTree(messages, open.keys) });
  }

  /** What is open does not go on, and stays out of the list. Null when nothing was open. */
  giveUpOpen(): Pick<Incoming, 'key' | 'title'> | null {
    const open = this.#open;
    this.#open = null;
    return open && open.incoming;
  }

  /** A file may give two conversations the same id. The second one is the first again, or more of it, unless it says
   * something else in the place of the same message: then it is another one. */
  #keyFor(incoming: Incoming): string {
    const { key } = incoming;
    const last = this.#seen.get(key);
    this.#seen.set(key, last ?? 1);
    if (last === undefined || !this.#isAnother(key, incoming)) return key;
    for (let count = Math.max(2, last); ; count += 1) {
      const numbered = `${key.slice(0, LONGEST_KEY - 10)}#${count}`;
      if (this.#isAnother(numbered, incoming)) continue;
      this.#seen.set(key, count);
      return numbered;
    }
  }

  #isAnother(key: string, { messages }: Incoming): boolean {
    const known = this.#repository.find(key);
    if (!known) return false;
    const ids = this.#repository.messageIds(known.id);
    return messages.some((message) => {
      const id = ids.get(message.key);
      return id !== undefined && this.#repository.differs(id, message.text);
    });
  }

  async #take(
    open: OpenConversation,
    { messages, documents, continues }: Pick<Incoming, 'messages' | 'documents' | 'continues'>,
  ): Promise<WrittenOne | null> {
    const missing = messages.filter(({ key }) => !open.ids.has(key));
    for (const { key } of messages) open.keys.add(key);
    open.lastKey = messages.at(-1)?.key ?? open.lastKey;
    const isLast = continues !== true;
    if (!open.known?.inBin) {
      open.documents.push(...documents);
      await this.#writeAll(open, missing, isLast);
      if (!isLast) await this.#keepAllButLast(open);
    }
    if (!isLast) return null;
    this.#open = null;
    return { title: open.incoming.title, written: writtenOf(open) };
  }

  async #writeAll(
    open: OpenConversation,
    missing: readonly IncomingMessage[],
    isLast: boolean,
  ): Promise<void> {
    const steps = inSteps(missing);
    const hasEnd = isWhole(open) ? open.added.size > 0 : open.keys.size > 0;
    // Also a conversation that lacks only its end has to be finished.
    if (steps.length === 0 && isLast && hasEnd) steps.push([]);
    for (const [index, step] of steps.entries()) {
      for (const { document } of step.flatMap(({ attachments }) => attachments))
        await this.#keepDocument(open, document);
      while (this.#gate.taken) await sleep(1);
      this.#db.transaction(() => {
        open.id ??= this.#create(open);
        for (const message of step) this.#add(open, open.id, message);
        if (isLast && index === steps.length - 1) this.#end(open, open.id);
      });
      await breathe();
    }
  }

  /** The text of the last one may go on. */
  async #keepAllButLast(open: OpenConversation): Promise<void> {
    for (const place of open.documents.keys())
      if (place < open.documents.length - 1) await this.#keepDocument(open, place);
  }

  async #keepDocument({ documents }: OpenConversation, place: number): Promise<void> {
    const document = documents[place];
    if (typeof document !== 'object') return;
    while (this.#gate.taken) await sleep(1);
    const { text, ...about } = document;
    const values = { ...about, now: Date.now() };
    documents[place] = await keepDocument({ attachments: this.#attachments }, values, cleanText(text));
  }

  #add(open: OpenConversation, conversationId: number, message: IncomingMessage): void {
    const { ids, added, documents } = open;
    const parentId = message.parent === null ? null : (ids.get(message.parent) ?? null);
    const messageId = this.#repository.add(conversationId, parentId, message);
    ids.set(message.key, messageId);
    added.add(message.key);
    for (const attached of message.attachments) {
      const documentId = documents[attached.document];
      const owner = { messageId, conversationId };
      if (typeof documentId === 'number')
        this.#repository.attach(documentId, owner, attached, Math.trunc(message.createdAt));
    }
  }

  /** All messages are in. */
  #end(open: OpenConversation, id: number): void {
    const { ids, added, lastKey, incoming } = open;
    for (const note of incoming.notes) {
      const coversId = ids.get(note.covers);
      const wanted = !isWhole(open) || added.has(note.covers);
      if (coversId !== undefined && wanted) this.#repository.addNote(id, coversId, note);
    }
    if (isWhole(open)) return;
    const active = ids.get(incoming.activeMessage ?? '') ?? ids.get(lastKey ?? '');
    this.#repository.finish(id, active ?? null);
  }

  /** What never came to its end is of no use any more. */
  giveUpUnfinished(): void {
    this.#repository.giveUpUnfinished();
  }

  #create({ key, incoming }: OpenConversation): number {
    const { titleSource, createdAt, updatedAt, settings, preset, pinned, archived, folder, tags } = incoming;
    const presetId = preset === null ? null : (this.#presetIds[preset] ?? null);
    const times = { createdAt: Math.trunc(createdAt), updatedAt: Math.trunc(updatedAt) };
    const folderId = folder === null ? null : this.#order.createFolder(folder).id;
    const title = incoming.title.slice(0, 200);
    const values = { key, title, titleSource, settings, presetId, pinned, archived, folderId, ...times };
    const id = this.#repository.create(values);
    this.#order.tag([id], tags, []);
    return id;
  }
}

function inSteps(messages: readonly IncomingMessage[]): IncomingMessage[][] {
  const steps: IncomingMessage[][] = [];
  let characters = 0;
  for (const message of messages) {
    characters += message.text.length;
    const step = steps.at(-1);
    if (step && step.length < STEP_MESSAGES && characters <= STEP_CHARACTERS) step.push(message);
    else {
      steps.push([message]);
      characters = message.text.length;
    }
  }
  return steps;
}
