// Bundles the main side into dist/main: one file per process, beside each other, because they find one another there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type InlineConfig, type Plugin } from 'vite';

const NATIVE = ['electron', 'better-sqlite3', 'node-llama-cpp'];
const external = [/^node:/, ...NATIVE.map((name) => new RegExp(`^${name}(/|$)`))];

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Entries by the name they get in dist/main. */
const entries = Object.fromEntries(
  Object.entries({
    browser: source('hosts/browser/main.ts'),
    electron: source('hosts/electron/main.ts'),
    engine: source('engine/main.ts'),
    reader: source('reader/main.ts'),
    'reader-worker': source('reader/reader-worker.ts'),
    'maintenance-worker': source('database/maintenance-worker.ts'),
    'download-worker': source('services/downloads/download-worker.ts'),
    'transfer-worker': source('services/transfer/transfer-worker.ts'),
    'text-worker': source('services/documents/text-worker.ts'),
    'hash-worker': source('services/downloads/hash-worker.ts'),
  }).filter(([, file]) => existsSync(file)),
);

/** The reader needs them for Chinese, Japanese and Korean PDFs; with their licence. */
const characterMaps: Plugin = {
  name: 'character-maps',
  generateBundle() {
    const folder = source('../node_modules/pdfjs-dist/cmaps');
    for (const file of readdirSync(folder)) {
      this.emitFile({ type: 'asset', fileName: `cmaps/${file}`, source: readFileSync(join(folder, file)) });
    }
  },
};

const shared: InlineConfig = {
  root: source('.'),
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  // ws then never looks for its optional native parts.
  define: { 'process.env.WS_NO_BUFFER_UTIL': '"1"', 'process.env.WS_NO_UTF_8_VALIDATE': '"1"' },
  ssr: { noExternal: true, external: NATIVE },
};

/** The ES module entries; what they share lies in chunks beside them. */
export const processes: InlineConfig = {
  ...shared,
  plugins: [characterMaps],
  build: {
    ssr: true,
    target: 'node24',
    outDir: source('../dist/main'),
    emptyOutDir: true,
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      input: entries,
      external,
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
};

/** A sandboxed preload can only be a single CommonJS file. */
export const preload: InlineConfig = {
  ...shared,
  build: {
    ssr: true,
    target: 'node24',
    outDir: source('../dist/main'),
    emptyOutDir: false,
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      input: { preload: source('hosts/electron/preload.ts') },
      external,
      output: { format: 'cjs', entryFileNames: '[name].cjs' },
    },
  },
};

export default defineConfig(processes);
