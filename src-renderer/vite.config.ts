// Builds the page into dist/renderer: hashed files, nothing inline, so that the strict content security policy holds.
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: folder('.'),
  base: './',
  logLevel: 'warn',
  plugins: [svelte({ configFile: folder('svelte.config.js') })],
  build: {
    outDir: folder('../dist/renderer'),
    emptyOutDir: true,
    target: 'chrome136',
    // Fonts and images as files: `font-src 'self'` forbids data addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: true,
    chunkSizeWarningLimit: 1500,
  },
});
