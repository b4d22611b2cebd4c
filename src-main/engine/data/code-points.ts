/**
 * Data files count Unicode code points; JavaScript's strings count UTF-16 units. These work on code points.
 */

/** `text` with `mark` put in front of the code points at `indices` (unsorted, repeats allowed, the end included). */
export function insertAt(text: string, indices: readonly number[], mark: string): string {
  const points = Array.from(text);
  const sorted = [...indices].sort((a, b) => a - b);
  let result = '';
  let from = 0;
  for (const index of sorted) {
    result += points.slice(from, index).join('') + mark;
    from = index;
  }
  return result + points.slice(from).join('');
}

/** Code points in a text. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const _point of text) count++;
  return count;
}
