// Hugging Face's protocol: what is in a repository, and where a file's bytes are.
import { z } from 'zod';
import type { FoundRepository, RemoteRepository } from '#contract/catalogue.ts';
import { repositoryName, revisionName, sha256 } from '#contract/downloads.ts';
import { AppError } from '#contract/errors.ts';
import { redirectTarget } from '../network/allowed-address.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../network/http-types.ts';
import type { HubAddress } from './hub-address.ts';
import { HUGGING_FACE, type HubEndpoint } from './hub-endpoint.ts';
import { hubError } from './hub-error.ts';
import type { ResolvedFile, RevisionSource } from './hub-types.ts';
import { namedModel, remoteModels } from './remote-models.ts';

const MAX_ANSWER_BYTES = 30_000_000;
const MAX_REDIRECTS = 5;
const FOUND_LIMIT = 30;

/** What a file takes; null for what can be no size. */
const size = z.int().nonnegative().nullish().catch(null);

const repositoryAnswer = z.object({
  id: repositoryName.optional().catch(undefined),
  sha: revisionName,
  gated: z.union([z.boolean(), z.string()]).catch(false),
  downloads: z.number().nullable().catch(null),
  cardData: z
    .object({ license: z.string().nullable().catch(null) })
    .nullish()
    .catch(null),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size,
      lfs: z.object({ sha256: z.string().optional(), size }).nullish().catch(null),
    }),
  ),
});

const searchAnswer = z.array(
  z.object({
    id: z.string(),
    downloads: z.number().catch(0),
    likes: z.number().catch(0),
    lastModified: z.string().nullable().catch(null),
    gated: z.union([z.boolean(), z.string()]).catch(false),
  }),
);

interface HubClientOptions {
  http: HttpClient;
  endpoint: () => HubEndpoint;
  /** The person's token, to be used only where the endpoint takes it. */
  token: () => string | null;
}

type Asking = Pick<HttpRequest, 'reason' | 'signal'>;

export class HubClient {
  readonly #options: HubClientOptions;

  constructor(options: HubClientOptions) {
    this.#options = options;
  }

  /** Everything in a repository that can be had. Errors: hub-*, and those of the network. */
  async repository(address: HubAddress, asking: Asking): Promise<RemoteRepository> {
    const { repository, revision } = address;
    const path = `/api/models/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`;
    const answer = await this.#json(path, repositoryAnswer, { ...asking, repository });
    // A renamed repository answers under its new name.
    const source = { repository: answer.id ?? repository, revision: answer.sha };
    const models = remoteModels(source, answer.siblings);
    return {
      ...source,
      licence: answer.cardData?.license ?? null,
      gated: Boolean(answer.gated),
      downloads: answer.downloads,
      models,
      named: namedModel(models, address),
    };
  }

  /** Repositories with GGUF files, most downloaded first. */
  async search(query: string, asking: Asking): Promise<FoundRepository[]> {
    const parameters = new URLSearchParams({
      search: query,
      filter: 'gguf',
      sort: 'downloads',
      direction: '-1',
      limit: String(FOUND_LIMIT),
    });
    for (const field of ['downloads', 'likes', 'lastModified', 'gated']) parameters.append('expand[]', field);
    const found = await this.#json(`/api/models?${parameters}`, searchAnswer, asking);
    return found
      .filter(({ id }) => repositoryName.safeParse(id).success)
      .map(({ id, downloads, likes, lastModified, gated }) => ({
        repository: id,
        downloads,
        likes,
        updatedAt: (lastModified === null ? NaN : Date.parse(lastModified)) || null,
        gated: Boolean(gated),
      }));
  }

  /** The name of a token's account. Error: hub-token-refused. */
  async accountOf(token: string, asking: Asking): Promise<string> {
    const { address, takesToken } = this.#options.endpoint();
    const url = `${takesToken ? address : HUGGING_FACE}/api/whoami-v2`;
    const response = await this.#options.http.request(url, { ...asking, redirect: 'follow', token });
    if (response.status === 401 || response.status === 403) {
      response.discard();
      throw new AppError('hub-token-refused', `Status ${response.status}`, {
        details: { host: new URL(url).host },
      });
    }
    const { name } = await readJson(response, z.object({ name: z.string().catch('') }), { withToken: true });
    return name;
  }

