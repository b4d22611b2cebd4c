/** What the page uses and Chrome 83 does not have yet; for the smoke test alone. */
function add(target: object, members: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(members)) {
    if (!(name in target)) Object.defineProperty(target, name, { value, writable: true, configurable: true });
  }
}

add(Object, {
  hasOwn: (target: object, key: PropertyKey) => Object.prototype.hasOwnProperty.call(target, key),
});
const arrayMembers = {
  at(this: ArrayLike<unknown>, index: number) {
    return this[index < 0 ? this.length + index : index];
  },
  findLast(this: unknown[], matches: (value: unknown, index: number) => boolean) {
    return [...this].reverse().find((value, at) => matches(value, this.length - 1 - at));
  },
  findLastIndex(this: unknown[], matches: (value: unknown, index: number) => boolean) {
    for (let at = this.length - 1; at >= 0; at -= 1) if (matches(this[at], at)) return at;
    return -1;
  },
  toSorted(this: unknown[], compare?: (a: unknown, b: unknown) => number) {
    return [...this].sort(compare);
  },
  toReversed(this: unknown[]) {
    return [...this].reverse();
  },
};
add(Array.prototype, arrayMembers);
add(String.prototype, {
  at: arrayMembers.at,
  replaceAll(this: string, from: string, to: string) {
    return this.split(from).join(to);
  },
});
add(Float64Array.prototype, { at: arrayMembers.at });
add(globalThis, {
  structuredClone: (value: unknown): unknown => JSON.parse(JSON.stringify(value)),
  WeakRef: class {
    readonly #value: unknown;
    constructor(value: unknown) {
      this.#value = value;
    }
    deref(): unknown {
      return this.#value;
    }
  },
});
add(Element.prototype, {
  replaceChildren(this: Element, ...nodes: Node[]) {
    while (this.lastChild !== null) this.lastChild.remove();
    this.append(...nodes);
  },
});
