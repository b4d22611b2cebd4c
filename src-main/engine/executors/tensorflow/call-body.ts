import type { ProgramFunction } from '../../graph/program.ts';
import { WORDS } from './border.ts';
import type { CompiledLibrary } from './compiled-library.ts';
import { emitBody } from './emit-body.ts';
import { emitBitcast, emitCast, emitReshape } from './emit-context.ts';
import { neededNodes } from '../../graph/needed-nodes.ts';
import type { NodeList, Ref } from './node-list.ts';
import { borderType, type Packing } from './packed-values.ts';
import { planClusters } from './plan-clusters.ts';
import type { Tuning } from './processor.ts';
import { TF_TYPE, tfTypeOf, type TfType } from './tensorflow-messages.ts';

/** What a call is fed and what it gives. */
export interface Border {
  readonly feeds: Packing;
  readonly fetches: Packing;
}

/** A value and its type, as they pass from the graph into a function's body. */
export interface Passed {
  readonly ref: Ref;
  readonly type: TfType;
}

/** Cuts the fed vector into the values that the graph calls inputs. */
function unpackFeeds(list: NodeList, { entries, length }: Packing, vector: Ref): Map<string, Ref> {
  const inputs = new Map<string, Ref>();
  const sizes = entries.map((entry, k) => (entries[k + 1]?.offset ?? length) - entry.offset);
  const pieces =
    sizes.length <= 1
      ? [vector]
      : list.addList(
          'SplitV',
          [vector, list.int32(sizes), list.int32(0)],
          { T: { type: WORDS }, Tlen: { type: TF_TYPE.int32 }, num_split: { int: sizes.length } },
          sizes.length,
        );
  for (const [k, entry] of entries.entries()) {
    let ref = pieces[k];
    if (ref === undefined) throw new Error('one piece per entry');
    if (entry.length !== sizes[k]) {
      ref = list.add('Slice', [ref, list.int32([0]), list.int32([entry.length])], {
        T: { type: WORDS },
        Index: { type: TF_TYPE.int32 },
      });
    }
    const type = TF_TYPE[borderType(entry.dtype)];
    ref = emitBitcast({ list }, ref, WORDS, type);
    if (entry.shape.length !== 1) ref = emitReshape({ list }, ref, entry.shape, type);
    inputs.set(entry.name, emitCast({ list }, ref, type, tfTypeOf(entry.dtype)));
  }
  return inputs;
}

/** Joins the fetched values into one vector, padded as the packing says. */
function packFetches(list: NodeList, { entries, length }: Packing, values: ReadonlyMap<string, Ref>): Ref {
  const parts: Ref[] = [];
  for (const [k, entry] of entries.entries()) {
    const value = values.get(entry.name);
    if (value === undefined) throw new Error(`no value for the fetch "${entry.name}"`);
    const type = TF_TYPE[borderType(entry.dtype)];
    const cast = emitCast({ list }, value, tfTypeOf(entry.dtype), type);
    const flat = entry.shape.length === 1 ? cast : emitReshape({ list }, cast, [entry.length], type);
    parts.push(emitBitcast({ list }, flat, type, WORDS));
    const padding = (entries[k + 1]?.offset ?? length) - entry.offset - entry.length;
    if (padding > 0)
      parts.push(list.constant({ type: 'float32', shape: [padding], values: new Array<number>(padding).fill(0) }));
  }
  if (parts.length === 0) return list.float32(0, [1]);
  const attributes = { T: { type: WORDS }, N: { int: parts.length }, Tidx: { type: TF_TYPE.int32 } };
  return parts.length === 1 && parts[0] ? parts[0] : list.add('ConcatV2', [...parts, list.int32(0)], attributes);
}

/** What a call computes: the vector that is fetched, and the new values of the variables that it updates. */
export interface Called {
  readonly fetched: Ref;
  readonly updates: readonly Passed[];
}

/** Everything of the call except variables: from the fed vector and variables' values to the fetched one and new values. */
export function emitCall(
  list: NodeList,
  definition: ProgramFunction,
  { feeds, fetches }: Border,
  vector: Ref,
  variables: ReadonlyMap<string, Passed>,
  compiling: {
    readonly compiled?: boolean;
    readonly library?: CompiledLibrary | undefined;
    readonly tuning?: Tuning;
  } = {},
): Called {
  const inputs = unpackFeeds(list, feeds, vector);
  const names = Object.keys(definition.fetches);
  const updates = Object.values(definition.updates);
  const outputs = [...Object.values(definition.fetches), ...updates];
  const { library, tuning } = compiling;
  const refs = emitBody(list, outputs, {
    compiled: compiling.compiled ?? false,
    ...(tuning !== undefined && { tuning }),
    input: (name) => found(inputs, name, 'input'),
    variable: (name) => found(variables, name, 'variable').ref,
    ...(library !== undefined && {
      clusters: planClusters(neededNodes(outputs), new Set(outputs)),
      callCluster: (...call) => library.call(...call),
    }),
  });
  return {
    fetched: packFetches(list, fetches, new Map(names.map((name, i) => [name, refs[i] as Ref]))),
    updates: updates.map((node, i) => ({ type: tfTypeOf(node.dtype), ref: refs[names.length + i] as Ref })),
  };
}

function found<V>(map: ReadonlyMap<string, V>, name: string, what: string): V {
  const value = map.get(name);
  if (value === undefined) throw new Error(`no ${what} "${name}"`);
  return value;
}
