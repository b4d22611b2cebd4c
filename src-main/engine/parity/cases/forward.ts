import type { RunConfig } from '../../../../src-shared/config/run-config.ts';
import type { CompileOptions, Executor, TensorData } from '../../executors/executor.ts';
import { gradients } from '../../graph/differentiate.ts';
import { Graph } from '../../graph/graph.ts';
import { add, argMax, cast, div, equal, logSoftmax, mul, reshape, slice, sum } from '../../graph/ops.ts';
import type { GraphNode } from '../../graph/types.ts';
import { linearCrossEntropy } from '../../loss/linear-cross-entropy.ts';
import { softLinearCrossEntropy } from '../../loss/soft-linear-cross-entropy.ts';
import type { TokenInput } from '../../model/embedding.ts';
import { headHidden, headLogits, headOutput, type HeadName } from '../../model/lm-head.ts';
import type { ModelContext } from '../../model/model-context.ts';
import { studentLayout, teacherLayout, type ParameterLayout } from '../../model/parameter-layout.ts';
import { flatGradient, parametersOf } from '../../model/parameters.ts';
import { encodeProbabilities, encodeTokens } from '../../model/transformer.ts';
import { HEAD_SHARE } from '../../objectives/teacher-inputs.ts';
import { compare, TOLERANCES, type Comparison, type Tolerance } from '../comparison.ts';
import { fixtureConfig, recordedNumber } from '../fixture-config.ts';
import type { Fixture } from '../fixture-files.ts';
import type { ParityCase } from './parity-case.ts';

/** One forward and backward pass of a recorded model in a graph of its own. */
class Pass {
  readonly graph = new Graph();
  readonly layout: ParameterLayout;
  readonly context: ModelContext;
  readonly geometry: { batch: number; length: number };
  readonly rows: number;

  constructor(config: RunConfig, layout: ParameterLayout, batch: number, length: number) {
    this.layout = layout;
    this.geometry = { batch, length };
    this.rows = batch * length;
    const flat = this.graph.input('parameters', [layout.size]);
    const parameters = parametersOf(flat, layout);
    this.context = { model: config.model, parameters, precision: 'float32', dropout: undefined };
  }

  ids(name: string): GraphNode {
    return this.graph.input(name, [this.geometry.batch, this.geometry.length], 'int32');
  }

  flatIds(name: string): GraphNode {
    return reshape(this.ids(name), [this.rows]);
  }

  /** Tokens whose padding is a recorded mask: key ids are 0 where it is set. */
  tokens(ids: string, mask: string): TokenInput {
    return { ids: this.ids(ids), mayPad: true, keys: cast(equal(this.ids(mask), 0), 'int32') };
  }

  /** 1 / count where a recorded mask is 0, else 0. */
  meanWeights(mask: string): GraphNode {
    const kept = cast(equal(this.flatIds(mask), 0), 'float32');
    return div(kept, sum(kept));
  }

  loss(encoded: GraphNode, name: HeadName, labels: GraphNode, rowWeights: GraphNode): GraphNode {
    const hidden = headHidden(this.context, encoded, name);
    return linearCrossEntropy({ hidden, ...headOutput(this.context, name), labels, rowWeights, precision: 'float32' })
      .loss;
  }

  logits(encoded: GraphNode, name: HeadName): GraphNode {
    return reshape(headLogits(this.context, encoded, name), [
      this.geometry.batch,
      this.geometry.length,
      this.context.model.vocabularySize,
    ]);
  }

  gradient(loss: GraphNode): GraphNode {
    return flatGradient(gradients(loss, this.context.parameters.parts));
  }

  async evaluate(
    executor: Executor,
    options: CompileOptions,
    fetches: Record<string, GraphNode>,
    feeds: Record<string, TensorData>,
  ): Promise<Record<string, TensorData>> {
    const program = { name: 'forward', variables: [], functions: { forward: { fetches, updates: {} } } };
    const session = await executor.compile(program, options);
    const fetched = await session.run('forward', feeds);
    session.dispose();
    return fetched;
  }
}

interface Setting {
  readonly fixture: Fixture;
  readonly executor: Executor;
  readonly options: CompileOptions;
  readonly config: RunConfig;
}

type Check = (quantity: string, got: TensorData | undefined, expected: ArrayLike<number>, tolerance: Tolerance) => void;

function recordedScalar(fixture: Fixture, name: string): number[] {
  const value = recordedNumber(fixture.json, name);
  return value === undefined ? [] : [value];
}

async function hardStudent({ fixture, executor, options, config }: Setting, check: Check): Promise<void> {
  const { tensors } = fixture;
  const x = tensors.ids('hard.x');
  const pass = new Pass(config, studentLayout(config.model), x.rows, x.length);
  const encoded = encodeTokens(pass.context, pass.tokens('x', 'padding'), pass.geometry);
  const logits = pass.logits(encoded, 'head');
  const loss = pass.loss(encoded, 'head', pass.flatIds('y'), pass.meanWeights('ignored'));
  const { vocabularySize: V } = config.model;
  const row0 = logSoftmax(reshape(slice(logits, [0, 0, 0], [1, x.length, V]), [x.length, V]));
  const got = await pass.evaluate(
    executor,
    options,
    { logits, loss, gradient: pass.gradient(loss), row0, top: argMax(logits, 2) },
    {
      parameters: Float32Array.from(tensors.flat('student.', pass.layout)),
      x: x.ids,
      y: tensors.ids('hard.y').ids,
      padding: tensors.ids('hard.padding_mask').ids,
      ignored: tensors.ids('hard.loss_mask').ids,
    },
  );
  check('logits', got['logits'], tensors.get('hard.logits').values, TOLERANCES.logits);
  check('log probabilities', got['row0'], tensors.get('hard.log_prob_row0').values, TOLERANCES.logits);
  check('arg-max', got['top'], tensors.get('hard.top').values, TOLERANCES.exact);
  check('loss', got['loss'], recordedScalar(fixture, 'hard.loss'), TOLERANCES.scalar);
  check('gradient', got['gradient'], tensors.flat('hard.grad.', pass.layout), TOLERANCES.gradient);
}

