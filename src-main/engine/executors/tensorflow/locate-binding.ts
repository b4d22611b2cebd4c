import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';

/** What the set-up (scripts/setup/tensorflow.mjs) has put into the native cache. */
export interface BindingLocation {
  readonly kind: 'cpu' | 'cuda';
  /** Folder that holds `tensorflow/` and, for CUDA, `nvidia/`. */
  readonly dir: string;
  /** The .node file. */
  readonly binding: string;
  readonly version: string;
}

const isLocation = (value: unknown): value is BindingLocation =>
  typeof value === 'object' && value !== null && 'binding' in value && typeof value.binding === 'string';

/** The folder outside of every checkout that the set-up fills: METALMO_CACHE, else ~/.cache/metalmo. */
export function nativeCache(): string {
  return path.resolve(process.env['METALMO_CACHE'] || path.join(homedir(), '.cache', 'metalmo'));
}

function hasNvidiaDriver(): boolean {
  return existsSync('/proc/driver/nvidia/version') || existsSync('/dev/nvidia0') || existsSync('/dev/dxg');
}

/**
 * The binding to load: the CUDA build where it is set up and an NVIDIA driver is present, else the CPU build.
 * The environment variable METALMO_TENSORFLOW ("cpu" or "cuda") chooses.
 */
export function locateBinding(): BindingLocation | { readonly missing: string } {
  const cache = nativeCache();
  const require = createRequire(import.meta.url);
  let tfjs: string;
  try {
    const manifest: unknown = require('@tensorflow/tfjs-node-gpu/package.json');
    tfjs = String((manifest as { version: unknown }).version);
  } catch {
    return { missing: '@tensorflow/tfjs-node-gpu is not installed; run "npm ci"' };
  }
  const chosen = process.env['METALMO_TENSORFLOW'];
  const kinds = chosen === 'cpu' || chosen === 'cuda' ? [chosen] : hasNvidiaDriver() ? ['cuda', 'cpu'] : ['cpu'];
  for (const kind of kinds) {
    const file = path.join(cache, 'tensorflow', `tfjs-${tfjs}-${process.platform}-${process.arch}-${kind}.json`);
    if (!existsSync(file)) continue;
    const location: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isLocation(location) && existsSync(location.binding)) return location;
  }
  return {
    missing: `the native TensorFlow is not in ${path.join(cache, 'tensorflow')}; run "node scripts/setup/tensorflow.mjs"`,
  };
}
