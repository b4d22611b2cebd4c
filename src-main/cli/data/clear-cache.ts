import { join } from 'node:path';
import { AppError } from '../../../src-shared/app-error.ts';
import { dataFolders } from '../../engine/data/data-folders.ts';
import { clearCache, type CacheSize } from '../../engine/data/superglue-set/cache-files.ts';
import type { CommandArguments, CommandContext } from '../command.ts';
import { megabytes } from './megabytes.ts';

/** Removes encoded examples, all of them. @throws AppError input/invalid for a further argument; file/io */
export async function clearCacheAction(args: CommandArguments, { home, output }: CommandContext): Promise<void> {
  const [, ...more] = args.positionals;
  if (more.length > 0) {
    throw new AppError(
      'input/invalid',
      `metalmo data clear-cache takes no further argument, got '${more.join(' ')}': it removes all encoded examples.`,
    );
  }
  const folder = dataFolders(join(home, 'data')).cache;
  const removed = await clearCache(folder);
  output.result(
    { kind: 'cache', folder, removedFiles: removed.files, freedBytes: removed.bytes },
    removed.files === 0 ? `Nothing is cached in ${folder}.` : `Removed ${describeCache(removed)}.`,
  );
}

/** What the cache holds, or held, in a line. */
export function describeCache({ files, bytes }: CacheSize): string {
  if (files === 0) return 'empty';
  return `${files} ${files === 1 ? 'file' : 'files'} of encoded examples  ${megabytes(bytes)}`;
}
