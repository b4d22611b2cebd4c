/** Rows of text as aligned columns; the first row is the heading. Numbers-only columns are aligned to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  const numeric = widths.map((_, i) => rows.slice(1).every((row) => /^[-+−–—\d.,%±\s/*]*$/.test(row[i] ?? '')));
  return rows
    .map((row) =>
      widths
        .map((width, i) => {
          const cell = row[i] ?? '';
          return numeric[i] === true ? cell.padStart(width) : cell.padEnd(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
