import type { IdMatrix, MetaMicroBatch, MicroBatch } from '../../src-main/engine/data/micro-batch.ts';
import type { Executor, Session, TensorData } from '../../src-main/engine/executors/executor.ts';
import type { Objective } from '../../src-main/engine/objectives/objective.ts';
import type { RunData, TrainParts, Variables } from '../../src-main/engine/train/train-parts.ts';
import type { TrainState } from '../../src-main/engine/train/train-state.ts';

/**
 * A training whose every number can be worked out by hand: one weight w; a call on micro-batch i adds x(i) = i + 1 to
 * it and reports loss = 1000 - w. Nothing of it depends on a clock.
 */
export interface FakeTraining {
  readonly parts: TrainParts;
  readonly files: Map<string, { variables: Variables; state: TrainState }>;
  readonly disposed: string[];
  /** Called before every step's session call. */
  onCall: (index: number) => void;
  /** The loss a call reports instead, by micro-batch index. */
  lossAt: (index: number, loss: number) => number;
  validationScore: (weight: number) => Record<string, number>;
}

function matrix(value: number): IdMatrix {
  return { ids: Int32Array.of(value), rows: 1, length: 1 };
}

export function fakeTraining(options: { microBatchesPerCall?: number } = {}): FakeTraining {
  const fake: FakeTraining = {
    parts: undefined as never,
    files: new Map(),
    disposed: [],
    onCall: () => undefined,
    lossAt: (_index, loss) => loss,
    validationScore: (weight) => ({ loss: 1000 - weight, accuracy: weight }),
  };
  const perCall = options.microBatchesPerCall ?? 1;
  const objective: Objective = {
    program: {
      name: 'fake',
      variables: [{ name: 'student.parameters', shape: [1], dtype: 'float32' }],
      functions: {},
    },
    microBatchesPerCall: perCall,
    initialState: (seed) => ({ 'student.parameters': Float32Array.of(seed) }),
    trainingCall: (batches, firstIndex, logFeedback) => ({
      functionName: logFeedback === true ? 'train+h' : 'train',
      feeds: { x: Int32Array.from(batches.map(ids)), index: Int32Array.of(firstIndex) },
    }),
    stepMetrics: (call, fetched, firstIndex) => ({
      'student.loss': fake.lossAt(firstIndex, 1000 - (fetched['w']?.[0] ?? NaN)),
      // A second model that is well whatever becomes of the first.
      'teacher.loss': 1,
      'student.learningRate': 1 / (firstIndex + 1),
      ...(call.functionName === 'train+h' ? { 'feedback.h': 0.5 } : {}),
    }),
    writingCall: (_xU, part) => ({ functionName: 'write', feeds: { part: Int32Array.of(part) } }),
    written: () => ({ xHat: matrix(7), yHat: matrix(8), entropyX: 0.5, entropyY: 0.25 }),
    evaluationCall: () => ({ functionName: 'evaluate', feeds: {} }),
    evaluation: (fetched) => ({
      lossSum: Float64Array.of(fetched['w']?.[0] ?? NaN),
      targetCount: Int32Array.of(1),
      correctCount: Int32Array.of(1),
      labelScores: new Float32Array(0),
    }),
  };

  const openSession = (): Session => {
    const variables = new Map<string, TensorData>();
    const weight = (): number => variables.get('student.parameters')?.[0] ?? NaN;
    return {
      async run(name, feeds) {
        if (name.startsWith('train')) {
          fake.onCall(feeds['index']?.[0] ?? NaN);
          const sum = [...(feeds['x'] ?? [])].reduce((a, b) => a + b, 0);
          variables.set('student.parameters', Float32Array.of(weight() + sum));
        }
        return { w: Float32Array.of(weight()) };
      },
      read: async (name) => Float32Array.from(variables.get(name) ?? []),
      write: async (name, data) => void variables.set(name, data),
      readAll: async () => Object.fromEntries([...variables].map(([name, data]) => [name, Float32Array.from(data)])),
      writeAll: async (values) => {
        for (const [name, data] of Object.entries(values)) variables.set(name, data);
      },
      dispose: () => void fake.disposed.push('session'),
    };
  };
  const executor: Executor = {
    info: { name: 'cpu', device: 'a fake', versions: {} },
    compile: async () => openSession(),
    dispose: () => void fake.disposed.push('executor'),
  };
  const data: RunData = {
    openSource: () => ({
      microBatch: (index) => metaBatch(index + 1),
      dispose: async () => void fake.disposed.push('source'),
    }),
    evaluationSplits: ['validation', 'test'],
    async evaluateSplit(split, score) {
      const weight = (await score(matrix(0), matrix(0))).lossSum?.[0] ?? NaN;
      return { scores: split === 'test' ? { accuracy: weight } : fake.validationScore(weight) };
    },
    probe: [
      { xU: matrix(5), textIndexes: [50] },
      { xU: matrix(6), textIndexes: [60] },
    ],
    describeTeacherExamples: ({ xU, textIndexes: [textIndex = 0] }, written) => [
      { textIndex, xU: [String(xU.ids[0])], xHat: [String(written.xHat.ids[0])], yHat: [String(written.yHat.ids[0])] },
    ],
  };
  const parts: TrainParts = {
    prepareData: async () => data,
    buildObjective: () => objective,
    openExecutor: async () => ({ executor, reason: 'it is a test' }),
    checkpoints: {
      async save({ kind, variables, state }) {
        // Through JSON, as the real files do, so that what JSON can't hold is found here.
        fake.files.set(kind, { variables, state: JSON.parse(JSON.stringify(state)) as TrainState });
        return { file: kind, bytes: 4, sha256: 'x' };
      },
      async loadAll(file) {
        const found = fake.files.get(file);
        if (found === undefined) throw new Error(`no ${file}`);
        return structuredClone(found);
      },
      async loadStudent(file) {
        return fake.files.get(file)?.variables['student.parameters'] ?? new Float32Array(1);
      },
    },
  };
  return Object.assign(fake, { parts });
}

function metaBatch(value: number): MetaMicroBatch {
  const [x, none] = [matrix(value), matrix(0)];
  return { kind: 'meta', xU: x, xM: none, yM: none, xS: none, yS: none, xQ: none, yQ: none };
}

function ids(batch: MicroBatch): number {
  return batch.kind === 'meta' ? (batch.xU.ids[0] ?? NaN) : NaN;
}
