import type { DType, Shape } from '../../graph/types.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/**
 * TensorFlow's graph messages (graph.proto, node_def.proto, attr_value.proto, tensor.proto, function.proto,
 * op_def.proto, meta_graph.proto, saved_model.proto) as plain values, and their encoding. Field numbers are theirs.
 */

/** types.proto; little-endian hosts only, as everything TensorFlow runs on here. */
export const TF_TYPE = {
  float32: 1,
  int32: 3,
  uint8: 4,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  resource: 20,
  uint32: 22,
  uint64: 23,
} as const;
export type TfType = (typeof TF_TYPE)[keyof typeof TF_TYPE];

export const tfTypeOf = (dtype: DType): TfType => TF_TYPE[dtype];

export type TfTensor =
  | { readonly type: 'float32'; readonly shape: Shape; readonly values: readonly number[] }
  | { readonly type: 'int32'; readonly shape: Shape; readonly values: readonly number[] }
  | { readonly type: 'bool'; readonly shape: Shape; readonly values: readonly number[] }
  | { readonly type: 'uint8'; readonly shape: Shape; readonly values: readonly number[] }
  | { readonly type: 'uint32'; readonly shape: Shape; readonly values: readonly number[] }
  | { readonly type: 'uint64'; readonly shape: Shape; readonly values: readonly bigint[] };

export type AttrValue =
  | { readonly type: TfType }
  | { readonly types: readonly TfType[] }
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly bool: boolean }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly texts: readonly string[] }
  | { readonly bytes: Uint8Array }
  | { readonly shape: Shape }
  | { readonly tensor: TfTensor }
  | { readonly func: string }
  | { readonly funcs: readonly string[] };

export type Attributes = Readonly<Record<string, AttrValue>>;

/** `inputs` are texts in the form that the surrounding graph or function wants; control inputs start with "^". */
export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Attributes;
}

export interface ArgDef {
  readonly name: string;
  readonly type: TfType;
}

export interface FunctionDef {
  readonly name: string;
  readonly args: readonly ArgDef[];
  readonly results: readonly (ArgDef & { readonly from: string })[];
  readonly nodes: readonly NodeDef[];
  readonly attributes: Attributes;
}

const message = (): ProtobufWriter => new ProtobufWriter();

function encodeShape(shape: Shape): ProtobufWriter {
  const out = message();
  for (const size of shape) out.message(2, message().varint(1, size));
  return out;
}

function tensorContent(tensor: TfTensor): Uint8Array {
  if (tensor.type === 'float32') return new Uint8Array(Float32Array.from(tensor.values).buffer);
  if (tensor.type === 'int32') return new Uint8Array(Int32Array.from(tensor.values).buffer);
  if (tensor.type === 'uint32') return new Uint8Array(Uint32Array.from(tensor.values).buffer);
  if (tensor.type === 'uint64') return new Uint8Array(BigUint64Array.from(tensor.values).buffer);
  return Uint8Array.from(tensor.values);
}

function encodeTensor(tensor: TfTensor): ProtobufWriter {
  return message()
    .varint(1, TF_TYPE[tensor.type])
    .message(2, encodeShape(tensor.shape))
    .bytes(4, tensorContent(tensor));
}

function encodeAttr(value: AttrValue): ProtobufWriter {
  const out = message();
  if ('type' in value) return out.varint(6, value.type);
  if ('int' in value) return out.oneofVarint(3, value.int);
  if ('bool' in value) return out.oneofVarint(5, value.bool);
  if ('float' in value) return out.float(4, value.float);
  if ('text' in value) return out.string(2, value.text);
  if ('bytes' in value) return out.bytes(2, value.bytes);
  if ('shape' in value) return out.message(7, encodeShape(value.shape));
  if ('tensor' in value) return out.message(8, encodeTensor(value.tensor));
  if ('func' in value) return out.message(10, message().string(1, value.func));
  if ('types' in value) return out.message(1, message().packed(6, value.types));
  if ('ints' in value) return out.message(1, message().packed(3, value.ints));
  const list = message();
  if ('texts' in value) for (const text of value.texts) list.string(2, text);
  else for (const name of value.funcs) list.message(9, message().string(1, name));
  return out.message(1, list);
}

function encodeAttributes(out: ProtobufWriter, field: number, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    out.message(field, message().string(1, name).message(2, encodeAttr(value)));
  }
}

function encodeNode(node: NodeDef): ProtobufWriter {
  const out = message().string(1, node.name).string(2, node.op);
  for (const input of node.inputs) out.string(3, input);
  encodeAttributes(out, 5, node.attributes);
  return out;
}

const encodeArg = (arg: ArgDef): ProtobufWriter => message().string(1, arg.name).varint(3, arg.type);

function encodeFunction(definition: FunctionDef): ProtobufWriter {
  const signature = message().string(1, definition.name);
  for (const arg of definition.args) signature.message(2, encodeArg(arg));
  for (const result of definition.results) signature.message(3, encodeArg(result));
  const out = message().message(1, signature);
  for (const node of definition.nodes) out.message(3, encodeNode(node));
  for (const result of definition.results) out.message(4, message().string(1, result.name).string(2, result.from));
  encodeAttributes(out, 5, definition.attributes);
  return out;
}

/** The GraphDef version that the ops used here are written for (any TensorFlow since 2.10 reads it). */
const PRODUCER = 1087;

/** A SavedModel of one graph with the tag "serve" and no saver: its variables start unset. */
export function encodeSavedModel(nodes: readonly NodeDef[], functions: readonly FunctionDef[]): Uint8Array {
  const library = message();
  for (const definition of functions) library.message(1, encodeFunction(definition));
  const graph = message();
  for (const node of nodes) graph.message(1, encodeNode(node));
  graph.message(2, library).message(4, message().varint(1, PRODUCER).varint(2, 12));
  const metaInfo = message().string(4, 'serve');
  return message().varint(1, 1).message(2, message().message(1, metaInfo).message(2, graph)).finish();
}
