import { crc32, deflateSync, inflateSync } from 'node:zlib';

// PNG, as in https://www.w3.org/TR/png-3/: chunks of length, type, data and CRC; rows begin with their filter's number.

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const COLORS = 256;

interface Picture {
  readonly width: number;
  readonly height: number;
  /** 0xRRGGBB per pixel. */
  readonly pixels: Uint32Array;
}

/**
 * The same picture with at most 256 colours, each pixel in the nearest of them: a page of text and lines has few that
 * matter, and takes a fraction of the bytes.
 * @throws Error like decodePng
 */
export function shrinkPng(png: Uint8Array): Uint8Array {
  const picture = decodePng(png);
  const counts = new Map<number, number>();
  for (const pixel of picture.pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const byFrequency = [...counts].sort(([, a], [, b]) => b - a).map(([pixel]) => pixel);
  const palette = paletteOf(byFrequency);
  const indexOf = new Map(byFrequency.map((pixel) => [pixel, nearest(palette, pixel).index]));
  return encode(picture, palette, indexOf);
}

/**
 * At most 256 of the colours, no two closer than need be: frequent ones stay as they are, shades between two others
 * join them, and a rare colour that is like no other keeps its place.
 */
function paletteOf(byFrequency: readonly number[]): number[] {
  for (let apart = 0; ; apart = apart * 1.5 + 1) {
    const palette: number[] = [];
    for (const pixel of byFrequency) {
      if (palette.length === 0 || nearest(palette, pixel).distance > apart) palette.push(pixel);
      if (palette.length > COLORS) break;
    }
    if (palette.length <= COLORS) return palette;
  }
}

/** Squared distance over the three channels. */
function nearest(palette: readonly number[], pixel: number): { index: number; distance: number } {
  let best = { index: 0, distance: Infinity };
  for (let index = 0; index < palette.length && best.distance > 0; index++) {
    const candidate = palette[index] ?? 0;
    const red = (candidate >> 16) - (pixel >> 16);
    const green = ((candidate >> 8) & 255) - ((pixel >> 8) & 255);
    const blue = (candidate & 255) - (pixel & 255);
    const distance = red * red + green * green + blue * blue;
    if (distance < best.distance) best = { index, distance };
  }
  return best;
}

/** @throws Error for a PNG that is not 8 bits of RGB, RGBA or a palette, one row after the other */
export function decodePng(png: Uint8Array): Picture {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  if (!SIGNATURE.every((byte, i) => png[i] === byte)) throw new Error('This is no PNG.');
  const data: Uint8Array[] = [];
  let palette = new Uint8Array();
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if (type === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length));
    if (type === 'PLTE') palette = png.slice(at + 8, at + 8 + length);
    at += 12 + length;
  }
  const [width, height, depth, color, interlace] = [view.getUint32(16), view.getUint32(20), png[24], png[25], png[28]];
  const channels = new Map([
    [2, 3],
    [3, 1],
    [6, 4],
  ]).get(color ?? 0);
  if (depth !== 8 || channels === undefined || interlace !== 0) {
    throw new Error('Expected 8 bits of RGB, RGBA or a palette without interlace.');
  }
  const rows = unfilter(inflateSync(Buffer.concat(data)), width * channels, height, channels);
  const pixels = Uint32Array.from({ length: width * height }, (_, i) => {
    const [source, at] = color === 3 ? [palette, 3 * (rows[i] ?? 0)] : [rows, i * channels];
    return ((source[at] ?? 0) << 16) | ((source[at + 1] ?? 0) << 8) | (source[at + 2] ?? 0);
  });
  return { width, height, pixels };
}

/** Undoes each row's filter: what is stored is the difference from the left, the upper or both neighbours. */
function unfilter(raw: Uint8Array, stride: number, height: number, channels: number): Uint8Array {
  const out = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < channels ? 0 : (out[at - channels] ?? 0);
      const up = y === 0 ? 0 : (out[at - stride] ?? 0);
      const corner = x < channels || y === 0 ? 0 : (out[at - stride - channels] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      out[at] = (raw[y * (stride + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const sum = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(sum - left), Math.abs(sum - up), Math.abs(sum - corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

function encode(
  { width, height, pixels }: Picture,
  palette: readonly number[],
  indexOf: ReadonlyMap<number, number>,
): Uint8Array {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  // 8 bits, of a palette.
  header.setUint8(8, 8);
  header.setUint8(9, 3);
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = indexOf.get(pixels[y * width + x] ?? 0) ?? 0;
  }
  const colors = Uint8Array.from(palette.flatMap((pixel) => [pixel >> 16, (pixel >> 8) & 255, pixel & 255]));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', new Uint8Array(header.buffer)),
    chunk('PLTE', colors),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), out.length - 4);
  return out;
}
