import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStudio, type Studio } from '../../../src-main/open-studio.ts';
import type { AnswerBody, RequestInput, RequestName } from '../../../src-shared/ipc/contract.ts';
import { FakeEngine } from '../../support/fake-engine.ts';

let home: string;
let cache: string;
let studio: Studio;
let events: string[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'metalmo-ipc-data-'));
  cache = join(home, 'data/cache');
  studio = openStudio({ home, launch: FakeEngine.launcher([]), doctor: () => Promise.reject(new Error('unused')) });
  events = [];
  studio.events.subscribe(({ name }) => events.push(name));
});
afterEach(async () => {
  await studio.close();
  rmSync(home, { recursive: true });
});

/** The answer's body as it is on the wire. */
async function ask<Name extends RequestName>(name: Name, body: RequestInput<Name>): Promise<AnswerBody<Name>> {
  const answer = await studio.dispatch({ kind: 'request', id: 1, name, body });
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return JSON.parse(JSON.stringify(answer.body)) as AnswerBody<Name>;
}

describe('the handlers of the Data page', () => {
  it('say what the cache takes, clear it, and tell every page', async () => {
    mkdirSync(cache, { recursive: true });
    for (const name of ['ReCoRD-validation-0123456789abcdef.bin', 'notes.txt']) writeFileSync(join(cache, name), 'abc');
    expect((await ask('data.list', {})).cache).toEqual({ folder: cache, files: 1, bytes: 3 });
    expect(events).not.toContain('data.changed');
    expect(await ask('data.clearCache', {})).toEqual({ freedBytes: 3 });
    expect(events).toContain('data.changed');
    expect((await ask('data.list', {})).cache).toEqual({ folder: cache, files: 0, bytes: 0 });
    expect(readdirSync(cache)).toEqual(['notes.txt']);
  });

  it('have nothing to clear where nothing was cached', async () => {
    expect(await ask('data.clearCache', {})).toEqual({ freedBytes: 0 });
  });
});
