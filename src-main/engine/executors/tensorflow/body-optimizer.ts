import { ProtobufWriter } from './protobuf-writer.ts';

/** Field numbers of tensorflow.RewriterConfig (core/protobuf/rewriter_config.proto), the passes by their switch. */
const OFF = 2;
const SWITCHES = {
  layout: 1,
  constantFolding: 3,
  dependency: 8,
  loop: 9,
  functions: 10,
  shape: 13,
  remapping: 14,
  implementationSelector: 22,
  commonSubgraphs: 24,
} as const;
const DISABLE_MODEL_PRUNING = 2;
const MEMORY_OPTIMIZATION = 4;
const NO_MEMORY_OPTIMIZATION = 1;
const ITERATIONS = 12;
const ONE_ITERATION = 1;
const DISABLE_TFG = 32;

function rewriterConfig(): ProtobufWriter {
  const config = new ProtobufWriter()
    .varint(DISABLE_MODEL_PRUNING, true)
    .varint(MEMORY_OPTIMIZATION, NO_MEMORY_OPTIMIZATION)
    .varint(ITERATIONS, ONE_ITERATION)
    .varint(DISABLE_TFG, true);
  for (const field of Object.values(SWITCHES)) config.varint(field, OFF);
  return config;
}

/**
 * A serialised ConfigProto (its graph_options.rewrite_options, fields 10 and 10) that leaves of TensorFlow's optimizer what
 * changes a body's sums: what comes is simplified already, and all passes, twice, took most of a first call's time. The
 * memory optimizer would also turn long sums into variables of reference type, which the single-threaded executor refuses.
 */
export const ARITHMETIC_ALONE: Uint8Array = new ProtobufWriter()
  .message(10, new ProtobufWriter().message(10, rewriterConfig()))
  .finish();
