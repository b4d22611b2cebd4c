// @ts-check
/** `node_modules/.bin/node scripts/make-text-sample.mjs`: makes resources/text-sample anew (Node 24 reads the sources). */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT_DIR } from './setup/project.mjs';
import { writeTextSample } from './text-sample/write-text-sample.mjs';

const folder = path.join(PROJECT_DIR, 'resources/text-sample');
await rm(folder, { recursive: true, force: true });
await writeTextSample(folder);
