import { describeEveryOp } from './describe-every-op.ts';

// What a model of text runs on.
describeEveryOp("TensorFlow with oneDNN's kernels against the float64 interpreter", { largeProducts: true }, [false]);
