import { AppError } from '../../../src-shared/app-error.ts';

// The safetensors format: 8 bytes little-endian length of the header, the header as JSON (padded with spaces), then
// the tensors' bytes, little-endian, row-major, without gaps. https://huggingface.co/docs/safetensors

/** What can be written. */
export type TensorArray = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;
export type TensorDType = 'F32' | 'F64' | 'I32' | 'I64' | 'U8' | 'BF16';

export interface StoredTensor {
  readonly dtype: TensorDType;
  readonly shape: readonly number[];
  /** BF16 is widened to float32 when read. */
  readonly data: TensorArray;
}

export interface TensorFile {
  /** In the order of their bytes. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Kind {
  readonly bytes: number;
  read(buffer: ArrayBuffer): TensorArray;
}

const KINDS: Readonly<Record<TensorDType, Kind>> = {
  F32: { bytes: 4, read: (buffer) => new Float32Array(buffer) },
  F64: { bytes: 8, read: (buffer) => new Float64Array(buffer) },
  I32: { bytes: 4, read: (buffer) => new Int32Array(buffer) },
  I64: { bytes: 8, read: (buffer) => new BigInt64Array(buffer) },
  U8: { bytes: 1, read: (buffer) => new Uint8Array(buffer) },
  BF16: { bytes: 2, read: (buffer) => widenBfloat16(new Uint16Array(buffer)) },
};

/** The format's own limit on headers. */
const MAX_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;

function widenBfloat16(values: Uint16Array): Float32Array {
  // A bfloat16 is the upper half of a float32.
  return new Float32Array(Uint32Array.from(values, (value) => value << 16).buffer);
}

function dtypeOf(data: TensorArray): TensorDType {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof Int32Array) return 'I32';
  if (data instanceof BigInt64Array) return 'I64';
  return 'U8';
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

/**
 * The file's bytes as parts to be written one after another: no second copy of large tensors is made.
 * The host is little-endian, as every platform that Node 24 supports here is.
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: TensorArray }>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header['__metadata__'] = metadata;
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    if (sizeOf(shape) !== data.length) {
      throw new AppError('internal', `Tensor ${name}: shape [${shape.join(', ')}] but ${data.length} values.`);
    }
    header[name] = { dtype: dtypeOf(data), shape, data_offsets: [end, end + data.byteLength] };
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    end += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Padded so that the tensors begin at a multiple of 8 bytes.
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  padded.set(json);
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true);
  return [length, padded, ...parts];
}

function invalid(source: string, problem: string): AppError {
  return new AppError(
    'file/invalid',
    `${source} is not a valid safetensors file: ${problem}. It may be cut off or damaged; take another copy.`,
    { file: source, problem },
  );
}

interface HeaderEntry {
  readonly name: string;
  readonly dtype: TensorDType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function readEntry(source: string, name: string, raw: unknown): HeaderEntry {
  if (typeof raw !== 'object' || raw === null) throw invalid(source, `the header's entry of ${name} is no object`);
  const { dtype, shape, data_offsets: offsets } = raw as Record<string, unknown>;
  if (typeof dtype !== 'string' || !Object.hasOwn(KINDS, dtype)) {
    throw invalid(
      source,
      `tensor ${name} has the type ${JSON.stringify(dtype)}, expected one of ${Object.keys(KINDS).join(', ')}`,
    );
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    throw invalid(source, `tensor ${name} has the shape ${JSON.stringify(shape)}, expected whole numbers`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw invalid(source, `tensor ${name} has the offsets ${JSON.stringify(offsets)}, expected two whole numbers`);
  }
  const [begin = 0, end = 0] = offsets;
  const expected = sizeOf(shape) * KINDS[dtype as TensorDType].bytes;
  if (end - begin !== expected) {
    throw invalid(
      source,
      `tensor ${name} (${dtype} [${shape.join(', ')}]) should take ${expected} bytes, its offsets give ${end - begin}`,
    );
  }
  return { name, dtype: dtype as TensorDType, shape, begin, end };
}

function readHeader(
  source: string,
  bytes: Uint8Array,
): { entries: HeaderEntry[]; metadata: Record<string, string>; start: number } {
  if (bytes.length < LENGTH_BYTES) throw invalid(source, `expected at least 8 bytes, got ${bytes.length}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES) || LENGTH_BYTES + Number(length) > bytes.length) {
    throw invalid(source, `expected a header of ${length} bytes, the whole file has ${bytes.length}`);
  }
  const start = LENGTH_BYTES + Number(length);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(LENGTH_BYTES, start)));
  } catch (error) {
    throw invalid(source, `its header is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw invalid(source, 'its header is no JSON object');
  const { __metadata__: metadata = {}, ...tensors } = header as Record<string, unknown>;
  if (
    typeof metadata !== 'object' ||
    metadata === null ||
    !Object.values(metadata).every((one) => typeof one === 'string')
  ) {
    throw invalid(source, 'its metadata are not texts');
  }
  const entries = Object.entries(tensors).map(([name, raw]) => readEntry(source, name, raw));
  return { entries, metadata: metadata as Record<string, string>, start };
}

/**
 * Reads a whole file. Every rule of the format is checked: types, shapes, sizes, and that the tensors follow one
 * another without gap or overlap to the very end.
 * @param source the file's name, for messages
 * @throws AppError file/invalid saying what was expected and found
 */
export function decodeSafetensors(bytes: Uint8Array, source: string): TensorFile {
  const { entries, metadata, start } = readHeader(source, bytes);
  const ordered = entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const entry of ordered) {
    if (entry.begin !== end) {
      const fault = entry.begin < end ? 'overlaps the one before it' : 'leaves a gap after the one before it';
      throw invalid(source, `tensor ${entry.name} ${fault}: expected to begin at byte ${end}, got ${entry.begin}`);
    }
    end = entry.end;
  }
  if (start + end !== bytes.length) {
    throw invalid(source, `expected ${start + end} bytes by its header, got ${bytes.length}`);
  }
  const tensors = new Map<string, StoredTensor>();
  for (const { name, dtype, shape, begin, end: last } of ordered) {
    // A copy, because a tensor may begin at any byte and typed arrays may not.
    // A Buffer's own slice() would share its pool; this copies exactly these bytes.
    const buffer = Uint8Array.prototype.slice.call(bytes, start + begin, start + last).buffer;
    tensors.set(name, { dtype, shape, data: KINDS[dtype].read(buffer) });
  }
  return { tensors, metadata };
}
