import type { z } from 'zod';

const SHOWN = 3;

/** The first problems of data of an unknown form, on one line: "config: expected object, got undefined; step: …". */
export function shortProblems(error: z.ZodError): string {
  const shown = error.issues.slice(0, SHOWN).map(({ path, message }) => {
    const where = path.map(String).join('.');
    const what = message.replace(/^Invalid input: /, '').replace('received', 'got');
    return where === '' ? what : `${where}: ${what}`;
  });
  const more = error.issues.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
