const LONGEST_NAME = 64;

/** One path a line. */
export function pathsOf(lines: string): string[] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** "/data/en 2015.train.jsonl" -> "en-2015.train"; "" where nothing is left. */
export function nameOfPath(paths: string): string {
  const [first = ''] = pathsOf(paths);
  const file =
    first
      .replace(/[/\\]+$/, '')
      .split(/[/\\]/)
      .at(-1) ?? '';
  return file
    .replace(/\.(jsonl|ndjson|json|txt|raw|text|tokens|md|zip)$/i, '')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[.-]+|-+$/g, '')
    .slice(0, LONGEST_NAME);
}
