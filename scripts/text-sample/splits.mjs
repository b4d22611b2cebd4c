// @ts-check

/** Examples of each split. */
export const SIZES = { train: 32, val: 16, test: 16 };
export const EXAMPLES = SIZES.train + SIZES.val + SIZES.test;

/**
 * One line of an official file.
 * @typedef {Record<string, unknown>} Row
 */

/**
 * `count` different results of `make`, which is asked again where one came before.
 * @template T
 * @param {number} count
 * @param {(i: number) => T} make
 * @param {(one: T) => unknown} [keyOf] what makes two the same
 */
export function distinct(count, make, keyOf = (one) => one) {
  /** @type {T[]} */
  const all = [];
  const seen = new Set();
  for (let tries = 0; all.length < count; tries++) {
    if (tries > 1000 * count) throw new Error('the grammar has too few sentences');
    const one = make(all.length);
    const key = JSON.stringify(keyOf(one));
    if (seen.has(key)) continue;
    seen.add(key);
    all.push(one);
  }
  return all;
}

/**
 * Rows as train, val and test, numbered anew in each; test without labels.
 * @param {readonly Row[]} rows
 * @returns {Record<'train' | 'val' | 'test', Row[]>}
 */
export function splitRows(rows) {
  const numbered = (/** @type {readonly Row[]} */ part) => part.map((row, idx) => /** @type {Row} */ ({ ...row, idx }));
  const { train, val } = SIZES;
  return {
    train: numbered(rows.slice(0, train)),
    val: numbered(rows.slice(train, train + val)),
    test: numbered(rows.slice(train + val)).map((row) => {
      const { label: _label, ...rest } = row;
      return rest;
    }),
  };
}
