// The arrow of the architecture is kept by lint rules; a rule that no longer bites is a folder that no longer holds.
// Every offence below is written into a small copy of the tree and must be reported, every allowed import must not.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const IMPORTS = 'eslint(no-restricted-imports)';
const GLOBALS = 'eslint(no-restricted-globals)';
const ROOT = join(import.meta.dirname, '../..');

/** File, its text, and the rule that must report it. */
const OFFENCES: [file: string, text: string, rule: string][] = [
  ['src-main/services/chat/a.ts', imports('electron'), IMPORTS],
  ['src-main/hosts/browser/a.ts', imports('electron'), IMPORTS],
  ['src-main/services/chat/b.ts', imports('node-llama-cpp'), IMPORTS],
  ['src-main/hosts/electron/b.ts', imports('node-llama-cpp'), IMPORTS],
  ['src-main/services/chat/c.ts', imports('better-sqlite3'), IMPORTS],
  ['src-main/engine/c.ts', imports('better-sqlite3'), IMPORTS],
  ['src-main/rpc/a.ts', imports('#contract/chat.ts'), IMPORTS],
  ['src-main/rpc/b.ts', imports('../services/chat/chat-service.ts'), IMPORTS],
  ['src-main/contract/a.ts', imports('#rpc/serve.ts'), IMPORTS],
  ['src-main/contract/b.ts', imports('node:fs'), IMPORTS],
  ['src-main/contract/c.ts', imports('../lib/log.ts'), IMPORTS],
  ['src-main/lib/a.ts', imports('../services/chat/chat-service.ts'), IMPORTS],
  ['src-main/services/chat/d.ts', imports('../../engine/generate.ts'), IMPORTS],
  ['src-main/services/chat/e.ts', imports('../../hosts/browser/main.ts'), IMPORTS],
  ['src-main/services/f.ts', imports('../hosts/electron/main.ts'), IMPORTS],
  ['src-main/database/a.ts', imports('../services/create-app.ts'), IMPORTS],
  ['src-main/engine/d.ts', imports('../database/open.ts'), IMPORTS],
  ['src-main/reader/a.ts', imports('../services/create-app.ts'), IMPORTS],
  ['src-main/reader/b.ts', imports('node:https'), IMPORTS],
  ['src-main/services/reading/a.ts', imports('pdfjs-dist/legacy/build/pdf.mjs'), IMPORTS],
  ['src-main/services/network/d.ts', imports('htmlparser2'), IMPORTS],
  ['src-main/services/transfer/a.ts', imports('yauzl'), IMPORTS],
  ['src-main/contract/d.ts', imports('@mozilla/readability'), IMPORTS],
  ['src-main/engine/j.ts', imports('chardet'), IMPORTS],
  ['src-main/hosts/electron/j.ts', imports('linkedom'), IMPORTS],
  ['src-renderer/features/chat/g-store.svelte.ts', imports('pdfjs-dist'), IMPORTS],
  ['src-renderer/ui/H.svelte', script(imports('htmlparser2')), IMPORTS],
  ['src-main/hosts/browser/c.ts', imports('../../database/open.ts'), IMPORTS],
  ['src-main/hosts/browser/d.ts', imports('../electron/main.ts'), IMPORTS],
  ['src-main/hosts/electron/d.ts', imports('../../services/chat/chat-service.ts'), IMPORTS],
  ['src-main/services/chat/g.ts', imports('../../../src-renderer/bridge.ts'), IMPORTS],
  ['src-main/services/chat/h.ts', imports('node:https'), IMPORTS],
  ['src-main/services/chat/i.ts', imports('undici'), IMPORTS],
  ['src-main/services/hub/i.ts', imports('undici'), IMPORTS],
  ['src-main/services/downloads/i.ts', imports('undici/lib/dispatcher/agent.js'), IMPORTS],
  ['src-main/database/i.ts', imports('node:net'), IMPORTS],
  ['src-main/engine/i.ts', imports('node:tls'), IMPORTS],
  ['src-main/services/network/a.ts', imports('node:https'), IMPORTS],
  ['src-main/services/network/b.ts', imports('../../engine/generate.ts'), IMPORTS],
  ['src-main/services/network/c.ts', "export const page = await fetch('http://a');", GLOBALS],
  ['src-main/hosts/browser/e.ts', "import { request } from 'node:http';\nrequest('http://a');", IMPORTS],
  ['src-main/services/chat/j.ts', "export const page = await fetch('http://a');", GLOBALS],
  ['src-main/services/chat/k.ts', "export const page = await globalThis.fetch('http://a');", GLOBALS],
  ['src-renderer/a.ts', imports('../src-main/services/create-app.ts'), IMPORTS],
  ['src-renderer/b.ts', imports('node:fs'), IMPORTS],
  ['src-renderer/c.ts', "import { message } from '#contract/chat.ts';\nmessage();", IMPORTS],
  ['src-renderer/d.ts', "export const socket = new WebSocket('ws://a');", GLOBALS],
  ['src-renderer/e.ts', "export const page = await fetch('http://a');", GLOBALS],
  ['src-renderer/f.ts', "window.postMessage('hello', '*');", GLOBALS],
  ['src-renderer/bridge.ts', "export const page = await fetch('http://a');", GLOBALS],
  ['src-renderer/ui/A.svelte', script(imports('../bridge.ts')), IMPORTS],
  ['src-renderer/ui/B.svelte', script(imports('../app/window-store.svelte.ts')), IMPORTS],
  ['src-renderer/ui/C.svelte', script(imports('../features/chat/Message.svelte')), IMPORTS],
  ['src-renderer/features/chat/D.svelte', script(imports('../../bridge.ts')), IMPORTS],
  ['src-renderer/features/chat/E.svelte', script(imports('../models/Card.svelte')), IMPORTS],
  ['src-renderer/features/chat/a-store.svelte.ts', imports('../models/models-store.svelte.ts'), IMPORTS],
  ['src-renderer/features/chat/parts/F.svelte', script(imports('../../models/Card.svelte')), IMPORTS],
  [
    'src-main/services/cycle-a.ts',
    "import { b } from './cycle-b.ts';\nexport const a = () => b;",
    'import(no-cycle)',
  ],
  ['src-main/services/any.ts', 'export const a = (b: any) => b;', 'typescript(no-explicit-any)'],
  ['src-main/services/many.ts', 'export const a = (b, c, d, e, f) => [b, c, d, e, f];', 'eslint(max-params)'],
  ['src-main/services/deep.ts', deep(4), 'eslint(max-depth)'],
  [
    'src-main/services/long-function.ts',
    `export const a = () => {${'\n'.repeat(60)}};`,
    'eslint(max-lines-per-function)',
  ],
  [
    'src-main/services/long.ts',
    `export const a = 1;${'\n'.repeat(300)}export const b = 2;`,
    'eslint(max-lines)',
  ],
  [
    'src-main/services/float.ts',
    'export const a = async () => {};\na();',
    'typescript(no-floating-promises)',
  ],
];

