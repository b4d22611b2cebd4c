import { NO_OPTIMIZER } from './body-optimizer.ts';
import { functionOutputName, NodeList, renderFunctionNodes, renderGraphNodes, type Ref } from './node-list.ts';
import { TF_TYPE, type Attributes, type FunctionDef, type NodeDef } from './tensorflow-messages.ts';

/*
 * Every call crosses the border to TensorFlow the same way: the number of a branch and one vector of 32-bit words go in, one
 * vector comes out. For every other set of names that is fed or fetched a session would go through all functions again,
 * which took 0.06 s of a small MLM program and 0.3 s of a soft one, five and seven times a run.
 */

/** What is fed: the branch's number (int32), its words (float32). */
export const FEED_NAMES = 'branch:0,fed:0';
export const FETCH_NAME = 'call:0';

/** Type of the vectors; integers travel as the bits they are. */
export const WORDS = TF_TYPE.float32;

/** The fed vector, inside a border function. */
export const FED: Ref = { node: 'fed', output: 0, result: '', argument: true };
const NUMBER: Ref = { node: 'branch', output: 0, result: '', argument: true };

const TYPES = { Tin: { types: [WORDS] }, Tout: { types: [WORDS] } };
const GATE_TYPES = { Tin: { types: [TF_TYPE.int32, WORDS] }, Tout: { types: [WORDS] } };

/** A function from the fed vector to the fetched one. */
export function borderFunction(name: string, list: NodeList, fetched: Ref): FunctionDef {
  return {
    name,
    args: [{ name: FED.node, type: WORDS }],
    results: [{ name: 'fetched', type: WORDS, from: functionOutputName(fetched) }],
    nodes: renderFunctionNodes(list.nodes),
    // Marked as tf.data's, a function is left alone by the session's optimizers and optimized when it is instantiated,
    // with the configuration of its call.
    attributes: { _noinline: { bool: true }, _tf_data_function: { bool: true } },
  };
}

/** How the ops of a function are executed. */
export interface Execution {
  /** Serialised ConfigProto: what TensorFlow's optimizer does to the function. Empty: as it likes. */
  readonly optimizer: Uint8Array;
  /** One op after the other with little cost per node, instead of each as soon as it can. */
  readonly isSingleThreaded: boolean;
}

const callOf = (name: string, { optimizer, isSingleThreaded }: Execution): Attributes => ({
  f: { func: name },
  config: { text: '' },
  config_proto: { bytes: optimizer },
  executor_type: { text: isSingleThreaded ? 'SINGLE_THREADED_EXECUTOR' : '' },
});

/** A branch that calls the border function `body`. */
export function callingBranch(name: string, body: string, execution: Execution): FunctionDef {
  const list = new NodeList('c');
  const fetched = list.add('StatefulPartitionedCall', [FED], { ...TYPES, ...callOf(body, execution) });
  return borderFunction(name, list, fetched);
}

const STOP = 'stop';
const GATE = 'gate';

/**
 * Where TensorFlow looks for variables of reference type, which it does in every function, twice (0.2 s each in a soft
 * program): the first branch, which nobody takes, has one, and it looks no further.
 */
function stopBranch(): FunctionDef {
  const list = new NodeList('s');
  const attributes = { shape: { shape: [] }, dtype: { type: WORDS } };
  list.add('VariableV2', [], { ...attributes, container: { text: '' }, shared_name: { text: '' } });
  return borderFunction(STOP, list, list.add('Identity', [FED], { T: { type: WORDS } }));
}

/** Number of the first of the branches that `borderFunctions` is given; the others follow. */
export const FIRST_BRANCH = 1;

/** The functions between the session's graph and the branches. */
export function borderFunctions(branches: readonly string[]): FunctionDef[] {
  const list = new NodeList('g');
  const taken = list.add('Case', [NUMBER, FED], { ...TYPES, branches: { funcs: [STOP, ...branches] } });
  const gate = borderFunction(GATE, list, taken);
  return [stopBranch(), { ...gate, args: [{ name: NUMBER.node, type: TF_TYPE.int32 }, ...gate.args] }];
}

/**
 * The session's own graph. It has three nodes, because an optimizer goes through graphs of four and more with all their
 * functions. On processors the gate is both branches of an internal op that TensorFlow's analysis of constants does not look
 * into (another 0.25 s of a soft program); on a GPU, where it could not be tried, it is a call, whose ops find their devices.
 */
export function borderGraph(isGpu: boolean): NodeDef[] {
  const list = new NodeList('g');
  const number = list.add('Placeholder', [], { dtype: { type: TF_TYPE.int32 } }, { name: NUMBER.node });
  const fed = list.add('Placeholder', [], { dtype: { type: WORDS } }, { name: FED.node });
  if (isGpu) {
    const execution = { optimizer: NO_OPTIMIZER, isSingleThreaded: false };
    const attributes = { ...GATE_TYPES, ...callOf(GATE, execution) };
    list.add('StatefulPartitionedCall', [number, fed], attributes, { name: 'call' });
  } else {
    const branches = { then_branch: { func: GATE }, else_branch: { func: GATE } };
    const attributes = { ...GATE_TYPES, ...branches, Tcond: { type: TF_TYPE.int32 } };
    list.add('_If', [number, number, fed], attributes, { name: 'call' });
  }
  return renderGraphNodes(list.nodes);
}
