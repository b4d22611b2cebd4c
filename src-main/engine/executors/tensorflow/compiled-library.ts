import { emitBody } from './emit-body.ts';
import { functionOutputName, NodeList, renderFunctionNodes, type Ref } from './node-list.ts';
import type { Cluster } from './plan-clusters.ts';
import { tfTypeOf, type FunctionDef } from './tensorflow-messages.ts';

/** Attributes of a function that XLA compiles, and of the node that calls it. */
export const XLA_FUNCTION = { _noinline: { bool: true }, _XlaMustCompile: { bool: true } } as const;
export const XLA_CALL = {
  config: { text: '' },
  config_proto: { text: '' },
  executor_type: { text: '' },
  _XlaMustCompile: { bool: true },
} as const;

/** The compiled functions of a program. Clusters that compute the same (a model's layers) share one, compiled once. */
export class CompiledLibrary {
  readonly definitions: FunctionDef[] = [];
  readonly #names = new Map<string, string>();

  /** Writes a call of the cluster into `list`; `inputs` are the values of `cluster.inputs`. */
  call(list: NodeList, cluster: Cluster, inputs: readonly Ref[]): Ref[] {
    const name = this.#define(cluster);
    const attributes = {
      Tin: { types: cluster.inputs.map((node) => tfTypeOf(node.dtype)) },
      Tout: { types: cluster.outputs.map((node) => tfTypeOf(node.dtype)) },
      f: { func: name },
      ...XLA_CALL,
    };
    return list.addList('PartitionedCall', inputs, attributes, cluster.outputs.length);
  }

  #define(cluster: Cluster): string {
    const body = new NodeList('n');
    const argument = (i: number): Ref => ({ node: `a${i}`, output: 0, result: '', argument: true });
    const outside = (name: string): never => {
      throw new Error(`"${name}" must come to a cluster as an argument`);
    };
    const results = emitBody(body, cluster.outputs, {
      compiled: true,
      input: outside,
      variable: outside,
      given: new Map(cluster.inputs.map((node, i) => [node, argument(i)])),
    });
    const content = {
      args: cluster.inputs.map((node, i) => ({ name: `a${i}`, type: tfTypeOf(node.dtype) })),
      results: cluster.outputs.map((node, i) => ({
        name: `r${i}`,
        type: tfTypeOf(node.dtype),
        from: functionOutputName(results[i] as Ref),
      })),
      nodes: renderFunctionNodes(body.nodes),
    };
    // Shapes are part of what is compiled: functions that differ in them are kept apart.
    const shapes = cluster.inputs.map((node) => node.shape);
    const key = JSON.stringify([content, shapes], (_key, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : Object.is(value, -0) ? '-0' : value,
    );
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = `compiled${this.definitions.length}`;
    this.#names.set(key, name);
    this.definitions.push({ name, ...content, attributes: XLA_FUNCTION });
    return name;
  }
}