  /**
   * Asks where the bytes of one file are; to be asked again when a signed link has run out.
   * Errors: hub-*, and those of the network.
   */
  async resolve(
    { repository, revision }: RevisionSource,
    path: string,
    asking: Asking,
  ): Promise<ResolvedFile> {
    const { address, takesToken } = this.#options.endpoint();
    const encodedPath = path.split('/').map(encodeURIComponent).join('/');
    const first = `${address}/${repository}/resolve/${encodeURIComponent(revision)}/${encodedPath}`;
    const known: Record<string, string> = {};
    let url = first;
    let token = takesToken ? this.#options.token() : null;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const request = { ...asking, method: 'HEAD', redirect: 'return', token } as const;
      const response = await this.#options.http.request(url, request);
      response.discard();
      const { status, headers } = response;
      // What the hub itself says comes first; the hosts of the bytes have etags of their own.
      for (const [name, value] of Object.entries(headers)) known[name] ??= value;
      if (status >= 200 && status < 300) return toResolved({ url, token }, known, headers['content-length']);
      if (status < 300 || status >= 400 || headers['location'] === undefined) {
        throw hubError(response, { repository, path, withToken: token !== null });
      }
      url = redirectTarget(headers['location'], new URL(url));
      const leaves = new URL(url).origin !== new URL(first).origin;
      // For good: another host must not be able to send us back with it.
      if (leaves) token = null;
      const size = headers['x-linked-size'];
      if (leaves && size !== undefined) return toResolved({ url, token }, known, size);
    }
    throw new AppError('network-failed', 'Too many redirects', { details: { host: new URL(first).host } });
  }

  async #json<T extends z.ZodType>(
    path: string,
    schema: T,
    { repository, ...asking }: Asking & { repository?: string },
  ): Promise<z.output<T>> {
    const { address, takesToken } = this.#options.endpoint();
    const token = takesToken ? this.#options.token() : null;
    const request = { ...asking, redirect: 'follow', token } as const;
    const response = await this.#options.http.request(`${address}${path}`, request);
    return readJson(response, schema, { withToken: token !== null, ...(repository && { repository }) });
  }
}

async function readJson<T extends z.ZodType>(
  response: HttpResponse,
  schema: T,
  asked: { repository?: string; withToken: boolean },
): Promise<z.output<T>> {
  if (response.status < 200 || response.status >= 300) {
    response.discard();
    throw hubError(response, asked);
  }
  const unusable = (cause: unknown): AppError =>
    new AppError('hub-unavailable', 'The answer makes no sense', {
      cause,
      details: { host: new URL(response.url).host },
    });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw unusable(new Error('Too long'));
    chunks.push(chunk);
  }
  try {
    return schema.parse(JSON.parse(Buffer.concat(chunks).toString()));
  } catch (error) {
    throw unusable(error);
  }
}

function toResolved(
  place: Pick<ResolvedFile, 'url' | 'token'>,
  headers: Record<string, string>,
  size: string | undefined,
): ResolvedFile {
  const written = headers['x-linked-size'] ?? size ?? '';
  const sizeBytes = /^\d+$/.test(written) ? Number(written) : NaN;
  if (!Number.isSafeInteger(sizeBytes)) {
    throw new AppError('hub-unavailable', 'The hub names no size', {
      details: { host: new URL(place.url).host },
    });
  }
  const etag = (headers['x-linked-etag'] ?? headers['etag'] ?? '').replace(/^W\//, '').replaceAll('"', '');
  return {
    ...place,
    sizeBytes,
    sha256: sha256.safeParse(etag).data ?? null,
    etag: etag || null,
    commit: headers['x-repo-commit'] ?? null,
  };
}
