/** Values as an SVG path in a box of `width` by `height`, larger values higher; a value that is not finite leaves a gap. */
export function sparklinePath(values: readonly number[], width: number, height: number): string {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return '';
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const x = (index: number): number => (values.length < 2 ? width / 2 : (index / (values.length - 1)) * width);
  const y = (value: number): number => (high === low ? height / 2 : height - ((value - low) / (high - low)) * height);
  let path = '';
  let isDrawing = false;
  values.forEach((value, index) => {
    if (Number.isFinite(value)) {
      path += `${isDrawing ? 'L' : 'M'}${round(x(index))} ${round(y(value))}`;
      // A point between two gaps would have no length.
      if (!isDrawing && !Number.isFinite(values[index + 1])) path += 'h0.01';
    }
    isDrawing = Number.isFinite(value);
  });
  return path;
}

/** Where values are missing, as shares of the width, 0..1. */
export function sparklineGaps(values: readonly number[]): number[] {
  return values.flatMap((value, index) =>
    Number.isFinite(value) ? [] : [values.length < 2 ? 0.5 : index / (values.length - 1)],
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
