/**
 * Moves labels apart that would lie over each other: keeps their order, at least `gap` between neighbours, all within
 * [top, bottom], each as near to its own place as that allows.
 * @returns the places in the order given; undefined where they don't fit
 */
export function spreadLabels(
  places: readonly number[],
  gap: number,
  top: number,
  bottom: number,
): number[] | undefined {
  if ((places.length - 1) * gap > bottom - top) return undefined;
  const order = places.map((_, index) => index).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const spread: number[] = [...places];
  let lowest = top;
  for (const index of order) {
    spread[index] = Math.max(places[index] ?? top, lowest);
    lowest = (spread[index] ?? top) + gap;
  }
  let highest = bottom;
  for (const index of order.toReversed()) {
    spread[index] = Math.min(spread[index] ?? bottom, highest);
    highest = (spread[index] ?? bottom) - gap;
  }
  return spread;
}
