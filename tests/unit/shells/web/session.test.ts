import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SessionKeeper } from '../../../../src-main/shells/web/session.ts';

const DAY_MS = 86_400_000;
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'metalmo-sessions-'));
  file = join(folder, 'sessions.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const enter = (keeper: SessionKeeper): string => keeper.exchange(keeper.issueToken())?.split(';', 1)[0] ?? '';

describe('sessions', () => {
  it('outlive the process in a file that only its owner may read and that holds no secret', () => {
    const cookie = enter(new SessionKeeper(file));
    const again = new SessionKeeper(file);
    expect(again.isSession(`other=1; ${cookie}`)).toBe(true);
    expect(again.isSession(`${cookie}x`)).toBe(false);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(cookie.split('=')[1]);
  });

  it('end after 30 days', () => {
    const cookie = enter(new SessionKeeper(file, () => 0));
    expect(new SessionKeeper(file, () => 29 * DAY_MS).isSession(cookie)).toBe(true);
    expect(new SessionKeeper(file, () => 31 * DAY_MS).isSession(cookie)).toBe(false);
  });

  it('of one home are none of another, and tokens do not outlive the process', () => {
    const first = new SessionKeeper(file);
    const token = first.issueToken();
    expect(new SessionKeeper(file).exchange(token)).toBeUndefined();
    expect(new SessionKeeper(join(folder, 'other.json')).isSession(enter(first))).toBe(false);
  });

  it('are asked for again where the file is broken', () => {
    writeFileSync(file, '{"name":');
    const keeper = new SessionKeeper(file);
    expect(keeper.isSession(enter(keeper))).toBe(true);
  });
});
