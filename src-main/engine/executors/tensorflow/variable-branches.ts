import { shapeSize } from '../../graph/infer-shape.ts';
import type { VariableSpec } from '../../graph/program.ts';
import { borderFunction, FED, WORDS } from './border.ts';
import { emitBitcast, emitReshape } from './emit-context.ts';
import { NodeList, type Ref } from './node-list.ts';
import { tfTypeOf, type FunctionDef, type TfType } from './tensorflow-messages.ts';

/** A variable inside one function. */
export interface VariableHandle {
  readonly ref: Ref;
  readonly type: TfType;
}

/** Writes the handle of a variable; the session keeps one variable for each `key`. */
export function emitVariable(list: NodeList, key: string, { shape, dtype }: VariableSpec): VariableHandle {
  const type = tfTypeOf(dtype);
  const ref = list.add('VarHandleOp', [], {
    dtype: { type },
    shape: { shape },
    shared_name: { text: key },
    container: { text: '' },
  });
  return { ref, type };
}

export function emitAssign(list: NodeList, { ref, type }: VariableHandle, value: Ref, after: readonly Ref[] = []): Ref {
  return list.add('AssignVariableOp', [ref, value], { dtype: { type }, validate_shape: { bool: false } }, { after });
}

export const emitRead = (list: NodeList, { ref, type }: VariableHandle): Ref =>
  list.add('ReadVariableOp', [ref], { dtype: { type } });

/** Two branches: one gives the variable's words, the other takes all of them. */
export function variableBranches(variable: VariableSpec, key: string): { read: FunctionDef; write: FunctionDef } {
  const { shape } = variable;
  const reading = new NodeList('r');
  const from = emitVariable(reading, key, variable);
  const flat = emitReshape({ list: reading }, emitRead(reading, from), [shapeSize(shape)], from.type);
  const read = borderFunction(`read_${key}`, reading, emitBitcast({ list: reading }, flat, from.type, WORDS));

  const writing = new NodeList('w');
  const to = emitVariable(writing, key, variable);
  const shaped = emitReshape({ list: writing }, emitBitcast({ list: writing }, FED, WORDS, to.type), shape, to.type);
  // The fed memory belongs to JavaScript, and only its thread may let go of it.
  const own = writing.add('DeepCopy', [shaped], { T: { type: to.type } });
  const written = emitAssign(writing, to, own);
  const done = writing.add('Identity', [writing.float32(0, [1])], { T: { type: WORDS } }, { after: [written] });
  const write = borderFunction(`write_${key}`, writing, done);
  return { read, write };
}
