// What an export writes: one file with all conversations, one with a single one, or a folder with a file for each.
import type { Preset } from '#contract/presets.ts';
import type { OutgoingConversation } from '../../../database/transfer-repository.ts';
import { fileNameOf } from './file-names.ts';
import { JSON_END, jsonElements, jsonHead } from './json-file.ts';
import { WholeFile, WholeFolder } from './whole-file.ts';

/** Nothing of it stays that was not finished. Errors as of WholeFile. */
export interface Output extends Disposable {
  readonly doneBytes: number;
  write(outgoing: OutgoingConversation): void;
  /** All of it is there now; returns where. */
  finish(): string;
}

export interface OutputPlace {
  folder: string;
  name: string;
  ending: string;
}

/** A conversation as the text of a file. */
export type Render = (outgoing: OutgoingConversation) => string;

export class JsonOutput implements Output {
  readonly #file: WholeFile;
  readonly #presets: readonly Preset[];
  #first = true;

  constructor(place: OutputPlace, presets: readonly Preset[]) {
    this.#file = new WholeFile(place);
    this.#presets = presets;
    this.#file.append(jsonHead(presets));
  }

  get doneBytes(): number {
    return this.#file.doneBytes;
  }

  write(outgoing: OutgoingConversation): void {
    for (const element of jsonElements(outgoing, this.#presets)) {
      this.#file.append((this.#first ? '' : ',\n') + element);
      this.#first = false;
    }
  }

  finish(): string {
    this.#file.append(JSON_END);
    return this.#file.finish();
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

export class TextOutput implements Output {
  readonly #file: WholeFile;
  readonly #render: Render;

  constructor(place: OutputPlace, render: Render) {
    this.#file = new WholeFile(place);
    this.#render = render;
  }

  get doneBytes(): number {
    return this.#file.doneBytes;
  }

  write(outgoing: OutgoingConversation): void {
    this.#file.append(this.#render(outgoing));
  }

  finish(): string {
    return this.#file.finish();
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

export class FolderOutput implements Output {
  doneBytes = 0;
  readonly #folder: WholeFolder;
  readonly #ending: string;
  readonly #untitled: string;
  readonly #render: Render;

  /** `untitled` names a file whose title no file system takes. */
  constructor({ folder, name, ending }: OutputPlace, untitled: string, render: Render) {
    this.#folder = new WholeFolder({ folder, name });
    this.#ending = ending;
    this.#untitled = untitled;
    this.#render = render;
  }

  write(outgoing: OutgoingConversation): void {
    const name = fileNameOf(outgoing.conversation.title, this.#untitled);
    using file = new WholeFile({ folder: this.#folder.partial, name, ending: this.#ending });
    file.append(this.#render(outgoing));
    file.finish();
    this.doneBytes += file.doneBytes;
  }

  finish(): string {
    return this.#folder.finish();
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}
