import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodePng, shrinkPng } from '../../screenshots/shrink-png.ts';

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** An RGB picture whose rows are stored with the filters "none" and "up" in turn. */
function png(width: number, height: number, colorAt: (x: number, y: number) => number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const channel = (x: number, y: number, c: number): number => (colorAt(x, y) >> (16 - 8 * c)) & 255;
  const rows = Array.from({ length: height }, (_, y) => {
    const isUp = y % 2 === 1;
    const bytes = Array.from({ length: width * 3 }, (_unused, i) => {
      const [x, c] = [Math.floor(i / 3), i % 3];
      return (channel(x, y, c) - (isUp ? channel(x, y - 1, c) : 0)) & 255;
    });
    return Buffer.from([isUp ? 2 : 0, ...bytes]);
  });
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const data = deflateSync(Buffer.concat(rows));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

describe('shrinkPng', () => {
  it('keeps every pixel of a picture with few colours', () => {
    const colorAt = (x: number, y: number): number => [0xffffff, 0x0b5fa8, 0x123456][(x + 2 * y) % 3] ?? 0;
    const { width, height, pixels } = decodePng(shrinkPng(png(7, 5, colorAt)));
    expect([width, height]).toEqual([7, 5]);
    expect([...pixels]).toEqual(Array.from({ length: 35 }, (_, i) => colorAt(i % 7, Math.floor(i / 7))));
  });

  it('merges near shades, and keeps a rare colour that is like no other', () => {
    // 300 greys and greens in all rows; one red pixel.
    const colorAt = (x: number, y: number): number => {
      if (x === 299) return y === 0 ? 0xd55e00 : 0xffffff;
      return x < 200 ? x * 0x010101 : (x - 100) << 8;
    };
    const { pixels } = decodePng(shrinkPng(png(300, 3, colorAt)));
    expect(new Set(pixels).size).toBeLessThanOrEqual(256);
    expect(pixels[299]).toBe(0xd55e00);
    for (const [x, pixel] of [...pixels.subarray(0, 299)].entries()) {
      const off = [16, 8, 0].map((shift) => Math.abs(((pixel >> shift) & 255) - ((colorAt(x, 0) >> shift) & 255)));
      expect(Math.max(...off)).toBeLessThanOrEqual(3);
    }
  });

  it('refuses what is no PNG', () => {
    expect(() => shrinkPng(Uint8Array.of(1, 2, 3))).toThrow('This is no PNG.');
  });
});
