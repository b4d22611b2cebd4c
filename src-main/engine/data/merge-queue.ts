/** A pair that may be merged, with its count when it was queued. */
export interface Candidate {
  readonly count: number;
  readonly pair: number;
}

const isBefore = (a: Candidate, b: Candidate): boolean => (a.count === b.count ? a.pair < b.pair : a.count > b.count);

/** A binary heap: the highest count first, among equals the lowest pair. */
export class MergeQueue {
  readonly #heap: Candidate[] = [];

  push(candidate: Candidate): void {
    const heap = this.#heap;
    let at = heap.push(candidate) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || !isBefore(candidate, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = candidate;
  }

  pop(): Candidate | undefined {
    const heap = this.#heap;
    const [top] = heap;
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return top;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      let child = heap[down];
      const other = heap[down + 1];
      if (child !== undefined && other !== undefined && isBefore(other, child)) [child, down] = [other, down + 1];
      if (child === undefined || !isBefore(child, last)) break;
      heap[at] = child;
      at = down;
    }
    heap[at] = last;
    return top;
  }
}