async function teacher({ fixture, executor, options, config }: Setting, check: Check): Promise<void> {
  const { tensors } = fixture;
  const x = tensors.ids('teacher_in.x');
  const pass = new Pass(config, teacherLayout(config.model), x.rows, x.length);
  const encoded = encodeTokens(pass.context, pass.tokens('x', 'padding'), pass.geometry);
  const weights = mul(pass.meanWeights('padding'), HEAD_SHARE);
  const loss = add(
    pass.loss(encoded, 'head_x', pass.flatIds('targetX'), weights),
    pass.loss(encoded, 'head_y', pass.flatIds('targetY'), weights),
  );
  const got = await pass.evaluate(
    executor,
    options,
    { x: pass.logits(encoded, 'head_x'), y: pass.logits(encoded, 'head_y'), loss, gradient: pass.gradient(loss) },
    {
      parameters: Float32Array.from(tensors.flat('teacher.', pass.layout)),
      x: x.ids,
      targetX: tensors.ids('teacher_in.target_x').ids,
      targetY: tensors.ids('teacher_in.target_y').ids,
      padding: tensors.ids('teacher_in.padding_mask').ids,
    },
  );
  check('teacher logits x', got['x'], tensors.get('teacher_out.logits_x').values, TOLERANCES.logits);
  check('teacher logits y', got['y'], tensors.get('teacher_out.logits_y').values, TOLERANCES.logits);
  check('teacher loss', got['loss'], recordedScalar(fixture, 'teacher.loss'), TOLERANCES.scalar);
  check('teacher gradient', got['gradient'], tensors.flat('teacher_out.grad.', pass.layout), TOLERANCES.gradient);
}

async function softStudent({ fixture, executor, options, config }: Setting, check: Check): Promise<void> {
  const { tensors } = fixture;
  const [batch = 0, length = 0, V = 0] = tensors.get('soft.x').shape;
  const pass = new Pass(config, studentLayout(config.model), batch, length);
  const x = pass.graph.input('x', [batch * length, V]);
  const y = pass.graph.input('y', [batch * length, V]);
  const padding = pass.tokens('padding', 'padding');
  const encoded = encodeProbabilities(pass.context, x, padding, pass.geometry);
  const kept = cast(equal(pass.flatIds('padding'), 0), 'float32');
  const targetSum = sum(mul(sum(y, 1), kept));
  const { loss } = softLinearCrossEntropy({
    hidden: headHidden(pass.context, encoded, 'head'),
    ...headOutput(pass.context, 'head'),
    targets: y,
    rowWeights: div(kept, targetSum),
    precision: 'float32',
  });
  const ids = pass.flatIds('xU');
  const weights = pass.meanWeights('padding');
  const fromIds = encodeTokens(pass.context, pass.tokens('xU', 'padding'), pass.geometry);
  const [gradX, gradY] = gradients(loss, [x, y]);
  if (gradX === undefined || gradY === undefined) throw new Error('a gradient is missing');
  const got = await pass.evaluate(
    executor,
    options,
    {
      logits: pass.logits(encoded, 'head'),
      loss,
      gradX,
      gradY,
      gradient: pass.gradient(loss),
      intInputLoss: pass.loss(fromIds, 'head', ids, weights),
      intTargetLoss: pass.loss(encoded, 'head', ids, weights),
    },
    {
      parameters: Float32Array.from(tensors.flat('student.', pass.layout)),
      x: Float32Array.from(tensors.get('soft.x').values),
      y: Float32Array.from(tensors.get('soft.y').values),
      xU: tensors.ids('teacher_in.x').ids,
      padding: tensors.ids('soft.padding_mask').ids,
    },
  );
  const { logits, scalar, gradient } = TOLERANCES;
  check('soft logits', got['logits'], tensors.get('soft.logits').values, logits);
  check('soft loss', got['loss'], recordedScalar(fixture, 'soft.loss'), scalar);
  check('soft gradient of x', got['gradX'], tensors.get('soft.grad_x').values, gradient);
  check('soft gradient of y', got['gradY'], tensors.get('soft.grad_y').values, gradient);
  check('soft gradient', got['gradient'], tensors.flat('soft.grad.', pass.layout), gradient);
  const intInput = recordedScalar(fixture, 'soft.int_input_loss_vs_x_u');
  check('loss of ids through the soft model', got['intInputLoss'], intInput, scalar);
  const intTarget = recordedScalar(fixture, 'soft.float_input_int_target_loss');
  check('loss of a soft input against ids', got['intTargetLoss'], intTarget, scalar);
}

/** Logits, losses and gradients of a student, a teacher and a soft student. */
export const forwardCase: ParityCase = async (fixture, executor, options) => {
  const config = fixtureConfig(fixture, 'mlm', 1);
  const setting = { fixture, executor, options, config };
  const where = { case: fixture.caseName, variant: fixture.variant };
  const comparisons: Comparison[] = [];
  const check: Check = (quantity, got, expected, tolerance) => {
    comparisons.push(compare(where, quantity, got ?? [], expected, tolerance));
  };
  await hardStudent(setting, check);
  await teacher(setting, check);
  await softStudent(setting, check);
  return comparisons;
};
