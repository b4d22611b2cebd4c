import { z } from 'zod';

/** A number in JSON: NaN and infinities, which JSON lacks, travel as these words. */
export const JsonNumber = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);
export type JsonNumber = z.infer<typeof JsonNumber>;

export function encodeNumber(value: number): JsonNumber {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

export function decodeNumber(value: JsonNumber): number {
  return Number(value);
}

export function encodeScores(scores: Readonly<Record<string, number>>): Record<string, JsonNumber> {
  return Object.fromEntries(Object.entries(scores).map(([name, value]) => [name, encodeNumber(value)]));
}

export function decodeScores(scores: Readonly<Record<string, JsonNumber>>): Record<string, number> {
  return Object.fromEntries(Object.entries(scores).map(([name, value]) => [name, decodeNumber(value)]));
}
