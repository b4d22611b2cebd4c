import type { ProgramFunction } from '../../graph/program.ts';
import type { GraphNode } from '../../graph/types.ts';
import { isOp } from '../../graph/types.ts';
import { emitBody, mayShareFedMemory, type BodySources } from './emit-body.ts';
import { emitCast, emitReshape } from './emit-ops.ts';
import { neededNodes } from './needed-nodes.ts';
import { functionOutputName, graphOutputName, NodeList, renderFunctionNodes, type Ref } from './node-list.ts';
import { packValues, type Packing } from './packed-values.ts';
import {
  TF_TYPE,
  tfTypeOf,
  type ArgDef,
  type Attributes,
  type FunctionDef,
  type TfType,
} from './tensorflow-messages.ts';

/**
 * How a call is executed. `inline`: its nodes are the session's own. `function`: they are a function's, run by a
 * single thread with little cost per node. `xla`: a function compiled to machine code.
 */
export type BodyMode = 'inline' | 'function' | 'xla';

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

/** A value and its type, as they pass from the graph into a function's body. */
interface Passed {
  readonly ref: Ref;
  readonly type: TfType;
}

const FUNCTION_ATTRIBUTES: Readonly<Record<Exclude<BodyMode, 'inline'>, Attributes>> = {
  function: { _noinline: { bool: true } },
  xla: { _noinline: { bool: true }, _XlaMustCompile: { bool: true } },
};

const CALL_ATTRIBUTES: Readonly<Record<Exclude<BodyMode, 'inline'>, Attributes>> = {
  function: { executor_type: { text: 'SINGLE_THREADED_EXECUTOR' } },
  xla: { executor_type: { text: '' }, _XlaMustCompile: { bool: true } },
};

/** Cuts the fed vectors into the values that the graph calls inputs. */
function unpackFeeds(list: NodeList, feeds: readonly Packing[], vectors: readonly Ref[]): Map<string, Ref> {
  const inputs = new Map<string, Ref>();
  for (const [i, packing] of feeds.entries()) {
    const vector = vectors[i];
    if (vector === undefined) throw new Error('one vector per packing');
    const type = TF_TYPE[packing.type];
    const sizes = packing.entries.map((entry, k) => (packing.entries[k + 1]?.offset ?? packing.length) - entry.offset);
    const pieces =
      sizes.length === 1
        ? [vector]
        : list.addList(
            'SplitV',
            [vector, list.int32(sizes), list.int32(0)],
            { T: { type }, Tlen: { type: TF_TYPE.int32 }, num_split: { int: sizes.length } },
            sizes.length,
          );
    for (const [k, entry] of packing.entries.entries()) {
      let ref = pieces[k];
      if (ref === undefined) throw new Error('one piece per entry');
      if (entry.length !== sizes[k]) {
        ref = list.add('Slice', [ref, list.int32([0]), list.int32([entry.length])], {
          T: { type },
          Index: { type: TF_TYPE.int32 },
        });
      }
      if (entry.shape.length !== 1) ref = emitReshape({ list }, ref, entry.shape, type);
      inputs.set(entry.name, emitCast({ list }, ref, type, tfTypeOf(entry.dtype)));
    }
  }
  return inputs;
}

/** Joins the fetched values into one vector per element type, padded as the packing says. */
function packFetches(list: NodeList, fetches: readonly Packing[], values: ReadonlyMap<string, Ref>): Passed[] {
  return fetches.map((packing) => {
    const type = TF_TYPE[packing.type];
    const parts: Ref[] = [];
    for (const [k, entry] of packing.entries.entries()) {
      const value = values.get(entry.name);
      if (value === undefined) throw new Error(`no value for the fetch "${entry.name}"`);
      const cast = emitCast({ list }, value, tfTypeOf(entry.dtype), type);
      parts.push(entry.shape.length === 1 ? cast : emitReshape({ list }, cast, [entry.length], type));
      const padding = (packing.entries[k + 1]?.offset ?? packing.length) - entry.offset - entry.length;
      if (padding > 0)
        parts.push(list.constant({ type: packing.type, shape: [padding], values: new Array<number>(padding).fill(0) }));
    }
    const attributes = { T: { type }, N: { int: parts.length }, Tidx: { type: TF_TYPE.int32 } };
    return {
      type,
      ref: parts.length === 1 && parts[0] ? parts[0] : list.add('ConcatV2', [...parts, list.int32(0)], attributes),
    };
  });
}

