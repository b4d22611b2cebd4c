import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { TEMPORARY_SUFFIX, writeDurably } from '../../train/write-atomically.ts';
import type { PackedExamples } from './packed-examples.ts';

/**
 * A file of encoded examples: the header's length (4 bytes), the header (JSON), and each array's bytes, every part
 * beginning at a multiple of 8. Numbers are little-endian, as every machine has them that this runs on.
 */
const ALIGNMENT = 8;
/** Temporary files of this age were left behind by a process that is gone. */
const STALE_MS = 60 * 60 * 1000;

const Header = z.strictObject({
  /** What the examples were made of. */
  key: z.string(),
  /** Over all that follows the header. */
  crc32: z.int(),
  bytesPerId: z.literal([2, 4]),
  /** Elements of each array, and bytes of the answers' JSON. */
  lengths: z.record(z.string(), z.int().min(0)),
});

const Answers = z.array(z.array(z.string()).nullable());

/** The order of the parts. */
const PARTS = ['idx', 'label', 'group', 'fill', 'rowStart', 'idStart', 'marks', 'ids', 'answers'] as const;

/** Encoded examples under `key`; undefined where there are none or the file is damaged. */
export async function readCached(file: string, key: string): Promise<PackedExamples | undefined> {
  try {
    const bytes = await readFile(file);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const headerEnd = aligned(4 + view.getUint32(0, true));
    const json = bytes.toString('utf8', 4, 4 + view.getUint32(0, true));
    const header = Header.parse(JSON.parse(json));
    const contents = bytes.subarray(headerEnd);
    if (header.key !== key || header.crc32 !== crc32(contents)) return undefined;
    return unpackContents(contents, header);
  } catch {
    // Not there, cut off, or made by another version: it is made again.
    return undefined;
  }
}

/**
 * Keeps encoded examples for the next time. Several processes may do so at once: each file appears whole, and the last
 * one stays. A cache that can't be written is none: that is no reason to stop.
 */
export async function writeCached(file: string, key: string, packed: PackedExamples): Promise<void> {
  const folder = dirname(file);
  const temporary = `${file}.${randomUUID()}${TEMPORARY_SUFFIX}`;
  try {
    await mkdir(folder, { recursive: true });
    await removeStale(folder);
    await writeDurably(temporary, packContents(key, packed));
    await rename(temporary, file);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

function packContents(key: string, packed: PackedExamples): Uint8Array[] {
  const answers = new TextEncoder().encode(JSON.stringify(packed.answers));
  const arrays = { ...packed, answers };
  const parts = PARTS.map((name) => {
    const { buffer, byteOffset, byteLength } = arrays[name];
    return new Uint8Array(buffer, byteOffset, byteLength);
  }).flatMap((part) => [part, new Uint8Array(aligned(part.length) - part.length)]);
  let checksum = 0;
  for (const part of parts) checksum = crc32(part, checksum);
  const header: z.infer<typeof Header> = {
    key,
    crc32: checksum,
    bytesPerId: packed.ids.BYTES_PER_ELEMENT === 2 ? 2 : 4,
    lengths: Object.fromEntries(PARTS.map((name) => [name, arrays[name].length])),
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const head = new Uint8Array(aligned(4 + json.length));
  new DataView(head.buffer).setUint32(0, json.length, true);
  head.set(json, 4);
  return [head, ...parts];
}

/** @throws RangeError where the file is shorter than its header says */
function unpackContents(contents: Buffer, { lengths, bytesPerId }: z.infer<typeof Header>): PackedExamples {
  // A small file may have been read into the midst of a buffer.
  const { buffer, byteOffset } = contents.byteOffset % ALIGNMENT === 0 ? contents : Uint8Array.from(contents);
  let at = byteOffset;
  const take = <View>(kind: ArrayKind<View>, name: (typeof PARTS)[number]): View => {
    const length = lengths[name] ?? 0;
    const view = new kind(buffer as ArrayBuffer, at, length);
    at += aligned(length * kind.BYTES_PER_ELEMENT);
    return view;
  };
  const idx = take(Int32Array, 'idx');
  const label = take(Int8Array, 'label');
  const group = take(Int32Array, 'group');
  const fill = take(Int32Array, 'fill');
  const rowStart = take(Uint32Array, 'rowStart');
  const idStart = take(Uint32Array, 'idStart');
  const marks = take(Uint8Array, 'marks');
  const ids = bytesPerId === 2 ? take(Uint16Array, 'ids') : take(Uint32Array, 'ids');
  const answers = Answers.parse(JSON.parse(new TextDecoder().decode(take(Uint8Array, 'answers'))));
  return { idx, label, group, fill, rowStart, idStart, marks, ids, answers };
}

interface ArrayKind<View> {
  new (buffer: ArrayBuffer, byteOffset: number, length: number): View;
  readonly BYTES_PER_ELEMENT: number;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(TEMPORARY_SUFFIX)) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > STALE_MS) await rm(path, { force: true });
  }
}
