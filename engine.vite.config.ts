import { cpSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const root = import.meta.dirname;
const outDir = resolve(root, 'out/engine');
const entries = ['engine-host/main.ts', 'engine-host/diagnose-main.ts', 'engine/data/data-worker.ts'];

/** The engine names the file of its data thread as its source is called. */
const nameBuiltWorker: Plugin = {
  name: 'name-built-worker',
  transform: (code, id) =>
    id.endsWith('/engine/data/prefetched-source.ts')
      ? code.replace(/\.\/data-worker\.ts(?=['"], import)/, './data-worker.js')
      : null,
};

/** Small data beside the modules, where they look for it. */
const copyResources: Plugin = {
  name: 'copy-resources',
  closeBundle() {
    for (const data of ['resources/two-moons-tokenizer', 'resources/text-sample'])
      cpSync(resolve(root, data), resolve(outDir, data), { recursive: true });
  },
};

/**
 * The engine for a packaged app, one module to a file in the folders of its sources: a checkout runs those sources as
 * they are, a package has no TypeScript.
 */
export default defineConfig({
  publicDir: false,
  plugins: [nameBuiltWorker, copyResources],
  build: {
    ssr: true,
    outDir,
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rolldownOptions: {
      input: entries.map((file) => resolve(root, 'src-main', file)),
      external: /^(?![./]|[A-Z]:)/,
      output: { preserveModules: true, preserveModulesRoot: root, entryFileNames: '[name].js' },
    },
  },
});
