// Writes conversations that come in: in steps so short that whoever else writes hardly waits, each conversation once,
// and one that was cut off or has grown since is completed.
import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import type { FileHead } from '#contract/transfer.ts';
import type { Connection } from '../../database/connection.ts';
import { AttachmentRepository } from '../../database/attachment-repository.ts';
import { OrderRepository } from '../../database/order-repository.ts';
import { PresetRepository } from '../../database/preset-repository.ts';
import { TransferRepository } from '../../database/transfer-repository.ts';
import type { WriteGate } from '../../database/write-gate.ts';
import { cleanText, keepDocument } from '../attachments/keep-document.ts';
import { BUILT_IN_PRESETS } from '../presets/built-in-presets.ts';
import type { Incoming } from './formats/incoming.ts';

export type Written = 'imported' | 'completed' | 'here' | 'in-bin' | 'empty';

type IncomingMessage = Incoming['messages'][number];

/** One transaction: the index takes longest. */
const STEP_MESSAGES = 8;
const STEP_CHARACTERS = 5_000;

export class IncomingWriter {
  readonly #db: Connection;
  readonly #gate: WriteGate;
  readonly #repository: TransferRepository;
  readonly #presets: PresetRepository;
  readonly #order: OrderRepository;
  readonly #attachments: AttachmentRepository;
  /** Ids of the presets of the file that is read. */
  #presetIds: number[] = [];

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

  async write(incoming: Incoming): Promise<Written> {
    const known = this.#repository.find(incoming.key);
    if (known?.inBin) return 'in-bin';
    if (incoming.messages.length === 0) return 'empty';
    const ids = known ? this.#repository.messageIds(known.id) : new Map<string, number>();
    const before = ids.size;
    const missing = incoming.messages.filter(({ key }) => !ids.has(key));
    if (known && !known.unfinished && missing.length === 0) return 'here';
    // A person who has gone on in it here stays where they are.
    const untouched = known === null || known.unfinished;
    await this.#writeAll(incoming, { missing, ids, id: known?.id ?? null, keepActive: !untouched });
    return known === null ? 'imported' : before > 0 ? 'completed' : 'imported';
  }

  async #writeAll(incoming: Incoming, { missing, ids, id: knownId, keepActive }: Missing): Promise<void> {
    const steps = inSteps(missing);
    let id = knownId;
    for (const [index, step] of steps.entries()) {
      const documents = await this.#documentsOf(step, incoming);
      while (this.#gate.taken) await sleep(1);
      this.#db.transaction(() => {
        id ??= this.#create(incoming);
        for (const message of step) this.#add(id, message, { ids, documents });
        if (index < steps.length - 1) return;
        this.#addNotes(id, incoming, keepActive ? new Set(missing.map(({ key }) => key)) : null, ids);
        if (!keepActive) this.#finish(id, incoming, ids);
      });
      await breathe();
    }
  }

  /** Ids of the documents that go along with these messages, by their places in the file. */
  async #documentsOf(
    step: readonly IncomingMessage[],
    { documents }: Incoming,
  ): Promise<Map<number, number>> {
    const found = new Map<number, number>();
    for (const { document: place } of step.flatMap(({ attachments }) => attachments)) {
      const document = documents[place];
      if (!document || found.has(place)) continue;
      while (this.#gate.taken) await sleep(1);
      const { text, ...about } = document;
      const kept = await keepDocument(
        { attachments: this.#attachments },
        { ...about, now: Date.now() },
        cleanText(text),
      );
      found.set(place, kept);
    }
    return found;
  }

  #add(conversationId: number, message: IncomingMessage, { ids, documents }: Here): void {
    if (ids.has(message.key)) return;
    const parentId = message.parent === null ? null : (ids.get(message.parent) ?? null);
    const messageId = this.#repository.add(conversationId, parentId, message);
    ids.set(message.key, messageId);
    for (const attached of message.attachments) {
      const documentId = documents.get(attached.document);
      const owner = { messageId, conversationId };
      if (documentId !== undefined)
        this.#repository.attach(documentId, owner, attached, Math.trunc(message.createdAt));
    }
  }

  /** `only`: of those messages; null: all. */
  #addNotes(
    conversationId: number,
    { notes }: Incoming,
    only: ReadonlySet<string> | null,
    ids: Map<string, number>,
  ): void {
    for (const note of notes) {
      const coversId = ids.get(note.covers);
      const wanted = only === null || only.has(note.covers);
      if (coversId !== undefined && wanted) this.#repository.addNote(conversationId, coversId, note);
    }
  }

  #finish(id: number, { activeMessage, messages }: Incoming, ids: Map<string, number>): void {
    const active = ids.get(activeMessage ?? '') ?? ids.get(messages.at(-1)?.key ?? '');
    this.#repository.finish(id, active ?? null);
  }

  /** What never came to its end is of no use any more. */
  giveUpUnfinished(): void {
    this.#repository.giveUpUnfinished();
  }

  #create(incoming: Incoming): number {
    const { key, titleSource, createdAt, updatedAt, settings, preset, pinned, archived, folder, tags } =
      incoming;
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

/** What of a conversation is here: messages by their keys, documents by their places in the file. */
interface Here {
  ids: Map<string, number>;
  documents: Map<number, number>;
}

interface Missing {
  missing: readonly IncomingMessage[];
  /** Of the messages that are here, by their keys. */
  ids: Map<string, number>;
  /** Null: the conversation is not here yet. */
  id: number | null;
  keepActive: boolean;
}

/** At least one, since also a conversation that lacks only its end has to be finished. */
function inSteps(messages: readonly IncomingMessage[]): IncomingMessage[][] {
  const steps: IncomingMessage[][] = [[]];
  let characters = 0;
  for (const message of messages) {
    characters += message.text.length;
    const full = steps.at(-1)!.length >= STEP_MESSAGES || characters > STEP_CHARACTERS;
    if (full && steps.at(-1)!.length > 0) {
      steps.push([]);
      characters = message.text.length;
    }
    steps.at(-1)!.push(message);
  }
  return steps;
}
