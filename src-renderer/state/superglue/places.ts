import { DIAGNOSTIC_NAMES, isSuperGlueTask, type DiagnosticName } from '../../../src-shared/config/superglue-tasks.ts';
import type { SuperGlueTaskName } from '../../../src-shared/config/superglue-tasks.ts';
import { address } from '../route.svelte.ts';

/** What the detail of a pipeline shows. */
export const PIPELINE_TABS = { runs: 'Runs', scores: 'Scores', examples: 'Examples' } as const;
export type PipelineTab = keyof typeof PIPELINE_TABS;

/** What examples are of: a task's validation split, or diagnostics. */
export type Subject = SuperGlueTaskName | DiagnosticName;

export function tabOf(query: ReadonlyMap<string, string>): PipelineTab {
  return (Object.keys(PIPELINE_TABS) as PipelineTab[]).find((name) => name === query.get('tab')) ?? 'runs';
}

export function subjectOf(query: ReadonlyMap<string, string>): Subject | undefined {
  const name = query.get('task') ?? '';
  return isSuperGlueTask(name) ? name : DIAGNOSTIC_NAMES.find((one) => one === name);
}

/** Where a part of a pipeline is; what stays the same is taken from the present query. */
export function addressOfPipeline(
  pipelineId: string,
  { tab, task, compared }: { readonly tab?: PipelineTab; readonly task?: Subject; readonly compared?: string } = {},
): string {
  return address('superglue', {
    pipeline: pipelineId,
    ...(tab === undefined || tab === 'runs' ? {} : { tab }),
    ...(task === undefined ? {} : { task }),
    ...(compared === undefined || compared === '' ? {} : { with: compared }),
  });
}

/** The form for another pipeline; with a run, of its weights. */
export function addressOfNewPipeline(fromRunId?: string): string {
  return address('superglue', { new: '1', ...(fromRunId === undefined ? {} : { from: fromRunId }) });
}
