// Copying for other programs. Bugs these catch: marks left in plain text, cells run together, a script or an image
// that travels with the formatting, and commands for the terminal that it is pasted into.
import { afterEach, expect, test, vi } from 'vitest';
import { copyPlain, copyRich, copyWritten } from '../../../src-renderer/features/chat/copy-message.ts';

const MARKDOWN = `# Title

Some **bold** and \`code\`.

1. One
2. Two
   - Inner

| a | b |
|---|---|
| 1 | 2 |

<script>alert(1)</script> ![x](https://example.com/x.png) [link](javascript:alert(1))`;

afterEach(() => vi.unstubAllGlobals());

test('plain text keeps lists, rows and what looked like HTML', async () => {
  let copied = '';
  vi.stubGlobal('navigator', {
    clipboard: { writeText: (text: string) => ((copied = text), Promise.resolve()) },
  });
  expect(await copyPlain(MARKDOWN)).toBe(true);
  expect(copied).toContain('Title\n\nSome bold and code.');
  expect(copied).toMatch(/1\. One\n2\. Two\n• Inner\n\na\tb\n1\t2\n\n/u);
  expect(copied).toContain('<script>alert(1)</script>');
});

test('formatting goes without anything active, with plain text beside it', async () => {
  const written: Record<string, Blob>[] = [];
  vi.stubGlobal('ClipboardItem', function (forms: Record<string, Blob>) {
    written.push(forms);
  });
  vi.stubGlobal('navigator', { clipboard: { write: () => Promise.resolve() } });
  expect(await copyRich(MARKDOWN)).toBe(true);
  const html = (await written[0]?.['text/html']?.text()) ?? '';
  expect(html).toContain('<strong>bold</strong>');
  expect(html).not.toMatch(/<script|<img|javascript:/u);
  expect(await written[0]?.['text/plain']?.text()).toContain('Some bold and code.');
});

test('what the eye did not see is not copied; as it was written, only control characters are left out', async () => {
  const copied: string[] = [];
  vi.stubGlobal('navigator', {
    clipboard: { writeText: (text: string) => (copied.push(text), Promise.resolve()) },
  });
  const written = '**Red**: \u001b[31mred\u001b[0m \u202eabc\u{e0041} `x`\r\n';
  await copyPlain(written);
  await copyWritten(written);
  expect(copied).toEqual(['Red: red abc x', '**Red**: [31mred[0m \u202eabc\u{e0041} `x`\r\n']);
});
