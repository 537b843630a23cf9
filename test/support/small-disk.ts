// A small file system of a test's own, for full and read-only disks.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';

/** Mounts it until the test ends. Skips the test where this system does not let us (not root, not Linux). */
export function mountSmallDisk(test: TestContext, options: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'lapidary-mount-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    test.skip('needs the right to mount a tmpfs');
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}
