import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { Graph } from '../graph/graph.ts';
import type { Program } from '../graph/program.ts';
import { studentEvaluation } from './evaluation-function.ts';
import { modelState, stateVariables } from './model-state.ts';
import type { Objective } from './objective.ts';
import type { ObjectiveOptions } from './options.ts';

/** A fine-tuned student without its training: nothing else is compiled, and no moments take memory. */
export type Prediction = Pick<Objective, 'evaluationCall' | 'evaluation'> & { readonly program: Program };

export function buildPrediction(config: RunConfig, options: ObjectiveOptions): Prediction {
  const graph = new Graph();
  const student = modelState(graph, 'student', config.model, false);
  const { functions, ...evaluation } = studentEvaluation(graph, student, config, options);
  const variables = stateVariables(student).filter(({ name }) => name === 'student.parameters');
  return { program: { name: 'predict', variables, functions }, ...evaluation };
}
