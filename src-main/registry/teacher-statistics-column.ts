import { z } from 'zod';
import { decodeNumber, encodeNumber, JsonNumber } from '../../src-shared/run/number-json.ts';
import type { HeadStatistics, TeacherStatistics } from '../../src-shared/run/teacher-statistics.ts';

/** A head's statistics as a row: kept, masked, replaced, special, distinct, top token, its share, two entropies. */
const HeadColumn = z.tuple([
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.int(),
  z.string(),
  z.number(),
  z.number(),
  JsonNumber,
]);
const StatisticsColumn = z.tuple([z.number(), HeadColumn, HeadColumn]);

/** Digits that a share or an entropy over some hundred positions can have. */
const DIGITS = 5;

export function writeStatistics({ x, y, textTopShare }: TeacherStatistics): string {
  const round = (value: number): number => Number(value.toFixed(DIGITS));
  const head = (one: HeadStatistics): z.infer<typeof HeadColumn> => [
    round(one.kept),
    round(one.masked),
    round(one.replaced),
    round(one.special),
    one.distinct,
    one.topToken,
    round(one.topShare),
    round(one.tokenEntropy),
    encodeNumber(round(one.teacherEntropy)),
  ];
  return JSON.stringify([round(textTopShare), head(x), head(y)]);
}

export function readStatistics(text: string): TeacherStatistics {
  const [textTopShare, x, y] = StatisticsColumn.parse(JSON.parse(text));
  return { textTopShare, x: readHead(x), y: readHead(y) };
}

function readHead(column: z.infer<typeof HeadColumn>): HeadStatistics {
  const [kept, masked, replaced, special, distinct, topToken, topShare, tokenEntropy, teacherEntropy] = column;
  return {
    kept,
    masked,
    replaced,
    special,
    distinct,
    topToken,
    topShare,
    tokenEntropy,
    teacherEntropy: decodeNumber(teacherEntropy),
  };
}
