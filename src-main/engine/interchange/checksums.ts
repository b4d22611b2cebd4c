import { AppError } from '../../../src-shared/app-error.ts';

const LINE = /^([0-9a-f]{64}) [ *](.+)$/;

/** The text that `sha256sum --check` reads. */
export function formatSums(files: readonly { readonly name: string; readonly sha256: string }[]): string {
  return files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('');
}

/** SHA-256 by file name. @throws AppError file/invalid */
export function parseSums(text: string, file: string): Map<string, string> {
  const sums = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue;
    const [, sha256, name] = LINE.exec(line) ?? [];
    if (sha256 === undefined || name === undefined) {
      throw new AppError(
        'file/invalid',
        `${file} has the line ${JSON.stringify(line)}; expected a SHA-256 and a name.`,
        {
          file,
        },
      );
    }
    sums.set(name, sha256);
  }
  return sums;
}
