import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

/** Builds the page alone, for the web shell: out/renderer, the same place electron-vite writes it to. */
export default defineConfig({
  root: resolve(root, 'src-renderer'),
  base: './',
  plugins: [svelte({ configFile: resolve(root, 'svelte.config.js') })],
  build: {
    outDir: resolve(root, 'out/renderer'),
    emptyOutDir: true,
  },
});
