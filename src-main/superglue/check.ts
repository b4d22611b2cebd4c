import { toAppError } from '../../src-shared/app-error.ts';
import { problem, type ConfigProblem } from '../../src-shared/config/config-problem.ts';
import { textFinetuning, textSmokeSize } from '../../src-shared/config/presets/text.ts';
import type { RunConfig } from '../../src-shared/config/run-config.ts';
import { SUPERGLUE_TASK_NAMES, type SuperGlueTaskName } from '../../src-shared/config/superglue-tasks.ts';
import type { NewPipeline } from '../../src-shared/ipc/contract/superglue.ts';
import { planPipeline, type PipelineSource, type PlannedRun, type TaskSizes } from './plan.ts';
import type { SetFacts } from './set-facts.ts';

/** What a person asks for; the source is looked up by then. */
export interface PipelineRequest extends Omit<NewPipeline, 'from'> {
  readonly source: PipelineSource | null;
}

export interface CheckedPipeline {
  readonly name: string;
  /** The imported set that it trains on. */
  readonly set: string;
  readonly runs: readonly PlannedRun[];
  readonly problems: readonly ConfigProblem[];
}

/** What a pipeline would start, and all that is wrong with it. Nothing is written but the sample that the app ships. */
export async function checkPipeline(facts: SetFacts, request: PipelineRequest): Promise<CheckedPipeline> {
  const { source } = request;
  const name = request.name ?? (source === null ? 'SuperGLUE, untrained' : `SuperGLUE of ${source.name}`);
  const standard = request.isSmoke ? textSmokeSize(textFinetuning('CB')) : textFinetuning('CB');
  const set = request.superglue ?? (setOf(source?.config) || setOf(standard));
  const problems: ConfigProblem[] = [];
  const keep = (path: string, error: unknown): void => {
    const { code, message } = toAppError(error);
    if (code === 'internal' || code === 'file/io') throw error;
    problems.push({ ...problem(path, '', ''), message });
  };
  let sizes: ReadonlyMap<SuperGlueTaskName, TaskSizes> = new Map();
  try {
    sizes = await facts.sizes(set);
  } catch (error) {
    keep('superglue', error);
    return { name, set, runs: [], problems };
  }
  const tasks = SUPERGLUE_TASK_NAMES.filter((task) => request.tasks.includes(task));
  const planned = planPipeline({ ...request, tasks }, { name, source, set, sizes });
  const tokenizers = planned.runs.flatMap(({ config: { data } }) => (data.kind === 'text' ? [data.tokenizer] : []));
  for (const tokenizer of new Set(tokenizers)) {
    await facts.assertTokenizer(tokenizer).catch((error: unknown) => keep('data.tokenizer', error));
  }
  return { name, set, runs: planned.runs, problems: [...planned.problems, ...problems] };
}

/** "" where a configuration names none. */
function setOf(config: RunConfig | undefined): string {
  return config?.data.kind === 'text' ? config.data.superglue : '';
}
