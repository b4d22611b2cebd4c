// @ts-check
/** AX-b and AX-g, which are predicted with the model of RTE. Their rows have labels, as the official ones. */

const ROWS = 16;

const CLAUSES = /** @type {const} */ ([
  ['The owl sat on the bridge', 'The owl did not sit on the bridge'],
  ['The baker lit the oven', 'The baker did not light the oven'],
  ['Two boats left the harbour', 'No boats left the harbour'],
  ['Élise sold some honey', 'Élise sold no honey'],
]);

/** Sentences that differ by a negation or not at all. */
export function axb() {
  const rows = CLAUSES.flatMap(([yes, no]) => [
    { label: 'not_entailment', sentence1: `${yes}.`, sentence2: `${no}.`, logic: 'Negation' },
    { label: 'not_entailment', sentence1: `${no}.`, sentence2: `${yes}.`, logic: 'Negation' },
    { label: 'entailment', sentence1: `${yes}, and the bell rang.`, sentence2: `${yes}.`, logic: 'Conjunction' },
    { label: 'not_entailment', sentence1: `${yes}, or the bell rang.`, sentence2: `${yes}.`, logic: 'Disjunction' },
  ]);
  return rows.slice(0, ROWS).map((row, idx) => ({ idx: String(idx), ...row }));
}

const MEETINGS = /** @type {const} */ ([
  ['gardener', 'doctor', 'asked about P sore knee', 'asked about a sore knee'],
  ['printer', 'teacher', 'wanted to learn to read P own books', 'wanted to learn to read'],
  ['singer', 'baker', 'needed bread for P guests', 'needed bread'],
  ['painter', 'boat builder', 'had lost P boat', 'had lost a boat'],
]);

/** Pairs of rows that differ by the pronoun alone. */
export function axg() {
  const rows = MEETINGS.flatMap(([a, b, did, said]) =>
    [a, b].flatMap((who) =>
      ['her', 'his'].map((pronoun) => ({
        hypothesis: `The ${who} ${said}.`,
        label: who === a ? 'entailment' : 'not_entailment',
        premise: `The ${a} went to the ${b} and ${did.replace('P', pronoun)}.`,
      })),
    ),
  );
  return rows.slice(0, ROWS).map(({ hypothesis, label, premise }, idx) => ({
    hypothesis,
    idx,
    label,
    pair_id: 1000 + idx,
    premise,
  }));
}
