import { describe, expect, it } from 'vitest';
import { parseHostAddress } from '../../../src-main/hosts/host-address.ts';

describe('the address of a host', () => {
  it.each([
    ['127.0.0.1:4517', 'http://127.0.0.1:4517', undefined],
    ['  http://localhost:9000/ ', 'http://localhost:9000', undefined],
    ['http://gpu:4517/?token=abc', 'http://gpu:4517', 'abc'],
    ['https://gpu.example/?token=', 'https://gpu.example', undefined],
    ['[::1]:80', 'http://[::1]', undefined],
  ])('%s', (text, origin, token) => {
    expect(parseHostAddress(text)).toEqual({ origin, token });
  });

  it.each(['', 'file:///etc/passwd', 'ftp://gpu', 'http://user:secret@gpu', 'two words'])('%j is none', (text) => {
    expect(() => parseHostAddress(text)).toThrow(expect.objectContaining({ code: 'input/invalid' }));
  });
});
