import { countCodePoints } from '../code-points.ts';
import type { MultiRcRow } from '../tasks/superglue/multirc.ts';
import type { RecordRow } from '../tasks/superglue/record.ts';
import type { WicRow } from '../tasks/superglue/wic.ts';
import type { WscRow } from '../tasks/superglue/wsc.ts';
import { wscSpan } from '../tasks/superglue/wsc-span.ts';

/** What is wrong with a field. */
export interface RowProblem {
  /** Path within the row, e.g. "qas.0.answers". */
  readonly field: string;
  readonly expected: string;
  readonly got: string;
}

/** What an import looks at in a row beyond the kinds of its fields. */
export interface RowFacts {
  /** Numbers that may occur once in a split: which ones, where they stand, the number. */
  readonly numbers: readonly { readonly kind: string; readonly field: string; readonly value: number }[];
  /** The examples of the row: where the label belongs, and whether it is there. */
  readonly labels: readonly { readonly field: string; readonly isThere: boolean }[];
  readonly problems: readonly RowProblem[];
  /** What is no error but worth counting. */
  readonly oddities: readonly string[];
}

/** A row with one number and one label. */
export function simpleFacts(row: { readonly idx: number; readonly label?: unknown }): RowFacts {
  return {
    numbers: [{ kind: 'idx', field: 'idx', value: row.idx }],
    labels: [{ field: 'label', isThere: row.label !== undefined }],
    problems: [],
    oddities: [],
  };
}

export function wicFacts(row: WicRow): RowFacts {
  const problems = [
    ...rangeProblems('', ['start1', row.start1], ['end1', row.end1 - 1], row.sentence1, 'sentence1'),
    ...rangeProblems('', ['start2', row.start2], ['end2', row.end2 - 1], row.sentence2, 'sentence2'),
  ];
  return { ...simpleFacts(row), problems };
}

export function wscFacts(row: WscRow): RowFacts {
  const { span1_text, span1_index, span2_text, span2_index } = row.target;
  const isLost = (text: string, index: number): boolean => wscSpan(row.text, text, index)[1] === 0;
  const words = row.text.split(/\s+/u).filter(Boolean).length;
  const problems = [
    { field: 'target.span1_index', index: span1_index },
    { field: 'target.span2_index', index: span2_index },
  ]
    .filter(({ index }) => index >= words)
    .map(({ field, index }) => ({
      field,
      expected: `the number of one of the text's ${words} words`,
      got: `${index}`,
    }));
  const isOdd = problems.length === 0 && (isLost(span1_text, span1_index) || isLost(span2_text, span2_index));
  return { ...simpleFacts(row), problems, oddities: isOdd ? ['with a span that is not in the text: not marked'] : [] };
}

export function multiRcFacts({ idx, passage }: MultiRcRow): RowFacts {
  const questions = passage.questions.map(({ idx: value, answers }, q) => {
    const field = `passage.questions.${q}`;
    return {
      numbers: [
        { kind: 'question', field: `${field}.idx`, value },
        ...answers.map((answer, i) => ({ kind: 'answer', field: `${field}.answers.${i}.idx`, value: answer.idx })),
      ],
      labels: answers.map(({ label }, i) => ({ field: `${field}.answers.${i}.label`, isThere: label !== undefined })),
    };
  });
  return {
    numbers: [{ kind: 'idx', field: 'idx', value: idx }, ...questions.flatMap(({ numbers }) => numbers)],
    labels: questions.flatMap(({ labels }) => labels),
    problems: [],
    oddities: [],
  };
}

export function recordFacts({ idx, passage, qas }: RecordRow): RowFacts {
  const { text, entities } = passage;
  const problems: RowProblem[] = [];
  const oddities: string[] = [];
  const length = countCodePoints(text);
  const bounds = new Set<number>();
  const check = (field: string, { start, end }: { start: number; end: number }): void => {
    if (start > end || end >= length)
      problems.push(...rangeProblems(`${field}.`, ['start', start], ['end', end], text, 'passage.text'));
  };
  for (const [i, entity] of entities.entries()) {
    check(`passage.entities.${i}`, entity);
    bounds.add(entity.start).add(entity.end);
  }
  if (entities.length === 0) oddities.push('without an entity in the passage');
  for (const [q, { answers = [] }] of qas.entries()) {
    for (const [i, answer] of answers.entries()) {
      check(`qas.${q}.answers.${i}`, answer);
      if (!bounds.has(answer.start) || !bounds.has(answer.end)) oddities.push('with an answer that is no entity');
    }
  }
  return {
    numbers: [
      { kind: 'idx', field: 'idx', value: idx },
      ...qas.map((query, q) => ({ kind: 'query', field: `qas.${q}.idx`, value: query.idx })),
    ],
    labels: qas.map(({ answers = [] }, q) => ({ field: `qas.${q}.answers`, isThere: answers.length > 0 })),
    problems,
    oddities: [...new Set(oddities)],
  };
}

type NamedPosition = readonly [name: string, position: number];

/** Why first and last code point are no part of a text. */
function rangeProblems(
  prefix: string,
  [startName, start]: NamedPosition,
  [endName, last]: NamedPosition,
  text: string,
  textName: string,
): RowProblem[] {
  const length = countCodePoints(text);
  if (start >= length)
    return [{ field: prefix + startName, expected: `a place in ${textName} of ${length} characters`, got: `${start}` }];
  const isInclusive = endName === 'end';
  const got = `${isInclusive ? last : last + 1}`;
  if (last >= length)
    return [{ field: prefix + endName, expected: `a place in ${textName} of ${length} characters`, got }];
  if (last < start)
    return [
      { field: prefix + endName, expected: `${isInclusive ? 'no less than' : 'more than'} its start, ${start}`, got },
    ];
  return [];
}
