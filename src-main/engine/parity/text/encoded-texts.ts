import { z } from 'zod';
import { insertAt } from '../../data/code-points.ts';
import { maskTokens } from '../../data/mlm-mask.ts';
import { FIRST_ORDINARY_ID, PAD_ID, SEP_ID } from '../../data/special-tokens.ts';
import { maskedAccuracy } from '../../data/tasks/mlm.ts';
import { encodeRecord, recordExamples, RecordRow } from '../../data/tasks/superglue/record.ts';
import { wscSpan } from '../../data/tasks/superglue/wsc-span.ts';
import { encodeTaskRow } from '../../data/tasks/task.ts';
import { WHICH_MOON } from '../../data/tasks/which-moon.ts';
import type { Tokenizer } from '../../data/tokenizer.ts';
import { cutWindows, type Window, type WindowOptions } from '../../data/windows.ts';
import type { RandomSource } from '../../random/random-generator.ts';
import type { Comparison } from '../comparison.ts';
import { recordedLogits } from './recorded-logits.ts';
import { compareValues, type TextFixtures } from './text-fixtures.ts';

const Ids = z.array(z.number());
const where = (variant: string) => ({ case: 'encode', variant });

/** Every other recorded encoding: windows of texts and pairs, MLM's masks, Two Moons, odd entities, places in texts. */
export async function encodedTexts(fixtures: TextFixtures): Promise<Comparison[]> {
  return [
    ...(await pretrainingWindows(fixtures)),
    ...(await maskedTexts(fixtures)),
    ...(await moons(fixtures)),
    ...(await oddEntities(fixtures)),
    ...placesInTexts(fixtures),
  ];
}

async function windowsOf(tokenizer: Tokenizer, text: string, options: WindowOptions): Promise<Window[]> {
  const [encoding] = await tokenizer.encode([text]);
  return encoding === undefined ? [] : cutWindows(encoding, undefined, options);
}

const PretrainingTexts = z.array(
  z.object({ max_length: z.number(), text: z.string(), ids: Ids, overflowing_ids: z.array(Ids) }),
);

async function pretrainingWindows(fixtures: TextFixtures): Promise<Comparison[]> {
  const recorded = fixtures.read(PretrainingTexts, 'encode', 'pretrain_tokenizer.json');
  if (recorded === undefined) return [];
  const tokenizer = await fixtures.tokenizer();
  const got: Int32Array[][] = [];
  for (const { text, max_length: maxLength } of recorded) {
    const windows = await windowsOf(tokenizer, text, { maxLength, stride: 0 });
    got.push(windows.map(({ ids }) => ids));
  }
  const expected = recorded.map(({ ids, overflowing_ids }) => [ids, ...overflowing_ids]);
  return [compareValues(where('pretrain_tokenizer'), 'windows', got, expected)];
}

const MaskCase = z.object({
  mask_prob: z.number(),
  unmask_prob: z.number(),
  randomize_prob: z.number(),
  ids: Ids,
  count_uniform: z.number(),
  mask_positions: Ids,
  change_uniform_f32: Ids,
  random_content: Ids,
  features: z.array(Ids),
  labels: z.array(Ids),
});
const MaskedTexts = z.object({
  cases: z.array(MaskCase),
  predict: z.record(z.string(), Ids),
  score_single_strict: z.record(z.string(), z.number()),
  score_single_not_strict: z.record(z.string(), z.number()),
});

/** Gives back the draws that the reference made. */
function recordedDraws(one: z.output<typeof MaskCase>): RandomSource {
  const uniforms = [one.count_uniform, ...one.change_uniform_f32];
  const contents = [...one.random_content];
  return {
    uniform: () => uniforms.shift() ?? Number.NaN,
    integer: () => {
      const token = contents.shift() ?? Number.NaN;
      return token === SEP_ID ? 0 : token - FIRST_ORDINARY_ID + 1;
    },
    sampleInto: (_bound, _count, out) => {
      out.set(one.mask_positions);
    },
  };
}

async function maskedTexts(fixtures: TextFixtures): Promise<Comparison[]> {
  const recorded = fixtures.read(MaskedTexts, 'encode', 'MLM.json');
  if (recorded === undefined) return [];
  const { size: vocabularySize } = await fixtures.tokenizer();
  // where the reference masks nothing (and its loss is NaN), at least one position is masked here
  const cases = recorded.cases.filter(({ mask_positions }) => mask_positions.length > 0);
  const got = cases.map((one) => {
    const [x, y] = [new Int32Array(one.ids.length), new Int32Array(one.ids.length)];
    const ids = Int32Array.from(one.ids.filter((id) => id !== PAD_ID));
    const options = {
      maskProbability: one.mask_prob,
      keepProbability: one.unmask_prob,
      randomProbability: one.randomize_prob,
      vocabularySize,
    };
    maskTokens(ids, x.length, recordedDraws(one), options, x, y, 0);
    return [x, y];
  });
  const expected = cases.map(({ features, labels }) => [features[0], labels[0]]);
  return [compareValues(where('MLM'), 'masked texts', got, expected), ...maskedPredictions(fixtures, recorded)];
}

