import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { isOwnHost, isOwnOrigin, shownHost } from '../../../../src-main/shells/web/origin.ts';

describe('the Host header', () => {
  it.each(['localhost:9999', '127.0.0.1', '[::1]:4517', 'LOCALHOST'])('%s is this machine', (host) => {
    expect(isOwnHost(host, '127.0.0.1')).toBe(true);
  });

  it.each([undefined, '', 'evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', 'a@localhost', 'localhost:x'])(
    '%s is not',
    (host) => {
      expect(isOwnHost(host, '127.0.0.1')).toBe(false);
      expect(isOwnHost(host, '0.0.0.0')).toBe(false);
    },
  );

  it("knows the machine's own name where it listens on every address, and there alone", () => {
    expect(isOwnHost(`${hostname()}:4517`, '0.0.0.0')).toBe(true);
    expect(isOwnHost(`${hostname()}:4517`, '127.0.0.1')).toBe(false);
    expect(shownHost('0.0.0.0')).toBe(hostname());
    expect(shownHost('::1')).toBe('[::1]');
  });
});

describe('the Origin header', () => {
  it('must be the very address that was asked', () => {
    expect(isOwnOrigin('http://localhost:9', 'localhost:9', true)).toBe(true);
    expect(isOwnOrigin('http://localhost:8', 'localhost:9', true)).toBe(false);
    expect(isOwnOrigin('https://localhost:9', 'localhost:9', true)).toBe(false);
    expect(isOwnOrigin('null', 'localhost:9', false)).toBe(false);
    expect(isOwnOrigin(undefined, 'localhost:9', true)).toBe(false);
    expect(isOwnOrigin(undefined, 'localhost:9', false)).toBe(true);
  });
});
