import type { AnswerBody } from '../../../src-shared/ipc/contract.ts';
import type { Overlap } from '../../../src-shared/ipc/contract/superglue.ts';
import { measure } from '../../format/measured.ts';
import type { Table, TableCell } from '../../tables/table.ts';

export type Confusion = NonNullable<AnswerBody<'superglue.confusion'>>;
export type Overlaps = NonNullable<AnswerBody<'superglue.overlaps'>>;

export interface ConfusionRow {
  readonly target: string;
  readonly cells: readonly { readonly prediction: string; readonly count: number; readonly share: number }[];
  readonly total: number;
  /** Share of the target's examples that are predicted right, %; undefined without any. */
  readonly recall: number | undefined;
}

/** Targets down, predictions across, with each row's total and recall. */
export function confusionRows({ labels, counts }: Confusion): ConfusionRow[] {
  return labels.map((target, row) => {
    const ofTarget = labels.map((_, column) => counts[row]?.[column] ?? 0);
    const total = ofTarget.reduce((a, b) => a + b, 0);
    return {
      target,
      cells: labels.map((prediction, column) => {
        const count = ofTarget[column] ?? 0;
        return { prediction, count, share: total === 0 ? 0 : count / total };
      }),
      total,
      recall: total === 0 ? undefined : (100 * (ofTarget[row] ?? 0)) / total,
    };
  });
}

/** How often each label is predicted, in their order. */
export function predictedTotals({ labels, counts }: Confusion): number[] {
  return labels.map((_, column) => counts.reduce((sum, row) => sum + (row[column] ?? 0), 0));
}

export function confusionTable(confusion: Confusion, title: string): Table {
  const count = (value: number): TableCell => ({ value, std: undefined, count: 1, format: 'count', isBest: false });
  const right = (header: string) => ({ header, align: 'right' as const });
  return {
    title,
    columns: [
      { header: 'Target', align: 'left' },
      ...confusion.labels.map((label) => right(`Predicted ${label}`)),
      right('Total'),
      right('Right, %'),
    ],
    rows: confusionRows(confusion).map(({ target, cells, total, recall }) => {
      const measured = measure([recall]);
      return [
        target,
        ...cells.map((cell) => count(cell.count)),
        count(total),
        measured === undefined ? null : { ...measured, format: 'score', isBest: false },
      ];
    }),
  };
}

export const OVERLAP_WORDS: Readonly<Record<Overlap, string>> = {
  exact: 'exact match',
  partial: 'partial match',
  none: 'no match',
};

export function overlapsTable(overlaps: Overlaps, title: string): Table {
  const rows = (Object.keys(OVERLAP_WORDS) as Overlap[]).map((name): TableCell[] => [
    OVERLAP_WORDS[name],
    { value: overlaps[name], std: undefined, count: 1, format: 'count', isBest: false },
  ]);
  return {
    title,
    columns: [
      { header: 'Answer', align: 'left' },
      { header: 'Queries', align: 'right' },
    ],
    rows,
  };
}
