// Serves the chat's preview page only.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [svelte({ configFile: '../../../src-renderer/svelte.config.js' })],
  build: { target: 'chrome136', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
