import type { Program } from '../../graph/program.ts';
import { shapeSize } from '../../graph/infer-shape.ts';
import { CompiledLibrary } from './compiled-library.ts';
import { exportFunction, type BodyMode, type ExportedFunction, type VariableHandle } from './export-function.ts';
import { graphOutputName, NodeList, renderGraphNodes } from './node-list.ts';
import { borderType } from './packed-values.ts';
import { NO_TUNING, type Tuning } from './processor.ts';
import { encodeSavedModel, TF_TYPE, tfTypeOf } from './tensorflow-messages.ts';

/** How to reach one variable from outside. */
export interface ExportedVariable {
  readonly name: string;
  readonly type: 'float32' | 'int32';
  readonly length: number;
  readonly readName: string;
  /** Fed with the whole value as a vector. */
  readonly writeInputName: string;
  readonly writeOutputName: string;
}

export interface ExportedProgram {
  /** Contents of `saved_model.pb`. */
  readonly savedModel: Uint8Array;
  readonly functions: ReadonlyMap<string, ExportedFunction>;
  readonly variables: ReadonlyMap<string, ExportedVariable>;
  /** Sets every variable to zeros. */
  readonly initialiseName: string;
  /** Nodes written, by function name; bodies included. */
  readonly nodeCount: number;
}

/** Writes a program as a SavedModel: all functions over the same variables, which start as zeros. */
export function exportProgram(
  program: Program,
  modeOf: (functionName: string) => BodyMode,
  tuning: Tuning = NO_TUNING,
): ExportedProgram {
  const list = new NodeList('g');
  const library = new CompiledLibrary();
  const handles = new Map<string, VariableHandle>();
  const variables = new Map<string, ExportedVariable>();
  const initialisations = [];

  for (const [i, { name, shape, dtype }] of program.variables.entries()) {
    const type = tfTypeOf(dtype);
    const handle = list.add('VarHandleOp', [], {
      dtype: { type },
      shape: { shape },
      shared_name: { text: `v${i}` },
      container: { text: '' },
    });
    handles.set(name, { ref: handle, type });
    const dtypeAttribute = { dtype: { type } };
    const assign = { ...dtypeAttribute, validate_shape: { bool: false } };
    const read = list.add('ReadVariableOp', [handle], dtypeAttribute);

    const length = shapeSize(shape);
    const fed = list.add('Placeholder', [], { ...dtypeAttribute, shape: { shape: [length] } }, { name: `w${i}` });
    const shaped = list.add('Reshape', [fed, list.int32(shape)], { T: { type }, Tshape: { type: TF_TYPE.int32 } });
    // The fed memory belongs to JavaScript, and only its thread may let go of it.
    const own = list.add('DeepCopy', [shaped], { T: { type } });
    const written = list.add('AssignVariableOp', [handle, own], assign);
    const done = list.add('Identity', [list.int32(0)], { T: { type: TF_TYPE.int32 } }, { after: [written] });

    const zero = list.constant({ type: dtype, shape: [], values: [0] });
    const zeros = list.add('Fill', [list.int32(shape), zero], { T: { type }, index_type: { type: TF_TYPE.int32 } });
    initialisations.push(list.add('AssignVariableOp', [handle, zeros], assign));

    variables.set(name, {
      name,
      type: borderType(dtype),
      length,
      readName: graphOutputName(read),
      writeInputName: graphOutputName(fed),
      writeOutputName: graphOutputName(done),
    });
  }
  const initialised = list.add('Identity', [list.int32(0)], { T: { type: TF_TYPE.int32 } }, { after: initialisations });

  const functions = new Map<string, ExportedFunction>();
  for (const [i, [name, definition]] of Object.entries(program.functions).entries()) {
    functions.set(name, exportFunction(list, library, `f${i}`, definition, handles, modeOf(name), tuning));
  }
  return {
    savedModel: encodeSavedModel(renderGraphNodes(list.nodes), library.definitions),
    functions,
    variables,
    initialiseName: graphOutputName(initialised),
    nodeCount:
      list.nodes.length + library.definitions.reduce((count, definition) => count + definition.nodes.length, 0),
  };
}
