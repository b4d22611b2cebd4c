import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostBook } from '../../../src-main/hosts/host-book.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'metalmo-hosts-'));
  file = join(folder, 'hosts.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the list of hosts', () => {
  it('keeps name and session over a restart, in a file of its own that only its owner may read', () => {
    const { hostId } = new HostBook(file).keep({ address: 'http://gpu:1', cookie: 'a=b' }, 'GPU');
    const book = new HostBook(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(book.find('http://gpu:1')).toMatchObject({ hostId, name: 'GPU', cookie: 'a=b' });
    expect(Object.keys(book.list()[0] ?? {})).not.toContain('cookie');
    expect(book.keep({ address: 'http://gpu:1', cookie: 'c=d' }, undefined)).toMatchObject({ hostId, name: 'GPU' });
    expect(book.list()).toHaveLength(1);
    book.forget(hostId);
    expect(new HostBook(file).list()).toEqual([]);
  });

  it('names a host after its address where no name is given', () => {
    expect(new HostBook(file).keep({ address: 'http://gpu:1', cookie: null }, '').name).toBe('gpu:1');
  });

  it('refuses a file that is none of ours rather than writing over it', () => {
    writeFileSync(file, '{"hosts": 1}');
    expect(() => new HostBook(file)).toThrow(expect.objectContaining({ code: 'file/invalid' }));
  });
});
