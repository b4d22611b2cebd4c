/** First bytes of sequences of two, three and four, and the range of the second byte where it is narrower than 80 to BF. */
const NARROWER: Readonly<Record<number, readonly [from: number, to: number]>> = {
  0xe0: [0xa0, 0xbf],
  0xed: [0x80, 0x9f],
  0xf0: [0x90, 0xbf],
  0xf4: [0x80, 0x8f],
};

function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}

/** Where the first sequence begins that is no UTF-8 (RFC 3629); -1 where all is. */
export function foreignByteAt(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at] ?? 0;
    const length = sequenceLength(first);
    if (length === 0) return at;
    for (let i = 1; i < length; i++) {
      const [from, to] = i === 1 ? (NARROWER[first] ?? [0x80, 0xbf]) : [0x80, 0xbf];
      const byte = bytes[at + i] ?? 0;
      if (byte < from || byte > to) return at;
    }
    at += length;
  }
  return -1;
}
