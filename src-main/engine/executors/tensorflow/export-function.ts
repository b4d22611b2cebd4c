import type { ProgramFunction } from '../../graph/program.ts';
import { isOp } from '../../graph/types.ts';
import { ARITHMETIC_ALONE } from './body-optimizer.ts';
import { emitCall, type Passed } from './call-body.ts';
import { XLA_CALL, XLA_FUNCTION, type CompiledLibrary } from './compiled-library.ts';
import { mayShareFedMemory } from './emit-body.ts';
import { neededNodes } from './needed-nodes.ts';
import { functionOutputName, graphOutputName, NodeList, renderFunctionNodes, type Ref } from './node-list.ts';
import { packValues, type Packing } from './packed-values.ts';
import type { Tuning } from './processor.ts';
import { TF_TYPE, type ArgDef, type Attributes, type TfType } from './tensorflow-messages.ts';

/**
 * How a call is executed. `inline`: its nodes are the session's own. `function`: they are a function's, run by one
 * thread with little cost per node. `xla`: one function compiled to machine code. `clusters`: as `function`, with
 * what surrounds the matrix products compiled.
 */
export type BodyMode = 'inline' | 'function' | 'xla' | 'clusters';

/** How to call an exported function. */
export interface ExportedFunction {
  readonly feeds: readonly Packing[];
  readonly inputNames: string;
  readonly fetches: readonly Packing[];
  readonly outputNames: string;
}

export interface VariableHandle {
  readonly ref: Ref;
  readonly type: TfType;
}

const SINGLE_THREADED: Attributes = {
  config: { text: '' },
  config_proto: { bytes: ARITHMETIC_ALONE },
  executor_type: { text: 'SINGLE_THREADED_EXECUTOR' },
};

/**
 * Writes one function of a program into the session's graph (and, where its body is a function, into `library`).
 * @param list the session's nodes
 * @param key unique among the program's functions; made of letters and digits
 */
export function exportFunction(
  list: NodeList,
  library: CompiledLibrary,
  key: string,
  definition: ProgramFunction,
  handles: ReadonlyMap<string, VariableHandle>,
  mode: BodyMode,
  tuning: Tuning,
): ExportedFunction {
  const outputs = [...Object.values(definition.fetches), ...Object.values(definition.updates)];
  const needed = neededNodes(outputs);
  const feeds = packValues(needed.flatMap((node) => (isOp(node, 'input') ? [node.attributes] : [])));
  const fetches = packValues(
    Object.entries(definition.fetches).map(([name, { shape, dtype }]) => ({ name, shape, dtype })),
  );

  const placeholders = feeds.map((packing) =>
    list.add(
      'Placeholder',
      [],
      { dtype: { type: TF_TYPE[packing.type] }, shape: { shape: [packing.length] } },
      { name: `${key}_${packing.type}` },
    ),
  );
  const variables = new Map<string, Passed>();
  for (const node of needed) {
    if (!isOp(node, 'variable')) continue;
    const handle = handles.get(node.attributes.name);
    if (handle === undefined)
      throw new Error(`variable "${node.attributes.name}" is not among the program's variables`);
    const ref = list.add('ReadVariableOp', [handle.ref], { dtype: { type: handle.type } });
    variables.set(node.attributes.name, { ref, type: handle.type });
  }
  const results =
    mode === 'inline'
      ? emitCall(list, definition, feeds, fetches, placeholders, variables, { tuning })
      : emitAsFunction(list, library, key, definition, feeds, fetches, placeholders, variables, mode, tuning);

  // Every read comes before every assignment: a call sees the values from before its updates.
  const reads = [...variables.values()].map(({ ref }) => ref);
  const assignments = Object.entries(definition.updates).map(([name, node], i) => {
    const handle = handles.get(name);
    const value = results[fetches.length + i]?.ref;
    if (handle === undefined || value === undefined) {
      throw new Error(`variable "${name}" is not among the program's variables`);
    }
    const { type } = handle;
    const own = mayShareFedMemory(node) ? list.add('DeepCopy', [value], { T: { type } }) : value;
    const attributes = { dtype: { type }, validate_shape: { bool: false } };
    return list.add('AssignVariableOp', [handle.ref, own], attributes, { after: reads });
  });
  const fetched = fetches.length > 0 ? results.slice(0, fetches.length) : [{ ref: list.int32(0), type: TF_TYPE.int32 }];
  const done = fetched.map(({ ref, type }) => list.add('Identity', [ref], { T: { type } }, { after: assignments }));
  return {
    feeds,
    inputNames: placeholders.map(graphOutputName).join(','),
    fetches,
    outputNames: done.map(graphOutputName).join(','),
  };
}

function emitAsFunction(
  list: NodeList,
  library: CompiledLibrary,
  key: string,
  definition: ProgramFunction,
  feeds: readonly Packing[],
  fetches: readonly Packing[],
  placeholders: readonly Ref[],
  variables: ReadonlyMap<string, Passed>,
  mode: Exclude<BodyMode, 'inline'>,
  tuning: Tuning,
): Passed[] {
  const args: ArgDef[] = [];
  const passed: Ref[] = [];
  const pass = (ref: Ref, type: TfType): Ref => {
    const name = `a${args.length}`;
    args.push({ name, type });
    passed.push(ref);
    return { node: name, output: 0, result: '', argument: true };
  };
  const vectors = feeds.map((packing, i) => pass(placeholders[i] as Ref, TF_TYPE[packing.type]));
  const values = new Map([...variables].map(([name, { ref, type }]) => [name, { ref: pass(ref, type), type }]));

  const body = new NodeList('n');
  const results = emitCall(body, definition, feeds, fetches, vectors, values, {
    compiled: mode === 'xla',
    library: mode === 'clusters' ? library : undefined,
    tuning,
  });
  const name = `${key}_body`;
  library.definitions.push({
    name,
    args,
    results: results.map(({ ref, type }, i) => ({ name: `r${i}`, type, from: functionOutputName(ref) })),
    nodes: renderFunctionNodes(body.nodes),
    // Marked as tf.data's, a function is left alone by the session's optimizers and optimized when it is instantiated,
    // with the configuration of its call.
    attributes: mode === 'xla' ? XLA_FUNCTION : { _noinline: { bool: true }, _tf_data_function: { bool: true } },
  });
  const attributes = {
    Tin: { types: args.map((arg) => arg.type) },
    Tout: { types: results.map(({ type }) => type) },
    f: { func: name },
    ...(mode === 'xla' ? XLA_CALL : SINGLE_THREADED),
  };
  const refs = list.addList('PartitionedCall', passed, attributes, results.length);
  return results.map(({ type }, i) => ({ type, ref: refs[i] as Ref }));
}