function maskedPredictions(fixtures: TextFixtures, recorded: z.output<typeof MaskedTexts>): Comparison[] {
  const tensors = fixtures.tensors('predict_MLM.safetensors');
  if (tensors === undefined) return [];
  const targets = tensors.ids('labels');
  const predictions: Record<string, number[]> = {};
  const scores: Record<string, number> = {};
  for (const [row, { idx, x, mostProbable }] of recordedLogits(tensors).windows.entries()) {
    const predicted = Array.from(x, (id, s) => (id === PAD_ID ? PAD_ID : mostProbable(s)));
    const y = targets.ids.subarray(row * x.length, (row + 1) * x.length);
    predictions[String(idx)] = predicted;
    // the reference's are float32
    scores[String(idx)] = Math.fround(maskedAccuracy(Int32Array.from(predicted), y, 1, x.length)[0] ?? Number.NaN);
  }
  const of = (names: Readonly<Record<string, number>>) => Object.keys(names).map((idx) => [idx, scores[idx]]);
  const { predict, score_single_strict: strict, score_single_not_strict: loose } = recorded;
  return [
    compareValues(where('MLM'), 'predictions', predictions, predict),
    compareValues(where('MLM'), 'scores', of(strict), Object.entries(strict)),
    compareValues(where('MLM'), 'scores of some', of(loose), Object.entries(loose)),
  ];
}

const Moons = z.object({
  task_id: z.number(),
  labels: z.array(z.tuple([z.number(), z.number()])),
  examples: z.array(
    z.object({
      example: z.object({ idx: z.number(), question: z.string(), label: z.number().optional() }),
      all: z.object({ idxs: Ids, features: z.array(Ids), labels: z.array(Ids) }),
    }),
  ),
  pretrain: z.array(z.object({ text: z.string(), ids: Ids })),
});
/** Positions of the recorded Two Moons model. */
const MOON_POSITIONS = 34;

async function moons(fixtures: TextFixtures): Promise<Comparison[]> {
  const recorded = fixtures.read(Moons, 'encode', 'Which_MOON.json');
  if (recorded === undefined) return [];
  const tokenizer = await fixtures.twoMoonsTokenizer();
  const options = { maxLength: MOON_POSITIONS, stride: 0 };
  const examples = [];
  for (const { example } of recorded.examples) {
    const windows = await windowsOf(tokenizer, example.question, options);
    const rows = windows.map(({ ids }) => encodeTaskRow(WHICH_MOON, ids, example.label));
    examples.push({
      idxs: rows.map(() => example.idx),
      features: rows.map(({ x }) => x),
      labels: rows.map(({ y }) => y),
    });
  }
  const texts = [];
  for (const { text } of recorded.pretrain) {
    texts.push((await windowsOf(tokenizer, text, options)).map(({ ids }) => ids));
  }
  const labels = WHICH_MOON.labels.map(({ label, token }) => [label, token]);
  const tokens = [recorded.task_id, recorded.labels];
  const all = recorded.examples.map((one) => one.all);
  const unlabeled = recorded.pretrain.map(({ ids }) => [ids]);
  return [
    compareValues(where('Which_MOON'), 'task and label tokens', [WHICH_MOON.taskToken, labels], tokens),
    compareValues(where('Which_MOON'), 'examples', examples, all),
    compareValues(where('Which_MOON'), 'unlabeled texts', texts, unlabeled),
  ];
}

const OddEntities = z.record(
  z.string(),
  z.object({
    example: z.looseObject({ qas: z.unknown() }),
    error: z.string().optional(),
    marked_text: z.string().optional(),
    features: z.array(Ids).optional(),
    labels: z.array(Ids).optional(),
  }),
);

async function oddEntities(fixtures: TextFixtures): Promise<Comparison[]> {
  const recorded = fixtures.read(OddEntities, 'encode', 'ReCoRD_edge.json');
  if (recorded === undefined) return [];
  const tokenizer = await fixtures.tokenizer();
  const comparisons: Comparison[] = [];
  for (const [name, { example, error, marked_text, features, labels }] of Object.entries(recorded)) {
    // the reference ends where an answer is no entity; here it is found all the same
    if (error !== undefined) continue;
    const examples = recordExamples(RecordRow.parse({ ...example, qas: [example.qas] }));
    const encoded = await encodeRecord(examples, tokenizer, { maxLength: 256, stride: 64 });
    const rows = encoded.flatMap((one) => one.rows);
    const got = [examples[0]?.passage, rows.map(({ x }) => x), rows.map(({ y }) => y)];
    comparisons.push(compareValues(where('ReCoRD_edge'), name, got, [marked_text, features, labels]));
  }
  return comparisons;
}

const Places = z.object({
  get_wsc_span: z.array(z.object({ text: z.string(), span_text: z.string(), index: z.number(), result: Ids })),
  str_insert: z.array(z.object({ s: z.string(), indices: Ids, t: z.string(), result: z.string() })),
});

function placesInTexts(fixtures: TextFixtures): Comparison[] {
  const recorded = fixtures.read(Places, 'encode', 'helpers.json');
  if (recorded === undefined) return [];
  const { get_wsc_span: spans, str_insert: inserts } = recorded;
  const places = spans.map(({ text, span_text, index }) => wscSpan(text, span_text, index));
  const texts = inserts.map(({ s, indices, t }) => insertAt(s, indices, t));
  const results = (all: readonly { result: unknown }[]): unknown[] => all.map(({ result }) => result);
  return [
    compareValues(where('helpers'), 'spans of words', places, results(spans)),
    compareValues(where('helpers'), 'marks put into texts', texts, results(inserts)),
  ];
}
