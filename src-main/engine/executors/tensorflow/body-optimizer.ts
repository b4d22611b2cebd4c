import { ProtobufWriter } from './protobuf-writer.ts';

const OFF = 2;

/** Fields of tensorflow.RewriterConfig (core/protobuf/rewriter_config.proto): what they switch, number, value. */
const REWRITER_CONFIG = [
  ['layout', 1, OFF],
  ['model pruning is disabled', 2, 1],
  ['constant folding', 3, OFF],
  ['memory: none', 4, 1],
  ['dependencies', 8, OFF],
  ['loops', 9, OFF],
  ['functions', 10, OFF],
  ['iterations: one', 12, 1],
  ['shapes', 13, OFF],
  ['remapping', 14, OFF],
  ['implementation selector', 22, OFF],
  ['common subgraphs', 24, OFF],
  ['TFG is disabled', 32, 1],
] as const;

function rewriterConfig(): ProtobufWriter {
  const config = new ProtobufWriter();
  for (const [, field, value] of REWRITER_CONFIG) config.varint(field, value);
  return config;
}

/**
 * A serialised ConfigProto (its graph_options.rewrite_options, fields 10 and 10) that leaves of TensorFlow's optimizer what
 * changes a body's sums: what comes is simplified already, and all passes, twice, took half of a first call's time. The
 * memory optimizer would also turn long sums into variables of reference type, which the single-threaded executor refuses.
 */
export const ARITHMETIC_ALONE: Uint8Array = new ProtobufWriter()
  .message(10, new ProtobufWriter().message(10, rewriterConfig()))
  .finish();

/** A serialised ConfigProto that switches the optimizer off (RewriterConfig.disable_meta_optimizer). */
export const NO_OPTIMIZER: Uint8Array = new ProtobufWriter()
  .message(10, new ProtobufWriter().message(10, new ProtobufWriter().varint(19, 1)))
  .finish();

/** A serialised ConfigProto that says nothing. */
export const USUAL_OPTIMIZER = new Uint8Array(0);
