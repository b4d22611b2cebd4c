import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { IdMatrix } from '../data/micro-batch.ts';
import type { TensorData } from '../executors/executor.ts';
import type { Graph } from '../graph/graph.ts';
import {
  argMax,
  cast,
  equal,
  logSoftmax,
  logicalNot,
  mul,
  neg,
  randomUniform,
  reshape,
  select,
  softmax,
  sum,
} from '../graph/ops.ts';
import type { ProgramFunction } from '../graph/program.ts';
import type { GraphNode } from '../graph/types.ts';
import { sampleCategorical } from '../meta/sample-categorical.ts';
import { headLogits } from '../model/lm-head.ts';
import type { ModelContext } from '../model/model-context.ts';
import { parametersOf } from '../model/parameters.ts';
import { encodeTokens } from '../model/transformer.ts';
import { randomKey } from '../random/random-generator.ts';
import type { ModelState } from './model-state.ts';
import type { Call, WrittenExamples } from './objective.ts';
import type { ObjectiveOptions } from './options.ts';
import { joinIds, PAD } from './row-weights.ts';

export const WRITE = 'write';

/** Of the draws for what is shown; apart from every run's own seed. */
const PROBE_SEED = 0;

/** Streams of `randomUniform` for the two heads' samples. */
export const SAMPLE_STREAM = { x: 101, y: 102 };

/** softmax(logits / temperature) of [R, V]. */
export const samplingProbabilities = (logits: GraphNode, temperature: number): GraphNode =>
  softmax(temperature === 1 ? logits : mul(logits, 1 / temperature));

/**
 * What the teacher writes for texts xU [E, S], dropout off: int32 [E*S] per head (`xHat`, `yHat`; padding stays padding)
 * and the entropy of each position's distribution, nats, [E*S] (`entropyX`, `entropyY`; 0 at padding).
 */
export function writingFunction(
  graph: Graph,
  teacher: ModelState,
  config: RunConfig,
  options: ObjectiveOptions,
): ProgramFunction {
  const { evaluationRows: E, unlabeledLength: S } = options.shapes;
  const xU = graph.input('write.xU', [E, S], 'int32');
  const context: ModelContext = {
    model: config.model,
    parameters: parametersOf(teacher.parameters, teacher.layout),
    precision: config.engine.matmulPrecision,
    dropout: undefined,
  };
  const encoded = encodeTokens(context, { ids: xU, mayPad: true }, { batch: E, length: S });
  const ids = reshape(xU, [E * S]);
  const isPadding = equal(ids, PAD);
  const isToken = cast(logicalNot(isPadding), 'float32');
  const write = (name: 'head_x' | 'head_y', stream: number): { tokens: GraphNode; entropy: GraphNode } => {
    const logits = headLogits(context, encoded, name); // [E*S, V]
    const tokens =
      config.objective === 'hard'
        ? sampleCategorical(
            samplingProbabilities(logits, config.meta.samplingTemperature),
            randomUniform(graph.input('write.key', [2], 'int32'), [E * S], stream),
          )
        : argMax(logits, 1);
    const entropy = neg(sum(mul(softmax(logits), logSoftmax(logits)), 1));
    return { tokens: select(isPadding, ids, tokens), entropy: mul(entropy, isToken) };
  };
  const x = write('head_x', SAMPLE_STREAM.x);
  const y = write('head_y', SAMPLE_STREAM.y);
  const yHat = config.meta.denoising ? { yHat: ids } : { yHat: y.tokens, entropyY: y.entropy };
  return { updates: {}, fetches: { xHat: x.tokens, entropyX: x.entropy, ...yHat } };
}

/**
 * The call that writes for part `part` of the probe texts. A hard teacher samples with the same uniform numbers at every
 * step and in every run: a written token then changes only where the teacher's distribution has moved past its number, so
 * what differs between two steps, or two runs, is the teacher and not the dice.
 */
export function writingCall(xU: IdMatrix, part: number, config: RunConfig, options: ObjectiveOptions): Call {
  const ids = new Int32Array(options.shapes.evaluationRows * options.shapes.unlabeledLength);
  ids.set(joinIds([xU], xU.rows, options.shapes.unlabeledLength, 'texts for the teacher'));
  const key = config.objective === 'hard' && { 'write.key': randomKey(PROBE_SEED, 'teacherProbe', part) };
  return { functionName: WRITE, feeds: { 'write.xU': ids, ...key } };
}

export function readWriting(fetched: Readonly<Record<string, TensorData>>, xU: IdMatrix): WrittenExamples {
  const size = xU.rows * xU.length;
  let tokens = 0;
  for (const id of xU.ids) if (id !== PAD) tokens++;
  const matrix = (name: string): IdMatrix => ({ ...xU, ids: Int32Array.from(fetched[name]?.subarray(0, size) ?? []) });
  const entropy = (name: string): number => {
    const values = fetched[name];
    if (values === undefined) return 0;
    let total = 0;
    for (let i = 0; i < size; i++) total += values[i] ?? 0;
    return tokens === 0 ? 0 : total / tokens;
  };
  return { xHat: matrix('xHat'), yHat: matrix('yHat'), entropyX: entropy('entropyX'), entropyY: entropy('entropyY') };
}
