import { AppError } from '../../../src-shared/app-error.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { encodeScores } from '../../../src-shared/run/number-json.ts';
import type { TensorData } from '../executors/executor.ts';
import { studentLayout, teacherLayout, type ParameterLayout } from '../model/parameter-layout.ts';
import { cleanCheckpoints, readCheckpoint, writeCheckpoint, type ReadCheckpoint } from './checkpoint.ts';
import { invalidCheckpoint } from './checkpoint-header.ts';
import { assertSameParameters, type NamedShape } from './parameter-tensors.ts';
import { STUDENT_PARAMETERS, type CheckpointFiles, type Variables } from './train-parts.ts';
import { parseTrainState, runLength } from './train-state.ts';

/** Settings that change what weights mean but not their shapes. */
const MEANING = ['heads', 'preNorm', 'activation'] as const;

/** Gradients summed within an optimizer step; checkpoints lie between steps, where they are zero. */
const ACCUMULATOR = '.accumulator';

const namedShapes = (layout: ParameterLayout): NamedShape[] =>
  layout.entries.map(({ name, shape }) => ({ name, shape }));

/** Names and shapes of every model that the variables belong to. */
function layoutsOf(config: RunConfig, variables: Variables): Record<string, { name: string; shape: number[] }[]> {
  const layouts: Record<string, { name: string; shape: number[] }[]> = {};
  const plain = (layout: ParameterLayout) =>
    namedShapes(layout).map(({ name, shape }) => ({ name, shape: [...shape] }));
  if (variables[STUDENT_PARAMETERS] !== undefined) layouts['student'] = plain(studentLayout(config.model));
  if (variables['teacher.parameters'] !== undefined) layouts['teacher'] = plain(teacherLayout(config.model));
  return layouts;
}

/** @throws AppError checkpoint/incompatible */
function assertCompatible(
  { file, header }: ReadCheckpoint,
  config: RunConfig,
  models: readonly ('student' | 'teacher')[],
): void {
  for (const model of models) {
    const found = header.layouts[model];
    if (found === undefined) {
      throw new AppError(
        'checkpoint/incompatible',
        `${file} holds no ${model}: it is of a run with the objective ${header.config.objective}. Take a checkpoint of a run that has one.`,
        { file, model },
      );
    }
    const expected = model === 'student' ? studentLayout(config.model) : teacherLayout(config.model);
    assertSameParameters(file, found, namedShapes(expected));
  }
  for (const field of MEANING) {
    const [expected, got] = [config.model[field], header.config.model[field]];
    if (expected === got) continue;
    throw new AppError(
      'checkpoint/incompatible',
      `${file} was trained with model.${field} ${String(got)}, expected ${String(expected)}. Set model.${field}=${String(got)}, or take another checkpoint.`,
      { file, field: `model.${field}`, expected, got },
    );
  }
}

/** The values of every variable of a program; accumulators that the file lacks are zero. */
function variablesFor(
  read: ReadCheckpoint,
  specs: readonly { readonly name: string; readonly shape: readonly number[]; readonly dtype: string }[],
): Record<string, TensorData> {
  return Object.fromEntries(
    specs.map(({ name, shape, dtype }) => {
      const size = shape.reduce((product, dim) => product * dim, 1);
      const found = read.variables[name];
      if (found === undefined && name.endsWith(ACCUMULATOR)) return [name, new Float32Array(size)];
      if (found === undefined) {
        throw new AppError(
          'checkpoint/incompatible',
          `${read.file} lacks ${name}, which this run needs; it holds ${Object.keys(read.variables).join(', ')}. Resume with the objective and settings of its own run.`,
          { file: read.file, expected: name },
        );
      }
      const type = found instanceof Float32Array ? 'float32' : 'int32';
      if (found.length !== size || type !== dtype) {
        throw new AppError(
          'checkpoint/incompatible',
          `${read.file}: ${name} should be ${dtype} with ${size} values, got ${type} with ${found.length}.`,
          { file: read.file, variable: name, expected: size, got: found.length },
        );
      }
      return [name, found];
    }),
  );
}

/** Folders that this process has freed of what interrupted writings left. */
const cleaned = new Set<string>();

/** Checkpoints on disk, as the trainer uses them. */
export const checkpointFiles: CheckpointFiles = {
  async save({ kind, variables, state, scores }, { runId, config, directory }) {
    if (!cleaned.has(directory)) await cleanCheckpoints(directory);
    cleaned.add(directory);
    const { examplesPerStep } = runLength(config);
    return writeCheckpoint(
      directory,
      {
        runId,
        kind,
        config,
        step: state.step,
        microStep: state.step * config.training.accumulation,
        examplesSeen: state.step * examplesPerStep,
        executor: state.executor,
        device: state.device,
        scores: encodeScores(scores),
        state,
        layouts: layoutsOf(config, variables),
      },
      variables,
    );
  },

  async loadAll(file, config, objective) {
    const read = await readCheckpoint(file);
    if (read.header.config.objective !== config.objective) {
      throw new AppError(
        'checkpoint/incompatible',
        `${read.file} is of a run with the objective ${read.header.config.objective}, expected ${config.objective}.`,
        { file: read.file, expected: config.objective, got: read.header.config.objective },
      );
    }
    const specs = objective.program.variables;
    const models = (['student', 'teacher'] as const).filter((model) =>
      specs.some(({ name }) => name === `${model}.parameters`),
    );
    assertCompatible(read, config, models);
    return { variables: variablesFor(read, specs), state: parseTrainState(read.header.state, read.file) };
  },

  async loadStudent(file, config) {
    const read = await readCheckpoint(file);
    assertCompatible(read, config, ['student']);
    const { size } = studentLayout(config.model);
    const parameters = read.variables[STUDENT_PARAMETERS];
    if (parameters?.length !== size) {
      throw invalidCheckpoint(
        read.file,
        `${STUDENT_PARAMETERS} should have ${size} values, got ${parameters?.length ?? 'none'}`,
      );
    }
    return parameters;
  },
};
