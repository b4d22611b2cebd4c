import { OBJECTIVES, type ObjectiveName } from '../../../src-shared/config/run-config.ts';
import type { AnswerBody, RequestInput } from '../../../src-shared/ipc/contract.ts';
import type { RunSummary } from '../../../src-shared/ipc/run-views.ts';

/** How many runs the list offers at once; a narrower text finds the others. */
const OFFERED = 60;

/** The runs that match a text, newest first; of these objectives alone where they are given. */
export function pickerQuery(text: string, objectives?: readonly ObjectiveName[]): RequestInput<'runs.query'> {
  const unwanted = objectives === undefined ? [] : OBJECTIVES.filter((name) => !objectives.includes(name));
  return {
    selection: {
      scope: 'live',
      text: text.trim(),
      filters: unwanted.map((value) => ({ column: 'objective', operator: 'isNot' as const, value })),
    },
    sort: { column: 'createdAtMs', direction: 'descending' },
    columns: [],
    offset: 0,
    limit: OFFERED,
  };
}

export function foundRuns({ rows }: AnswerBody<'runs.query'>): RunSummary[] {
  return rows.map(({ summary }) => summary);
}
