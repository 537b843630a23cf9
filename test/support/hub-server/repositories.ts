// What the fake Hugging Face holds: repositories, their files and facts, and what goes wrong with each file.
import { createHash } from 'node:crypto';
import { openContent, sha256Of, type Content } from './file-content.ts';
import type { FileContent, FileFaults, FileSetup, RepositorySetup } from './hub-control.ts';

const NO_FAULTS: FileFaults = {
  dropAfter: null,
  stallAfter: null,
  ignoreRange: null,
  flipBit: null,
  paceBytesPerSecond: null,
};

export class HubFile {
  readonly path: string;
  readonly lfs: boolean;
  faults: FileFaults = NO_FAULTS;
  bytesSent = 0;
  #content: Content;
  #sha256: Promise<string> | null = null;

  constructor({ path, content, lfs = true }: FileSetup) {
    this.path = path;
    this.lfs = lfs;
    this.#content = openContent(content);
  }

  get content(): Content {
    return this.#content;
  }

  replace(content: FileContent): void {
    this.#content = openContent(content);
    this.#sha256 = null;
  }

  sha256(): Promise<string> {
    this.#sha256 ??= sha256Of(this.#content);
    return this.#sha256;
  }

  /** Large files are named by their sha256, small ones by a git hash: 40 digits. */
  async etag(): Promise<string> {
    const sha256 = await this.sha256();
    return this.lfs ? sha256 : sha256.slice(0, 40);
  }
}

export class HubRepository {
  readonly setup: RepositorySetup;
  readonly files: Map<string, HubFile>;
  commit: string;

  constructor(setup: RepositorySetup) {
    this.setup = setup;
    this.files = new Map(setup.files.map((file) => [file.path, new HubFile(file)]));
    this.commit = setup.commit ?? hash(setup.name);
  }

  replace(path: string, content: FileContent): void {
    this.file(path).replace(content);
    this.commit = hash(`${this.commit} ${path}`);
  }

  file(path: string): HubFile {
    const file = this.files.get(path);
    if (!file) throw new Error(`${this.setup.name} has no ${path}`);
    return file;
  }

  knowsRevision(revision: string): boolean {
    return revision === 'main' || /^[0-9a-f]{40}$/.test(revision);
  }

  /** As GET /api/models/{repo} tells it. */
  async describe(): Promise<object> {
    const { name, gated = false, licence, downloads = 0 } = this.setup;
    const siblings = [...this.files.values()].map(async (file) => ({
      rfilename: file.path,
      size: file.content.sizeBytes,
      blobId: (await file.sha256()).slice(0, 40),
      ...(file.lfs && {
        lfs: { sha256: await file.sha256(), size: file.content.sizeBytes, pointerSize: 135 },
      }),
    }));
    return {
      ...this.summary(),
      sha: this.commit,
      gated,
      private: Boolean(this.setup.privateTo),
      downloads,
      modelId: name,
      cardData: licence === undefined ? {} : { license: licence },
      siblings: await Promise.all(siblings),
    };
  }

  summary(): object {
    const { name, gated = false, downloads = 0 } = this.setup;
    return { id: name, gated, downloads, likes: 7, lastModified: '2026-11-20T12:00:00.000Z' };
  }
}

function hash(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
