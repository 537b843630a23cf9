// Models that can be had: the shipped catalogue, judged for this machine, and anything else on Hugging Face.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { backend, nothing, rowId } from './common.ts';
import { downloadSource, repositoryName, revisionName } from './downloads.ts';
import { memoryNeed, modelHeader } from './models.ts';

export const PURPOSES = ['chat', 'reading', 'writing', 'retrieval'] as const;
export const purpose = z.enum(PURPOSES);
export type Purpose = z.output<typeof purpose>;

/** Whether it runs here, and how: the numbers behind are in `need`. */
export const fit = z.object({
  verdict: z.enum(['gpu', 'partly-gpu', 'cpu', 'too-large', 'unknown']),
  need: memoryNeed,
  /** Layers that would lie on the graphics processor, of how many; null on the processor alone. */
  gpuLayers: z.object({ used: z.number(), total: z.number() }).nullable(),
  freeGpuBytes: z.number().nullable(),
  /** Enough for it if nothing else ran: closing programs would help. */
  fitsWhenFree: z.boolean(),
});
export type Fit = z.output<typeof fit>;

export const speed = z.object({
  tokensPerSecond: z.number(),
  source: z.enum(['measured', 'estimated']),
  backend,
});
export type Speed = z.output<typeof speed>;

export const catalogueEntry = z.object({
  /** Stable, unique: 'gemma-4-e4b-it-qat-q4_0'. */
  id: z.string(),
  /** 'gemma-4' */
  family: z.string(),
  /** 'Gemma 4 E4B' */
  name: z.string(),
  source: downloadSource,
  sizeBytes: z.number(),
  /** Nobody has told the size to the byte: it was rounded, or computed from parameters and bits. */
  sizeEstimated: z.boolean(),
  quantization: z.string(),
  parameterCount: z.number(),
  /** Fewer than `parameterCount` for mixtures of experts and per-layer embeddings: what each token costs. */
  activeParameterCount: z.number(),
  contextLength: z.number(),
  /** ISO 639-1 codes it was trained for; 'multilingual' for 100 and more. */
  languages: z.array(z.string()),
  thinking: z.boolean(),
  purposes: z.array(purpose),
  licence: z.enum(['apache-2.0', 'gemma-terms']),
  /** Hugging Face asks for an account that has accepted the terms. */
  gated: z.boolean(),
  /** 1 (rough) to 5 (as the original), for "compare in plain words". */
  fidelity: z.int().min(1).max(5),
  /** '2026-04-02', or only the month: '2024-02'. */
  releasedAt: z.string(),
  fit,
  speed: speed.nullable(),
  /** The installed model with the same content. */
  modelId: rowId.nullable(),
  downloadId: rowId.nullable(),
});
export type CatalogueEntry = z.output<typeof catalogueEntry>;

export const catalogue = z.object({
  entries: z.array(catalogueEntry),
  /** One clear choice for this machine and purpose; null when nothing fits. */
  recommended: z.object({ id: z.string(), reason: z.enum(['best-that-fits', 'smallest']) }).nullable(),
  /** Verdicts are for this context; it is the setting's, or what suits the purpose. */
  contextSize: z.number(),
});
export type Catalogue = z.output<typeof catalogue>;

/** One model in a repository: a GGUF, or all parts of a split one. */
export const remoteModel = z.object({
  name: z.string(),
  quantization: z.string().nullable(),
  sizeBytes: z.number().nullable(),
  source: downloadSource,
});
export type RemoteModel = z.output<typeof remoteModel>;

export const remoteRepository = z.object({
  repository: repositoryName,
  /** The commit that the branch stood at; files are fetched from exactly this one. */
  revision: revisionName,
  licence: z.string().nullable(),
  gated: z.boolean(),
  downloads: z.number().nullable(),
  models: z.array(remoteModel),
  /** Position in `models` of what the address named; null when it named only the repository. */
  named: z.number().nullable(),
});
export type RemoteRepository = z.output<typeof remoteRepository>;

export const foundRepository = z.object({
  repository: repositoryName,
  downloads: z.number(),
  likes: z.number(),
  updatedAt: z.number().nullable(),
  gated: z.boolean(),
});
export type FoundRepository = z.output<typeof foundRepository>;

export const inspectedRemote = z.object({ header: modelHeader, fit, speed: speed.nullable() });
export type InspectedRemote = z.output<typeof inspectedRemote>;

/** Where models come from, and whether this app is known there. Never the token itself. */
export const hubStatus = z.object({
  /** 'https://huggingface.co' or the mirror the person set. */
  endpoint: z.string(),
  mirror: z.boolean(),
  /** 'stored': in the system's secret store; 'session': kept until Lapidary ends, where there is no such store. */
  token: z.enum(['none', 'stored', 'session', 'environment']),
});
export type HubStatus = z.output<typeof hubStatus>;

export const catalogueContract = {
  /** The whole catalogue, judged for this machine, now and whenever hardware, models or downloads change. */
  'catalogue.watch': stream(z.object({ purpose }), catalogue),
  /** Everything below asks Hugging Face, and only when a person pressed a button. Errors: hub-*, offline. */
  'hub.open': call(z.object({ address: z.string().min(1).max(1000) }), remoteRepository),
  'hub.search': call(z.object({ query: z.string().min(1).max(200) }), z.array(foundRepository)),
  /** Reads the header by range requests, a few megabytes at most, and judges the fit. */
  'hub.inspect': call(z.object({ source: downloadSource }), inspectedRemote),
  'hub.watch': stream(nothing, hubStatus),
  /** Checks a token with the server and keeps it in the secret store; null forgets it. Errors: hub-token-refused. */
  'hub.setToken': call(z.object({ token: z.string().min(1).max(500).nullable() }), nothing),
};
