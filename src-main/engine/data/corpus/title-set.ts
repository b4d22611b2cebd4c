import { hash } from 'node:crypto';

/** Part of the table that is in use before it grows. */
const FULLEST = 0.75;

/**
 * Titles that have come, held as 64 bits of their SHA-1: 11 to 21 bytes a title, half as much again for a moment when the
 * table grows. The chance that two of ten million titles are taken for one is 3 in a million.
 */
export class TitleSet {
  /** Two words a title, open addressing; 0, 0 is free. */
  #table = new Uint32Array(2 << 10);
  #count = 0;

  /** @returns whether the title is new */
  add(title: string): boolean {
    const bytes = hash('sha1', title, 'buffer');
    const high = bytes.readUInt32LE(0);
    const low = bytes.readUInt32LE(4) || 1;
    const at = place(this.#table, high, low);
    if (this.#table[at + 1] !== 0) return false;
    this.#table[at] = high;
    this.#table[at + 1] = low;
    this.#count++;
    if (2 * this.#count > FULLEST * this.#table.length) this.#grow();
    return true;
  }

  #grow(): void {
    const old = this.#table;
    const table = new Uint32Array(2 * old.length);
    for (let from = 0; from < old.length; from += 2) {
      const [high, low] = [old[from] ?? 0, old[from + 1] ?? 0];
      if (low === 0) continue;
      const at = place(table, high, low);
      table[at] = high;
      table[at + 1] = low;
    }
    this.#table = table;
  }
}

/** Where a hash is, or would be put. */
function place(table: Uint32Array, high: number, low: number): number {
  const slots = table.length / 2;
  for (let slot = (high ^ low) >>> 0; ; slot++) {
    const at = 2 * (slot & (slots - 1));
    if (table[at + 1] === 0 || (table[at] === high && table[at + 1] === low)) return at;
  }
}
