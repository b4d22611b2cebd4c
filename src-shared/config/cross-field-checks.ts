import { problem, type ConfigProblem } from './config-problem.ts';
import { SPECIAL_TOKENS_OF_A_PAIR, SPECIAL_TOKENS_OF_ONE_TEXT, TWO_MOONS_VOCABULARY } from './data-fields.ts';
import type { RunConfig } from './run-config.ts';
import { selectedTasks } from './superglue-tasks.ts';
import { unlabeledLength } from './unlabeled-length.ts';

type Check = (config: RunConfig) => ConfigProblem | undefined;

/** What must hold between fields that are each within their own range. */
const CHECKS: readonly Check[] = [
  function headsDivideModelDim({ model }) {
    if (model.modelDim % model.heads === 0) return undefined;
    return problem('model.heads', `a divisor of model.modelDim (${model.modelDim})`, model.heads);
  },
  function textFitsPositions(config) {
    const length = unlabeledLength(config);
    if (length <= config.model.maxPositions) return undefined;
    const field = config.data.kind === 'two-moons' ? 'data.pointsPerText' : 'data.length';
    return problem(
      'model.maxPositions',
      `at least ${length}, the tokens of one text with this ${field}`,
      config.model.maxPositions,
    );
  },
  function vocabularyHoldsTokens({ data, model }) {
    if (data.kind !== 'two-moons' || model.vocabularySize >= TWO_MOONS_VOCABULARY) return undefined;
    return problem(
      'model.vocabularySize',
      `at least ${TWO_MOONS_VOCABULARY}, the entries of the Two Moons tokenizer`,
      model.vocabularySize,
    );
  },
  function strideBelowRoom({ data, model }) {
    if (data.kind === 'random-text') return undefined;
    const room =
      data.kind === 'text'
        ? Math.floor((model.maxPositions - SPECIAL_TOKENS_OF_A_PAIR) / 2)
        : model.maxPositions - SPECIAL_TOKENS_OF_ONE_TEXT;
    if (data.windowStride < room) return undefined;
    return problem(
      'data.windowStride',
      `less than ${room}, the room for text that model.maxPositions leaves`,
      data.windowStride,
      'neighbouring windows would never move on',
    );
  },
  function fineTuningNamesOneTask({ objective, data }) {
    if (objective !== 'finetune' || data.kind !== 'text' || selectedTasks(data.tasks)?.length === 1) return undefined;
    return problem('data.tasks', 'one task for fine-tuning, e.g. RTE', data.tasks);
  },
  function labelsNeedSuperGlue({ objective, data }) {
    if (data.kind !== 'text' || data.superglue !== '' || objective === 'mlm') return undefined;
    return problem('data.superglue', `a SuperGLUE set for the objective ${objective}`, data.superglue);
  },
  function feedbackNeedsSuperGlue({ objective, data, training }) {
    if (data.kind !== 'text' || data.superglue !== '' || objective !== 'mlm' || training.feedbackEveryExamples === 0) {
      return undefined;
    }
    return problem(
      'training.feedbackEveryExamples',
      '0 without data.superglue',
      training.feedbackEveryExamples,
      'the feedback h is measured on labeled examples',
    );
  },
  function pretrainingNeedsCorpus({ objective, data }) {
    if (data.kind !== 'text' || data.corpus !== '' || objective === 'finetune') return undefined;
    return problem('data.corpus', `a corpus for the objective ${objective}`, data.corpus);
  },
  function denoisingNeedsTeacher({ objective, meta }) {
    if (!meta.denoising || objective === 'hard' || objective === 'soft') return undefined;
    return problem('meta.denoising', `false for the objective ${objective}`, true, 'only hard and soft have a teacher');
  },
  function mlmAsTaskNeedsTasks({ objective, meta }) {
    if (!meta.mlmAsTask || objective !== 'finetune') return undefined;
    return problem('meta.mlmAsTask', 'false for fine-tuning', true, 'fine-tuning trains on one labeled task');
  },
  function atLeastOneStep({ training }) {
    const total = training.epochs * training.epochSize;
    const perStep = training.batchSize * training.accumulation;
    if (total >= perStep) return undefined;
    return problem(
      'training.epochs',
      `at least ${Math.ceil(perStep / training.epochSize)}, so that there is one step of batchSize x accumulation (${perStep}) examples`,
      training.epochs,
    );
  },
  function totalIsExact({ training }) {
    if (Number.isSafeInteger(training.epochs * training.epochSize)) return undefined;
    return problem('training.epochs', 'epochs x epochSize below 2^53', training.epochs);
  },
  function decayToZeroNeedsDecay({ optimizer, training }) {
    if (optimizer.decayForever) return undefined;
    const steps = Math.floor((training.epochs * training.epochSize) / (training.batchSize * training.accumulation));
    if (optimizer.decayPower >= 0 || steps <= 1) {
      return problem(
        'optimizer.decayForever',
        'true, or a decayPower below 0 and more than one step',
        false,
        'otherwise there is no decay that could be rescaled to end at 0',
      );
    }
    if (optimizer.warmupSteps < steps) return undefined;
    // The formula, which is the reference's, would go below 0: training would climb the loss.
    return problem(
      'optimizer.warmupSteps',
      `fewer than the run's ${steps} optimizer steps where decayForever is false`,
      optimizer.warmupSteps,
      'the learning rate ends at 0 before warming up has',
    );
  },
  function bfloat16NeedsTensorFlow({ engine }) {
    if (engine.matmulPrecision === 'float32' || engine.executor === 'tensorflow' || engine.executor === 'auto') {
      return undefined;
    }
    return problem(
      'engine.matmulPrecision',
      `float32 with the executor ${engine.executor}`,
      engine.matmulPrecision,
      'bfloat16 products need tensorflow',
    );
  },
];

/** Every disagreement between fields, in the order of the checks; empty where all is well. */
export function crossFieldProblems(config: RunConfig): ConfigProblem[] {
  return CHECKS.flatMap((check) => check(config) ?? []);
}
