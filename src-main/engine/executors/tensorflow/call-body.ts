import type { ProgramFunction } from '../../graph/program.ts';
import type { CompiledLibrary } from './compiled-library.ts';
import { emitBody } from './emit-body.ts';
import { emitCast, emitReshape } from './emit-context.ts';
import { neededNodes } from './needed-nodes.ts';
import type { NodeList, Ref } from './node-list.ts';
import type { Packing } from './packed-values.ts';
import { planClusters } from './plan-clusters.ts';
import type { Tuning } from './processor.ts';
import { TF_TYPE, tfTypeOf, type TfType } from './tensorflow-messages.ts';

/** A value and its type, as they pass from the graph into a function's body. */
export interface Passed {
  readonly ref: Ref;
  readonly type: TfType;
}

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
export function emitCall(
  list: NodeList,
  definition: ProgramFunction,
  feeds: readonly Packing[],
  fetches: readonly Packing[],
  vectors: readonly Ref[],
  variables: ReadonlyMap<string, Passed>,
  compiling: {
    readonly compiled?: boolean;
    readonly library?: CompiledLibrary | undefined;
    readonly tuning?: Tuning;
  } = {},
): Passed[] {
  const inputs = unpackFeeds(list, feeds, vectors);
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
  const packed = packFetches(list, fetches, new Map(names.map((name, i) => [name, refs[i] as Ref])));
  const values = updates.map((node, i) => ({ type: tfTypeOf(node.dtype), ref: refs[names.length + i] as Ref }));
  return [...packed, ...values];
}

function found<V>(map: ReadonlyMap<string, V>, name: string, what: string): V {
  const value = map.get(name);
  if (value === undefined) throw new Error(`no ${what} "${name}"`);
  return value;
}
