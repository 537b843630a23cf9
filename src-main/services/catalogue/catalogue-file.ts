// The shipped catalogue: what every model is, said once, and the files it comes in. Read and checked at start; from
// then on a list of entries that only lack what this machine makes of them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { catalogueEntry, type CatalogueEntry } from '#contract/catalogue.ts';
import { repositoryName, repositoryPath, revisionName, sha256 } from '#contract/downloads.ts';
import type { ModelShape } from '../../lib/model-memory.ts';
import { estimateFileBytes, QUANTIZATIONS } from './quantizations.ts';

const count = z.int().positive();

const shape = z.strictObject({
  layerCount: count,
  embeddingLength: count,
  feedForwardLength: count,
  headCount: count,
  vocabularySize: count,
  cache: z.array(
    z.strictObject({ layers: count, kvHeads: count, headWidth: count, window: count.nullable() }),
  ),
}) satisfies z.ZodType<ModelShape>;

const releasedAt = z.string().regex(/^20\d\d-[01]\d(-[0-3]\d)?$/);

const file = z.strictObject({
  /** Makes the id of the entry, after that of the model. */
  suffix: z.string().regex(/^[a-z0-9_-]+$/),
  repository: repositoryName,
  /** Left out: the branch as it stands when it is downloaded. */
  revision: revisionName.default('main'),
  path: repositoryPath,
  quantization: z.string().refine((name) => name.replace('QAT ', '') in QUANTIZATIONS),
  fidelity: catalogueEntry.shape.fidelity,
  /** To the byte; null where nobody has looked it up. */
  sizeBytes: count.nullable(),
  /** As its publisher rounds it. */
  approximateBytes: count.optional(),
  sha256: sha256.nullable(),
  /** Hugging Face wants an account that has accepted the terms. */
  gated: z.boolean().default(false),
  /** Where it came out later than its model. */
  releasedAt: releasedAt.optional(),
});

const { contextLength, languages, licence, parameterCount, purposes, thinking } = catalogueEntry.shape;
const model = z.strictObject({
  id: z.string().regex(/^[a-z0-9.-]+$/),
  family: z.string(),
  name: z.string(),
  /** As `general.architecture` of its files names it. */
  architecture: z.string(),
  parameterCount,
  activeParameterCount: parameterCount,
  contextLength,
  languages,
  thinking,
  purposes,
  licence,
  releasedAt,
  /** Which of two models to choose where both run well: the higher. An editor's order, not a measurement; see README. */
  quality: z.number().min(0).max(100),
  shape,
  files: z.array(file).min(1),
});

/** The shape of catalogue.json. */
export const catalogueFile = z.strictObject({ factsOf: z.iso.date(), models: z.array(model) });

/** An entry before it was judged. */
export interface KnownModel {
  entry: Omit<CatalogueEntry, 'fit' | 'speed' | 'modelId' | 'downloadId'>;
  architecture: string;
  shape: ModelShape;
  quality: number;
}

/** Reads the catalogue in the resources folder. @throws when it is missing or not as it should be */
export async function readCatalogue(resourcesFolder: string): Promise<KnownModel[]> {
  const text = await readFile(join(resourcesFolder, 'catalogue', 'catalogue.json'), 'utf8');
  return parseCatalogue(JSON.parse(text));
}

/** One entry for every file, in the order of the list. @throws ZodError */
export function parseCatalogue(data: unknown): KnownModel[] {
  return catalogueFile.parse(data).models.flatMap(entriesOf);
}

function entriesOf({ files, quality, ...about }: z.output<typeof model>): KnownModel[] {
  return files.map(({ suffix, repository, revision, path, approximateBytes, ...rest }) => {
    const { sizeBytes: exactBytes, sha256: hash, releasedAt: later, ...own } = rest;
    const { shape: modelShape, architecture, ...shared } = about;
    const estimate = approximateBytes ?? estimateFileBytes(own.quantization, about);
    return {
      entry: {
        ...shared,
        ...own,
        id: `${about.id}-${suffix}`,
        releasedAt: later ?? about.releasedAt,
        source: { repository, revision, files: [{ path, sizeBytes: exactBytes, sha256: hash }] },
        sizeBytes: exactBytes ?? estimate,
        sizeEstimated: exactBytes === null,
      },
      architecture,
      shape: modelShape,
      quality,
    };
  });
}
