const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size on disk with three significant digits, in powers of 1000: "512 B", "1.46 MB", "24.8 GB". */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes < 0) return '–';
  let value = bytes;
  let unit = 0;
  // 999.5 would be shown as 1000.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const text = unit === 0 ? String(Math.round(value)) : value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
  return `${text}\u202f${UNITS[unit] ?? 'B'}`;
}