const ALLOWED: [file: string, text: string][] = [
  ['src-main/hosts/electron/ok.ts', imports('electron')],
  ['src-main/engine/ok.ts', imports('node-llama-cpp')],
  ['src-main/database/ok.ts', imports('better-sqlite3')],
  ['src-main/reader/ok.ts', imports('pdfjs-dist') + imports('../lib/turn-queue.ts') + imports('./source.ts')],
  ['src-main/rpc/ok.ts', imports('#contract/errors.ts') + imports('node:child_process')],
  ['src-main/contract/ok.ts', imports('zod') + imports('#rpc/define.ts') + imports('./common.ts')],
  ['src-main/services/network/ok.ts', imports('undici') + imports('../../database/open.ts')],
  ['src-main/services/chat/ok.ts', imports('../../database/open.ts') + imports('../../hosts/host.ts')],
  ['src-main/hosts/browser/ok.ts', "import { createServer } from 'node:http';\ncreateServer();"],
  ['src-main/hosts/browser/app.ts', imports('../../services/create-app.ts')],
  ['src-renderer/ok.ts', "import type { Message } from '#contract/chat.ts';\nexport type A = Message;"],
  ['src-renderer/ok-2.ts', imports('#contract/errors.ts') + imports('#rpc/client.ts')],
  ['src-renderer/features/chat/ok-store.svelte.ts', imports('../../bridge.ts')],
  [
    'src-renderer/features/chat/Ok.svelte',
    script(imports('../../ui/Button.svelte') + imports('./Message.svelte')),
  ],
  ['src-renderer/features/chat/parts/Ok.svelte', script(imports('../Message.svelte'))],
];

let tree: string;
let reports: { file: string; rule: string }[];

beforeAll(async () => {
  tree = mkdtempSync(join(tmpdir(), 'lapidary-lint-'));
  cpSync(join(ROOT, '.oxlintrc.json'), join(tree, '.oxlintrc.json'));
  cpSync(join(ROOT, 'tsconfig.json'), join(tree, 'tsconfig.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'), 'junction');
  for (const [file, text] of [...OFFENCES, ...ALLOWED]) write(file, text);
  write('src-main/services/cycle-b.ts', "import { a } from './cycle-a.ts';\nexport const b = () => a;");
  reports = await lint();
}, 60_000);

afterAll(() => rmSync(tree, { recursive: true, force: true }));

it.each(OFFENCES.map(([file, , rule]) => [file, rule]))('%s is refused by %s', (file, rule) => {
  expect(reports.filter((report) => report.file === file).map((report) => report.rule)).toContain(rule);
});

it.each(ALLOWED.map(([file]) => file))('%s is allowed', (file) => {
  const imported = reports.filter((report) => report.file === file && report.rule === IMPORTS);
  expect(imported).toEqual([]);
});

function imports(name: string): string {
  return `import * as thing${name.length} from '${name}';\nconsole.log(thing${name.length});\n`;
}

function script(text: string): string {
  return `<script lang="ts">\n${text}</script>\n`;
}

function deep(levels: number): string {
  return `export function a(b: number) {${'if (b > 1) {'.repeat(levels)}b += 1;${'}'.repeat(levels)} return b; }`;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), text);
}

function lint(): Promise<{ file: string; rule: string }[]> {
  const oxlint = join(ROOT, 'node_modules/oxlint/bin/oxlint');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [oxlint, '-f', 'json'], { cwd: tree, maxBuffer: 64e6 }, (error, stdout) => {
      if (!stdout.startsWith('{')) return reject(error ?? new Error(stdout));
      const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] };
      resolve(
        diagnostics.map(({ filename, code }) => ({ file: filename.replaceAll('\\', '/'), rule: code })),
      );
    });
  });
}
