import type { ProgramFunction } from '../../graph/program.ts';
import { isOp } from '../../graph/types.ts';
import { ARITHMETIC_ALONE, NO_OPTIMIZER, USUAL_OPTIMIZER } from './body-optimizer.ts';
import { borderFunction, callingBranch, FED, WORDS, type Execution } from './border.ts';
import { emitCall, type Border, type Called, type Passed } from './call-body.ts';
import { XLA_CALL, XLA_FUNCTION, type CompiledLibrary } from './compiled-library.ts';
import { mayShareFedMemory } from './emit-body.ts';
import { neededNodes } from '../../graph/needed-nodes.ts';
import { functionOutputName, NodeList, renderFunctionNodes, type Ref } from './node-list.ts';
import { packValues } from './packed-values.ts';
import type { Tuning } from './processor.ts';
import type { ArgDef, TfType } from './tensorflow-messages.ts';
import { emitAssign, emitRead, type VariableHandle } from './variable-branches.ts';

/**
 * How a call is executed. `inline`: each op as soon as it can, after TensorFlow's usual optimizer. `function`: one op after the
 * other by one thread, with little cost per node. `xla`: one function compiled to machine code. `clusters`: as `function`,
 * with what surrounds the matrix products compiled.
 */
export type BodyMode = 'inline' | 'function' | 'xla' | 'clusters';

const EXECUTION: Readonly<Record<BodyMode, Execution>> = {
  inline: { optimizer: USUAL_OPTIMIZER, isSingleThreaded: false },
  function: { optimizer: ARITHMETIC_ALONE, isSingleThreaded: true },
  clusters: { optimizer: ARITHMETIC_ALONE, isSingleThreaded: true },
  xla: { optimizer: NO_OPTIMIZER, isSingleThreaded: true },
};

/**
 * Writes one function of a program into `library`, with the branch that calls it.
 * @param key name of the branch; letters and digits, unique among the program's functions
 * @param variableIn writes the handle of a variable
 */
export function exportFunction(
  library: CompiledLibrary,
  key: string,
  definition: ProgramFunction,
  variableIn: (list: NodeList, name: string) => VariableHandle,
  mode: BodyMode,
  tuning: Tuning,
): Border {
  const list = new NodeList('n');
  const needed = neededNodes([...Object.values(definition.fetches), ...Object.values(definition.updates)]);
  const border = {
    feeds: packValues(needed.flatMap((node) => (isOp(node, 'input') ? [node.attributes] : []))),
    fetches: packValues(Object.entries(definition.fetches).map(([name, { shape, dtype }]) => ({ name, shape, dtype }))),
  };
  const read = needed.flatMap((node) => (isOp(node, 'variable') ? [node.attributes.name] : []));
  const names = new Set([...read, ...Object.keys(definition.updates)]);
  const handles = new Map([...names].map((name) => [name, variableIn(list, name)]));
  const handle = (name: string): VariableHandle => {
    const known = handles.get(name);
    if (known === undefined) throw new Error(`no handle of variable "${name}"`);
    return known;
  };
  const variables = new Map(
    read.map((name): [string, Passed] => [name, { ref: emitRead(list, handle(name)), type: handle(name).type }]),
  );
  const { fetched, updates } =
    mode === 'xla'
      ? emitCompiledCall(list, library, `${key}_compiled`, definition, border, variables, tuning)
      : emitCall(list, definition, border, FED, variables, {
          library: mode === 'clusters' ? library : undefined,
          tuning,
        });

  // Every read comes before every assignment: a call sees the values from before its updates.
  const reads = [...variables.values()].map(({ ref }) => ref);
  const assignments = Object.entries(definition.updates).map(([name, node], i) => {
    const value = updates[i];
    if (value === undefined) throw new Error('one value per update');
    const own = mayShareFedMemory(node) ? list.add('DeepCopy', [value.ref], { T: { type: value.type } }) : value.ref;
    return emitAssign(list, handle(name), own, reads);
  });
  const done = list.add('Identity', [fetched], { T: { type: WORDS } }, { after: assignments });
  library.definitions.push(borderFunction(`${key}_body`, list, done));
  library.definitions.push(callingBranch(key, `${key}_body`, EXECUTION[mode]));
  return border;
}

/** Calls what lies between the variables' reads and their assignments as one compiled function. */
function emitCompiledCall(
  list: NodeList,
  library: CompiledLibrary,
  name: string,
  definition: ProgramFunction,
  border: Border,
  variables: ReadonlyMap<string, Passed>,
  tuning: Tuning,
): Called {
  const args: ArgDef[] = [];
  const passed: Ref[] = [];
  const pass = (ref: Ref, type: TfType): Ref => {
    const argument = `a${args.length}`;
    args.push({ name: argument, type });
    passed.push(ref);
    return { node: argument, output: 0, result: '', argument: true };
  };
  const vector = pass(FED, WORDS);
  const values = new Map([...variables].map(([from, { ref, type }]) => [from, { ref: pass(ref, type), type }]));

  const body = new NodeList('n');
  const { fetched, updates } = emitCall(body, definition, border, vector, values, { compiled: true, tuning });
  const results = [{ ref: fetched, type: WORDS }, ...updates];
  library.definitions.push({
    name,
    args,
    results: results.map(({ ref, type }, i) => ({ name: `r${i}`, type, from: functionOutputName(ref) })),
    nodes: renderFunctionNodes(body.nodes),
    attributes: XLA_FUNCTION,
  });
  const attributes = {
    Tin: { types: args.map((arg) => arg.type) },
    Tout: { types: results.map(({ type }) => type) },
    f: { func: name },
    ...XLA_CALL,
  };
  const refs = list.addList('PartitionedCall', passed, attributes, results.length);
  const of = (i: number): Ref => refs[i] as Ref;
  return { fetched: of(0), updates: updates.map(({ type }, i) => ({ type, ref: of(i + 1) })) };
}
