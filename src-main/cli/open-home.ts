import { existsSync } from 'node:fs';
import { AppError } from '../../src-shared/app-error.ts';
import { openRegistry, type Registry } from '../registry/open-registry.ts';
import { registryFile } from '../runs/run-files.ts';

/** The registry of a home that must already have one: looking never creates anything. */
export function openExistingRegistry(home: string): Registry {
  const file = registryFile(home);
  if (!existsSync(file)) {
    throw new AppError(
      'registry/not-found',
      `There are no runs in ${home} yet. Start one with \`metalmo run\`, or name another --home.`,
      {
        home,
      },
    );
  }
  return openRegistry(file);
}

/** The registry of a home, made where there is none. */
export function openOrCreateRegistry(home: string): Registry {
  return openRegistry(registryFile(home));
}
