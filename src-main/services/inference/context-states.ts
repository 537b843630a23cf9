// The cache of evaluated contexts on disk: going back to a conversation restores its state instead of reading it
// again. Only what this installation wrote, named in its own database with its hash, is ever handed to the engine.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SavedState } from '#contract/engine.ts';
import { TEMPORARY_FROM_ID } from '../../database/conversation-repository.ts';
import type { ContextStateRepository } from '../../database/context-state-repository.ts';

export interface WrittenState {
  conversationId: number;
  stateKey: string;
  sha256: string;
  sizeBytes: number;
  tokens: number;
}

export class ContextStates {
  readonly #folder: string;
  readonly #repository: ContextStateRepository;
  readonly #limitBytes: () => number;

  constructor(folder: string, repository: ContextStateRepository, limitBytes: () => number) {
    this.#folder = folder;
    this.#repository = repository;
    this.#limitBytes = limitBytes;
  }

  /** Where the engine shall write, and how much at most; null when the cache is off. */
  async place(conversationId: number): Promise<{ file: string; maxBytes: number } | null> {
    const maxBytes = this.#limitBytes();
    // What is kept in memory only must not come to the disk this way.
    if (maxBytes === 0 || conversationId >= TEMPORARY_FROM_ID) return null;
    await mkdir(this.#folder, { recursive: true });
    return { file: this.#path(conversationId), maxBytes };
  }

  /** The state of a conversation if it was written for exactly this model, template and context. */
  find(conversationId: number, stateKey: string, now: number): SavedState | null {
    if (this.#limitBytes() === 0) return null;
    const row = this.#repository.get(conversationId);
    if (row?.stateKey !== stateKey) return null;
    this.#repository.touch(conversationId, now);
    return { file: this.#path(conversationId), sha256: row.sha256 };
  }

  /** Notes a written state and deletes the least recently used ones over the limit. */
  async remember(state: WrittenState, now: number): Promise<void> {
    try {
      this.#repository.put({ ...state, file: fileName(state.conversationId), usedAt: now });
    } catch (error) {
      await this.forget(state.conversationId); // Deleted for ever meanwhile.
      throw error;
    }
    while (this.#repository.totalBytes() > this.#limitBytes()) {
      const oldest = this.#repository.leastRecentlyUsed();
      if (!oldest) return;
      await this.forget(oldest.conversationId);
    }
  }

  /** Deletes the state of a conversation, if it has one. */
  async forget(conversationId: number): Promise<void> {
    this.#repository.remove(conversationId);
    await rm(this.#path(conversationId), { force: true });
  }

  /** Deletes files that no row names: left by a crash between writing and noting, or of deleted conversations. */
  async sweep(): Promise<void> {
    const files = await readdir(this.#folder).catch(() => []);
    const known = new Set(this.#repository.list().map((state) => state.file));
    const strays = files.filter((file) => !known.has(file));
    await Promise.all(strays.map((file) => rm(join(this.#folder, file), { force: true })));
  }

  #path(conversationId: number): string {
    return join(this.#folder, fileName(conversationId));
  }
}

function fileName(conversationId: number): string {
  return `${conversationId}.state`;
}
