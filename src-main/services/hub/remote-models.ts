// Makes models out of a repository's list of files: parts of a split GGUF are one model, and what is no model of
// text (the eyes of one that sees) is left out.
import { basename, dirname } from 'node:path/posix';
import type { RemoteModel } from '#contract/catalogue.ts';
import { repositoryPath, sha256, type RemoteFile } from '#contract/downloads.ts';
import { readPartName } from '../../lib/gguf-parts.ts';
import type { HubAddress } from './hub-address.ts';
import type { RevisionSource } from './hub-types.ts';

/** Longest alternatives first; ggml's types with the letters that name a mixture: Q4_K_M, IQ2_XXS, UD-Q4_K_XL. */
const QUANTIZATION =
  /(?:^|[-_.])((?:UD-)?(?:I?Q\d(?:_(?:XXS|XXL|XS|XL|NL|R4|R8|[01KSML48])){0,3}|TQ\d_\d|MXFP4(?:_MOE)?|NVFP4|BF16|F16|F32|FP16|FP32))(?=$|[-_.])/gi;

export interface ListedFile {
  rfilename: string;
  size?: number | null | undefined;
  lfs?: { sha256?: string | undefined; size?: number | null | undefined } | null | undefined;
}

/** Smallest first; those of unknown size last. Split models with a part missing are left out. */
export function remoteModels(source: RevisionSource, listed: ListedFile[]): RemoteModel[] {
  const files = listed.filter(isModelFile).map(toRemoteFile);
  const byName = Map.groupBy(files, ({ path }) => groupName(path));
  const models = [...byName.values()].flatMap((group) => toModel(source, group) ?? []);
  return models.toSorted((a, b) => (a.sizeBytes ?? Infinity) - (b.sizeBytes ?? Infinity));
}

/** Position of the model that an address names by file or quantization; null when it names none. */
export function namedModel(models: RemoteModel[], { path, quantization }: HubAddress): number | null {
  const wanted = quantization?.toUpperCase();
  const matches = ({ source, quantization: own }: RemoteModel): boolean =>
    path === null
      ? wanted !== undefined && own?.toUpperCase() === wanted
      : source.files.some((file) => file.path === path);
  const index = path === null && wanted === undefined ? -1 : models.findIndex(matches);
  return index < 0 ? null : index;
}

/** 'Q4_K_M' out of a file's name, or its folder's where each has one of its own; null where they say nothing. */
export function quantizationOf(path: string): string | null {
  const stem = basename(path).replace(/(-\d{5}-of-\d{5})?\.gguf$/i, '');
  const found = [basename(dirname(path)), stem].flatMap((name) => [...name.matchAll(QUANTIZATION)]);
  return found.at(-1)?.[1]?.toUpperCase() ?? null;
}

function isModelFile({ rfilename }: ListedFile): boolean {
  return repositoryPath.safeParse(rfilename).success && !/mmproj/i.test(rfilename);
}

function toRemoteFile({ rfilename, size, lfs }: ListedFile): RemoteFile {
  return {
    path: rfilename,
    sizeBytes: lfs?.size ?? size ?? null,
    sha256: sha256.safeParse(lfs?.sha256).data ?? null,
  };
}

/** The same for all parts of one model. */
function groupName(path: string): string {
  const part = readPartName(path);
  return part ? `${dirname(path)}/${part.stem} of ${part.count}` : path;
}

function toModel({ repository, revision }: RevisionSource, group: RemoteFile[]): RemoteModel | null {
  const files = group.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const [first] = files;
  if (!first) return null;
  const part = readPartName(first.path);
  if (part && files.length !== part.count) return null;
  const sizes = files.map((file) => file.sizeBytes);
  return {
    name: part?.stem ?? basename(first.path).replace(/\.gguf$/i, ''),
    quantization: quantizationOf(first.path),
    sizeBytes: sizes.every((size) => size !== null) ? sizes.reduce((sum, size) => sum + size, 0) : null,
    source: { repository, revision, files },
  };
}
