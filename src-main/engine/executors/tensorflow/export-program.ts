import type { Program } from '../../graph/program.ts';
import { shapeSize } from '../../graph/infer-shape.ts';
import { borderFunctions, borderGraph, FIRST_BRANCH } from './border.ts';
import type { Border } from './call-body.ts';
import { CompiledLibrary } from './compiled-library.ts';
import { exportFunction, type BodyMode } from './export-function.ts';
import { borderType } from './packed-values.ts';
import { NO_TUNING, type Tuning } from './processor.ts';
import { encodeSavedModel } from './tensorflow-messages.ts';
import { emitVariable, variableBranches } from './variable-branches.ts';

/** How to reach one variable from outside. */
export interface ExportedVariable {
  readonly name: string;
  readonly type: 'float32' | 'int32';
  readonly length: number;
  /** Number of the branch that gives its words. */
  readonly readBranch: number;
  /** Number of the branch that takes all of its words. */
  readonly writeBranch: number;
}

/** How to call an exported function. */
export interface ExportedFunction extends Border {
  readonly branch: number;
}

export interface ExportedProgram {
  /** Contents of `saved_model.pb`. */
  readonly savedModel: Uint8Array;
  readonly functions: ReadonlyMap<string, ExportedFunction>;
  readonly variables: ReadonlyMap<string, ExportedVariable>;
}

/** Writes a program as a SavedModel: all functions over the same variables, which have no values until they are written. */
export function exportProgram(
  program: Program,
  modeOf: (functionName: string) => BodyMode,
  tuning: Tuning = NO_TUNING,
  isGpu = false,
): ExportedProgram {
  const library = new CompiledLibrary();
  const branches: string[] = [];
  const addBranch = (name: string): number => FIRST_BRANCH + branches.push(name) - 1;

  const variables = new Map<string, ExportedVariable>();
  const keys = new Map(program.variables.map((variable, i) => [variable.name, { variable, key: `v${i}` }]));
  for (const [name, { variable, key }] of keys) {
    const { read, write } = variableBranches(variable, key);
    library.definitions.push(read, write);
    variables.set(name, {
      name,
      type: borderType(variable.dtype),
      length: shapeSize(variable.shape),
      readBranch: addBranch(read.name),
      writeBranch: addBranch(write.name),
    });
  }

  const functions = new Map<string, ExportedFunction>();
  for (const [i, [name, definition]] of Object.entries(program.functions).entries()) {
    const key = `f${i}`;
    const border = exportFunction(
      library,
      key,
      definition,
      (list, wanted) => {
        const found = keys.get(wanted);
        if (found === undefined) throw new Error(`variable "${wanted}" is not among the program's variables`);
        return emitVariable(list, found.key, found.variable);
      },
      modeOf(name),
      tuning,
    );
    functions.set(name, { branch: addBranch(key), ...border });
  }
  library.definitions.push(...borderFunctions(branches));
  return { savedModel: encodeSavedModel(borderGraph(isGpu), library.definitions), functions, variables };
}
