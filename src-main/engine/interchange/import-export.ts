import type { ImportRequest, ImportResult } from '../../../src-shared/ipc/interchange-protocol.ts';
import { decodeScores } from '../../../src-shared/run/number-json.ts';
import { studentLayout, teacherLayout, type ParameterLayout } from '../model/parameter-layout.ts';
import { writeCheckpoint, type CheckpointContent } from '../train/checkpoint.ts';
import { STUDENT_PARAMETERS } from '../train/train-parts.ts';
import { readExport } from './read-export.ts';
import { TEACHER_PARAMETERS } from './reference-tensors.ts';

/** How an imported checkpoint says what computed it: nothing here did. */
const ELSEWHERE = 'imported';

/**
 * Writes the weights of an exported folder as the latest checkpoint of a new run, which others start from. It has
 * no state of a training, so that run can't be resumed.
 * @throws AppError what `readExport` throws, before anything is written; file/io
 */
export async function importExport({ folder, runId, checkpointDirectory }: ImportRequest): Promise<ImportResult> {
  const { facts, student, teacher } = await readExport(folder);
  const { config, checkpoint } = facts;
  const { step, examplesSeen, scores } = checkpoint;
  const layouts: CheckpointContent['layouts'] = { student: named(studentLayout(config.model)) };
  if (teacher !== undefined) layouts['teacher'] = named(teacherLayout(config.model));
  const written = await writeCheckpoint(
    checkpointDirectory,
    {
      runId,
      kind: 'latest',
      config,
      step,
      microStep: step * config.training.accumulation,
      examplesSeen,
      executor: ELSEWHERE,
      device: ELSEWHERE,
      scores,
      state: null,
      layouts,
    },
    { [STUDENT_PARAMETERS]: student, ...(teacher === undefined ? {} : { [TEACHER_PARAMETERS]: teacher }) },
  );
  return {
    name: facts.name,
    fromRunId: checkpoint.runId,
    fromKind: checkpoint.kind,
    config,
    checkpoint: { step, examplesSeen, ...written, scores: decodeScores(scores) },
  };
}

function named({ entries }: ParameterLayout): { name: string; shape: number[] }[] {
  return entries.map(({ name, shape }) => ({ name, shape: [...shape] }));
}
