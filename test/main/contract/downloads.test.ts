// Names that come from a server, a pasted address or a stored row, at the door of everything that makes paths of them.
import { describe, expect, it } from 'vitest';
import {
  downloadSource,
  remoteFile,
  repositoryName,
  repositoryPath,
  revisionName,
} from '#contract/downloads.ts';

describe('the path of a file in a repository', () => {
  it.each(['m.gguf', 'UD-Q4_K_XL/m-00001-of-00002.gguf', 'gemma 3 (new).gguf', '..m/..gguf', 'a...b/ü.GGUF'])(
    'may be %j',
    (path) => {
      expect(repositoryPath.safeParse(path).success).toBe(true);
    },
  );

  it.each([
    ['../m.gguf', 'leads out'],
    ['a/../../m.gguf', 'leads out further on'],
    ['a\n/../../m.gguf', 'leads out after a line break, which "." in an expression does not match'],
    ['a\u2028/./m.gguf', 'hides a dot after a line separator'],
    ['a\u0007.gguf', 'a control character'],
    ['a//m.gguf', 'a name that is empty'],
    ['/m.gguf', 'absolute'],
    ['C:m.gguf', 'a drive'],
    ['a\\m.gguf', 'another system’s separator'],
    ['a. /m.gguf', 'a folder that Windows calls otherwise'],
    ['.. /m.gguf', 'a folder that Windows may take for the one above'],
    ['NUL.gguf', 'a device on Windows'],
    ['a/com1.Q4_0.gguf', 'a device on Windows, whatever follows'],
  ])('refuses %j: %s', (path, _why) => {
    expect(repositoryPath.safeParse(path).success).toBe(false);
  });
});

// Catches addresses that URL parsers shorten: /user/name/resolve/../file is another page of the hub.
it.each(['..', '.', 'refs/../main', '../../settings', 'a/./b', '/main', 'main/'])(
  'refuses %j as a revision',
  (name) => {
    expect(revisionName.safeParse(name).success).toBe(false);
  },
);
it.each(['main', 'refs/pr/3', 'v1.0..2', 'a'.repeat(40)])('takes %j as a revision', (name) => {
  expect(revisionName.safeParse(name).success).toBe(true);
});
it.each(['../..', 'user/..', './name', 'user', 'user/name/more'])('refuses %j as a repository', (name) => {
  expect(repositoryName.safeParse(name).success).toBe(false);
});
it.each(['user/name', 'Qwen/Qwen2.5-7B..x', 'a/.hidden'])('takes %j as a repository', (name) => {
  expect(repositoryName.safeParse(name).success).toBe(true);
});

// Catches sizes from a server that make sums and ranges negative.
it.each([-1, 0.5, Number.NaN, Infinity])('refuses a file of %d bytes', (sizeBytes) => {
  expect(remoteFile.safeParse({ path: 'm.gguf', sizeBytes, sha256: null }).success).toBe(false);
});

// Catches two files of one model that would be written into each other, as a folder of ours has no folders in it.
it('refuses files of one name, on systems too that take large letters for small ones', () => {
  const named = (...paths: string[]) => ({
    repository: 'user/name',
    revision: 'main',
    files: paths.map((path) => ({ path, sizeBytes: null, sha256: null })),
  });
  expect(downloadSource.safeParse(named('a/m.gguf', 'b/M.GGUF')).success).toBe(false);
  expect(downloadSource.safeParse(named('a/m.gguf', 'a/n.gguf')).success).toBe(true);
});
