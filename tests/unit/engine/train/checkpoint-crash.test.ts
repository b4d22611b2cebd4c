import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../../../../src-main/engine/train/checkpoint.ts';
import { contentAt, inFolder, values } from './sample-checkpoint.ts';

const SIZE = 300_000;

/** Overwrites `latest` again and again, its values a function of its step, until it is killed. */
const WRITER = `
import { writeCheckpoint } from ${JSON.stringify(new URL('../../../../src-main/engine/train/checkpoint.ts', import.meta.url).href)};
import { contentAt, values } from ${JSON.stringify(new URL('./sample-checkpoint.ts', import.meta.url).href)};
for (let step = 1; ; step++) {
  await writeCheckpoint(process.argv[1], contentAt(step), { 'student.parameters': values(${SIZE}, step) });
  if (step === 1) process.stdout.write('writing');
}`;

describe('a process that is killed while it writes checkpoints', () => {
  it('leaves a whole one each time', { timeout: 60_000 }, () =>
    inFolder(async (home) => {
      for (const afterMs of [1, 7, 19, 42, 71]) {
        const child = spawn(process.execPath, ['--input-type=module', '--eval', WRITER, home], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        await once(child.stdout, 'data');
        await new Promise((resolve) => setTimeout(resolve, afterMs));
        child.kill('SIGKILL');
        await once(child, 'exit');
        const { header, variables } = await readCheckpoint(join(home, 'latest'));
        expect(variables['student.parameters']).toEqual(values(SIZE, header.step));
      }
      await writeCheckpoint(home, contentAt(1_000_000), { a: values(4, 1) });
      expect(readdirSync(join(home, 'latest'))).toHaveLength(4);
    }),
  );
});
