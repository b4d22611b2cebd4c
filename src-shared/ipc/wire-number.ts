import { z } from 'zod';

const NON_FINITE = ['NaN', 'Infinity', '-Infinity'] as const;

/**
 * A number that may be NaN or infinite. JSON has no word for those, so they travel as strings; on both sides of the
 * wire code sees plain numbers (`z.encode` before sending, `z.decode` after receiving).
 */
export const WireNumber = z.codec(
  z.union([z.number(), z.enum(NON_FINITE)]),
  z.custom<number>((value) => typeof value === 'number', 'expected a number'),
  {
    decode: (wire) => Number(wire),
    encode: (value) =>
      Number.isFinite(value) ? value : Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity',
  },
);
