import { randomInt } from 'node:crypto';

// No vowels and nothing that looks like another letter, so that an id can be read out and typed.
const LETTERS = '23456789bcdfghjkmnpqrstvwxz';

/**
 * A new run's id, "20261122-191730-k3f9": sorts by creation (UTC), is a folder's name on every system. An identity,
 * not a draw of training, so it need not be repeatable.
 */
export function newRunId(nowMs: number): string {
  const time = new Date(nowMs).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const letters = Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return `${time}-${letters}`;
}
