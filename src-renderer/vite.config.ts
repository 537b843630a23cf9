// Builds the page into dist/renderer: hashed files, nothing inline, so that the strict content security policy holds.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const here = import.meta.dirname;

export default defineConfig({
  root: here,
  base: './',
  logLevel: 'warn',
  plugins: [svelte({ configFile: `${here}/svelte.config.js` })],
  // The spelling worker is a module; its binary lies beside it.
  worker: { format: 'es' },
  build: {
    outDir: `${here}/../dist/renderer`,
    emptyOutDir: true,
    target: 'chrome136',
    // Fonts and images as files: `font-src 'self'` forbids data addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: true,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
