import { describe, expect, it } from 'vitest';
import { Tokenizer } from '../../../../src-main/engine/data/tokenizer.ts';
import { cutWindows } from '../../../../src-main/engine/data/windows.ts';

// windows of recorded texts and pairs are compared in tests/parity/texts.test.ts

describe('cutWindows', () => {
  it('refuses windows without room, and strides that leave none', async () => {
    const tokenizer = await Tokenizer.load('resources/two-moons-tokenizer');
    const [text] = await tokenizer.encode(['1 2 3 4 5']);
    if (text === undefined) throw new Error('no encoding');
    expect(() => cutWindows(text, undefined, { maxLength: 2, stride: 0 })).toThrow(/no room/);
    expect(() => cutWindows(text, undefined, { maxLength: 4, stride: 2 })).toThrow(/stride of 2/);
    expect(() => cutWindows(text, text, { maxLength: 7, stride: 2 })).toThrow(/stride of 2/);
  });
});
