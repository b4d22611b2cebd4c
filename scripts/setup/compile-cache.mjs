// @ts-check
/** Node's cache of stripped and compiled modules, beside the native cache: the second start costs a third of the first. */
import module from 'node:module';
import path from 'node:path';
import { cacheRoot } from './tensorflow-cache.mjs';

/** For this process and, by the environment, for those it starts; a person's own NODE_COMPILE_CACHE is left alone. */
export function useCompileCache() {
  process.env.NODE_COMPILE_CACHE ??= path.join(cacheRoot(), 'compiled');
  // Node 20, which may be what runs us first, has none; it is no loss.
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
}