/** Everything of the call except variables: from fed vectors and variables' values to fetched vectors and new values. */
function emitCall(
  list: NodeList,
  definition: ProgramFunction,
  feeds: readonly Packing[],
  fetches: readonly Packing[],
  vectors: readonly Ref[],
  variables: ReadonlyMap<string, Passed>,
  given: ReadonlyMap<GraphNode, Ref>,
): Passed[] {
  const inputs = unpackFeeds(list, feeds, vectors);
  const names = Object.keys(definition.fetches);
  const updates = Object.values(definition.updates);
  const outputs = [...Object.values(definition.fetches), ...updates];
  const refs = emitBody(list, outputs, sourcesOf(inputs, variables, given));
  const packed = packFetches(list, fetches, new Map(names.map((name, i) => [name, refs[i] as Ref])));
  const values = updates.map((node, i) => ({ type: tfTypeOf(node.dtype), ref: refs[names.length + i] as Ref }));
  return [...packed, ...values];
}

function sourcesOf(
  inputs: ReadonlyMap<string, Ref>,
  variables: ReadonlyMap<string, Passed>,
  given: ReadonlyMap<GraphNode, Ref>,
): BodySources {
  const find = <V>(map: ReadonlyMap<string, V>, name: string, what: string): V => {
    const found = map.get(name);
    if (found === undefined) throw new Error(`no ${what} "${name}"`);
    return found;
  };
  return {
    input: (name) => find(inputs, name, 'input'),
    variable: (name) => find(variables, name, 'variable').ref,
    given,
  };
}

/** Random numbers of the compiler differ from the library's: they are drawn outside of what is compiled. */
function drawnOutside(nodes: readonly GraphNode[]): GraphNode[] {
  return nodes.filter((node) => isOp(node, 'randomUniform'));
}

/**
 * Writes one function of a program into the session's graph (and, where its body is a function, into `library`).
 * @param list the session's nodes
 * @param key unique among the program's functions; made of letters and digits
 */
export function exportFunction(
  list: NodeList,
  library: FunctionDef[],
  key: string,
  definition: ProgramFunction,
  handles: ReadonlyMap<string, VariableHandle>,
  mode: BodyMode,
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
      ? emitCall(list, definition, feeds, fetches, placeholders, variables, new Map())
      : emitAsFunction(list, library, key, definition, feeds, fetches, placeholders, variables, needed, mode);

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
  library: FunctionDef[],
  key: string,
  definition: ProgramFunction,
  feeds: readonly Packing[],
  fetches: readonly Packing[],
  placeholders: readonly Ref[],
  variables: ReadonlyMap<string, Passed>,
  needed: readonly GraphNode[],
  mode: Exclude<BodyMode, 'inline'>,
): Passed[] {
  const outside = mode === 'xla' ? drawnOutside(needed) : [];
  const outsideRefs =
    outside.length === 0
      ? []
      : emitBody(list, outside, sourcesOf(unpackFeeds(list, feeds, placeholders), variables, new Map()));

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
  const given = new Map(outside.map((node, i) => [node, pass(outsideRefs[i] as Ref, TF_TYPE.float32)]));

  const body = new NodeList('n');
  const results = emitCall(body, definition, feeds, fetches, vectors, values, given);
  const name = `${key}_body`;
  library.push({
    name,
    args,
    results: results.map(({ ref, type }, i) => ({ name: `r${i}`, type, from: functionOutputName(ref) })),
    nodes: renderFunctionNodes(body.nodes),
    attributes: FUNCTION_ATTRIBUTES[mode],
  });
  const attributes = {
    Tin: { types: args.map((arg) => arg.type) },
    Tout: { types: results.map(({ type }) => type) },
    f: { func: name },
    config: { text: '' },
    config_proto: { text: '' },
    ...CALL_ATTRIBUTES[mode],
  };
  const refs = list.addList('PartitionedCall', passed, attributes, results.length);
  return results.map(({ type }, i) => ({ type, ref: refs[i] as Ref }));
}
