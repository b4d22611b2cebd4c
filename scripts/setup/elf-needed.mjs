/** What a 64-bit little-endian ELF shared library asks of the loader, read from its dynamic section. */
import { open } from 'node:fs/promises';

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const [DT_NEEDED, DT_STRTAB, DT_STRSZ, DT_RPATH, DT_RUNPATH] = [1n, 5n, 10n, 15n, 29n];

/**
 * @param {string} file
 * @returns {Promise<{ needed: string[], runPaths: string[] }>} needed libraries and the folders searched for them ($ORIGIN kept)
 * @throws Error when the file is no such library
 */
export async function readDynamic(file) {
  const handle = await open(file, 'r');
  try {
    const read = async (position, length) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    };
    const header = await read(0, 64);
    if (header.length < 64 || header.toString('latin1', 0, 4) !== '\x7fELF' || header[4] !== 2 || header[5] !== 1) {
      throw new Error(`${file} is no 64-bit ELF library`);
    }
    const [tableAt, entrySize, count] = [
      Number(header.readBigUInt64LE(32)),
      header.readUInt16LE(54),
      header.readUInt16LE(56),
    ];
    const table = await read(tableAt, entrySize * count);
    const segments = Array.from({ length: count }, (_unused, i) => {
      const at = i * entrySize;
      const u64 = (offset) => Number(table.readBigUInt64LE(at + offset));
      return { type: table.readUInt32LE(at), offset: u64(8), address: u64(16), size: u64(32) };
    });
    const dynamic = segments.find((segment) => segment.type === PT_DYNAMIC);
    if (dynamic === undefined) return { needed: [], runPaths: [] };
    const bytes = await read(dynamic.offset, dynamic.size);
    const entries = [];
    for (let at = 0; at + 16 <= bytes.length; at += 16)
      entries.push([bytes.readBigInt64LE(at), Number(bytes.readBigUInt64LE(at + 8))]);
    const valueOf = (tag) => entries.find(([key]) => key === tag)?.[1];
    const stringsAddress = valueOf(DT_STRTAB) ?? 0;
    const home = segments.find(
      (s) => s.type === PT_LOAD && stringsAddress >= s.address && stringsAddress < s.address + s.size,
    );
    if (home === undefined) throw new Error(`${file}: the string table is nowhere`);
    const strings = await read(home.offset + stringsAddress - home.address, valueOf(DT_STRSZ) ?? 0);
    const textAt = (offset) => strings.toString('utf8', offset, strings.indexOf(0, offset));
    const texts = (tag) => entries.filter(([key]) => key === tag).map(([, offset]) => textAt(offset));
    const runPaths = [...texts(DT_RUNPATH), ...texts(DT_RPATH)].flatMap((text) => text.split(':'));
    return { needed: texts(DT_NEEDED), runPaths };
  } finally {
    await handle.close();
  }
}
