import { describe, expect, it } from 'vitest';
import { superGlueTableText } from '../../../src-main/cli/superglue-table.ts';
import { SUPERGLUE_TASK_NAMES } from '../../../src-shared/config/superglue-tasks.ts';
import { REPORT_SUPERGLUE } from '../../../src-shared/run/report-superglue.ts';

const cells = (text: string): string[][] => text.split('\n').map((line) => line.trim().split(/ {2,}/));

describe('the table of a SuperGLUE group', () => {
  it('has both metrics of a task, the average over the tasks that were run, and the report over the same', () => {
    expect(cells(superGlueTableText('mine', ['CB', 'COPA'], { CB_F1: 40, CB_Acc: 60, COPA: 61 }))).toEqual([
      ['CB F1', 'CB accuracy', 'COPA', 'average of these'],
      ['mine', '40.0', '60.0', '61.0', '55.5'],
      ['Report: MLM', '67.3', '71.4', '57.0', '63.2'],
    ]);
  });

  it('has the report’s own averages where all tasks were run', () => {
    const [mlm] = REPORT_SUPERGLUE;
    const rows = cells(superGlueTableText('mine', SUPERGLUE_TASK_NAMES, mlm?.scores ?? {}));
    expect(rows[0]?.at(-1)).toBe('average');
    expect(rows.slice(1).map((row) => [row[0], row.at(-1)])).toEqual([
      ['mine', '52.4'],
      ['Report: MLM', '52.4'],
      ['Report: soft', '46.6'],
    ]);
  });

  it('says where a score is missing', () => {
    expect(cells(superGlueTableText('mine', ['CB', 'RTE'], { RTE: 50 }))[1]).toEqual([
      'mine',
      '-',
      '-',
      '50.0',
      '50.0',
    ]);
  });
});
