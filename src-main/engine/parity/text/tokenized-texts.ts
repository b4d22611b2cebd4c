import { z } from 'zod';
import { AppError } from '../../../../src-shared/app-error.ts';
import type { Tokenizer } from '../../data/tokenizer.ts';
import { cutWindows } from '../../data/windows.ts';
import type { Comparison } from '../comparison.ts';
import { compareValues, type TextFixtures } from './text-fixtures.ts';

const Ids = z.array(z.number());
const Pairs = z.array(Ids);
const where = (variant: string) => ({ case: 'tokenizer', variant });

/** Longer than any recorded text: nothing is cut. */
const UNCUT = 1 << 20;

/** What the tokenizers make of recorded texts and ids. */
export async function tokenizedTexts(fixtures: TextFixtures): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const [name, tokenizer] of [
    ['nlp', () => fixtures.tokenizer()],
    ['two_moons', () => fixtures.twoMoonsTokenizer()],
  ] as const) {
    const recorded = fixtures.read(TokenizedTexts, 'tokenizer', `${name}.json`);
    if (recorded !== undefined) comparisons.push(...(await tokenized(name, recorded, await tokenizer())));
  }
  return [...comparisons, ...(await decoded(fixtures)), ...(await cutPairs(fixtures)), ...(await signs(fixtures))];
}

const TokenizedTexts = z.object({
  vocab_size: z.number(),
  strings: z.array(
    z.object({
      text: z.string(),
      ids: Ids,
      tokens: z.array(z.string()),
      offsets: Pairs,
      decode: z.string(),
      with_special_ids: Ids,
      with_special_offsets: Pairs,
      decode_with_special: z.string(),
    }),
  ),
});

async function tokenized(
  name: string,
  { vocab_size, strings }: z.output<typeof TokenizedTexts>,
  tokenizer: Tokenizer,
): Promise<Comparison[]> {
  const encodings = await tokenizer.encode(strings.map(({ text }) => text));
  const windows = encodings.flatMap((encoding) => cutWindows(encoding, undefined, { maxLength: UNCUT, stride: 0 }));
  const line = (quantity: string, got: unknown, expected: unknown): Comparison =>
    compareValues(where(name), quantity, got, expected);
  const flat = (offsets: readonly (readonly number[])[]): number[] => offsets.flat();
  return [
    line('entries', tokenizer.size, vocab_size),
    line(
      'ids',
      encodings.map(({ ids }) => ids),
      strings.map(({ ids }) => ids),
    ),
    line(
      'tokens',
      encodings.map(({ ids }) => Array.from(ids, (id) => tokenizer.token(id))),
      strings.map(({ tokens }) => tokens),
    ),
    line(
      'offsets',
      encodings.map(({ offsets }) => offsets),
      strings.map(({ offsets }) => flat(offsets)),
    ),
    line(
      'decoded',
      encodings.map(({ ids }) => tokenizer.decode(ids)),
      strings.map(({ decode }) => decode),
    ),
    line(
      'ids with special tokens',
      windows.map(({ ids }) => ids),
      strings.map((one) => one.with_special_ids),
    ),
    line(
      'offsets with special tokens',
      windows.map(({ offsets }) => offsets),
      strings.map((one) => flat(one.with_special_offsets)),
    ),
    line(
      'decoded with special tokens',
      windows.map(({ ids }) => tokenizer.decode(ids)),
      strings.map((one) => one.decode_with_special),
    ),
  ];
}

const DecodedIds = z.array(z.object({ ids: Ids, decode_no_skip: z.string() }));

async function decoded(fixtures: TextFixtures): Promise<Comparison[]> {
  const recorded = fixtures.read(DecodedIds, 'tokenizer', 'decode_random.json');
  if (recorded === undefined) return [];
  const tokenizer = await fixtures.tokenizer();
  const got = recorded.map(({ ids }) => tokenizer.decode(ids));
  return [
    compareValues(
      where('decode_random'),
      'decoded',
      got,
      recorded.map((one) => one.decode_no_skip),
    ),
  ];
}

const RecordedWindow = z.object({ ids: Ids, type_ids: Ids, offsets: Pairs });
const CutPairs = z.array(
  z.object({
    max_length: z.number(),
    stride: z.number(),
    a: z.string().optional(),
    b: z.string().nullish(),
    encoding: RecordedWindow.extend({ overflowing: z.array(RecordedWindow) }).optional(),
  }),
);

/** Windows of texts and pairs. */
async function cutPairs(fixtures: TextFixtures): Promise<Comparison[]> {
  const recorded = fixtures.read(CutPairs, 'encode', 'pair_truncation.json');
  if (recorded === undefined) return [];
  const tokenizer = await fixtures.tokenizer();
  const got: unknown[] = [];
  for (const { a = 'x', b, max_length: maxLength, stride } of recorded) {
    const [first, second] = await tokenizer.encode(b == null ? [a] : [a, b]);
    if (first === undefined) throw new Error('every text has an encoding');
    try {
      const windows = cutWindows(first, second, { maxLength, stride });
      got.push(windows.map(({ ids, typeIds, offsets }) => [ids, typeIds, offsets]));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      got.push('error');
    }
  }
  const expected = recorded.map(({ encoding }) =>
    encoding === undefined
      ? 'error'
      : [encoding, ...encoding.overflowing].map((one) => [one.ids, one.type_ids, one.offsets.flat()]),
  );
  return [compareValues({ case: 'encode', variant: 'pair_truncation' }, 'windows', got, expected)];
}

const SpecialTokens = z.object({ from_file: z.record(z.string(), z.unknown()) });

/** Special tokens in a text are text, as for the reference's tokenizer once it is loaded from its files. */
async function signs(fixtures: TextFixtures): Promise<Comparison[]> {
  const recorded = fixtures.read(SpecialTokens, 'tokenizer', 'special_tokens.json');
  const ids = Ids.safeParse(recorded?.from_file['encode_[SEP] in text']).data?.slice(1, -1);
  if (ids === undefined) return [];
  const tokenizer = await fixtures.tokenizer();
  const encodings = await tokenizer.encode([tokenizer.decode(ids)]);
  const got = encodings.map((encoding) => encoding.ids);
  return [compareValues(where('special_tokens'), 'ids of their names in a text', got, [ids])];
}
