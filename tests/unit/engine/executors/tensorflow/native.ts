import { createTensorFlowExecutor } from '../../../../../src-main/engine/executors/tensorflow/create-tensorflow-executor.ts';
import { locateBinding } from '../../../../../src-main/engine/executors/tensorflow/locate-binding.ts';
import type { NativeSettings } from '../../../../../src-main/engine/executors/tensorflow/native-environment.ts';
import type { Executor } from '../../../../../src-main/engine/executors/executor.ts';

const location = locateBinding();

/** Why tests that need the native TensorFlow are not run; undefined where it is set up. */
export const tensorFlowMissing = 'missing' in location ? location.missing : undefined;

/** A suite's name that says why it is skipped, when it is. */
export const suiteName = (name: string): string =>
  tensorFlowMissing === undefined ? name : `${name} (NOT RUN: ${tensorFlowMissing})`;

export const openExecutor = (settings: NativeSettings = {}): Promise<Executor> =>
  createTensorFlowExecutor({ intraOpThreads: 2, ...settings });
