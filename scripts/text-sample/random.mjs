// @ts-check

/** Draws of the sample's own: 32 bits of state (mulberry32), so that the files never change with another generator. */
export class Random {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.#state = seed | 0;
  }

  /**
   * 0, …, bound - 1.
   * @param {number} bound
   */
  integer(bound) {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let word = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return Math.floor((((word ^ (word >>> 14)) >>> 0) / 2 ** 32) * bound);
  }

  /**
   * @template T
   * @param {readonly T[]} list
   * @returns {T}
   */
  pick(list) {
    const [chosen] = list.slice(this.integer(list.length));
    if (chosen === undefined) throw new Error('nothing to pick from');
    return chosen;
  }

  /**
   * Another member of the list.
   * @template T
   * @param {readonly T[]} list
   * @param {T} taken
   */
  pickOther(list, taken) {
    return this.pick(list.filter((one) => one !== taken));
  }

  /**
   * @template T
   * @param {readonly T[]} list
   * @returns {T[]}
   */
  shuffled(list) {
    const rest = [...list];
    /** @type {T[]} */
    const order = [];
    while (rest.length > 0) order.push(...rest.splice(this.integer(rest.length), 1));
    return order;
  }

  /**
   * `count` of the values, each as often as the others, in any order.
   * @template T
   * @param {readonly T[]} values
   * @param {number} count
   */
  balanced(values, count) {
    const all = Array.from({ length: Math.ceil(count / values.length) }, () => values).flat();
    return this.shuffled(all.slice(0, count));
  }
}
