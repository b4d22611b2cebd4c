import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '..', '..', '..');
const TARGET = 'chrome83';

/** Page and preload script, unchanged, at the syntax level of Electron 9; what Chrome 83 lacks at run time is added. */
export async function buildForChrome83(outDir: string): Promise<{ page: string; preload: string }> {
  const page = resolve(outDir, 'page');
  const main = resolve(root, 'src-renderer', 'main.ts');
  const missing = resolve(import.meta.dirname, 'missing-in-chrome-83.ts');
  await build({
    configFile: false,
    logLevel: 'error',
    root: resolve(root, 'src-renderer'),
    base: './',
    plugins: [
      {
        name: 'missing-in-chrome-83',
        transform: (code: string, id: string) => (id === main ? `import ${JSON.stringify(missing)};\n${code}` : null),
      },
      svelte({ configFile: resolve(root, 'svelte.config.js') }),
    ],
    build: { outDir: page, emptyOutDir: true, target: TARGET, cssTarget: TARGET },
  });
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    publicDir: false,
    build: {
      outDir: resolve(outDir, 'preload'),
      target: TARGET,
      minify: false,
      lib: { entry: resolve(root, 'src-main', 'preload.ts'), formats: ['cjs'], fileName: () => 'preload.js' },
      rolldownOptions: { external: ['electron'] },
    },
  });
  return { page, preload: resolve(outDir, 'preload', 'preload.js') };
}
