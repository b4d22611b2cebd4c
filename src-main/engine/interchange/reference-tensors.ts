import { AppError } from '../../../src-shared/app-error.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { PAD_ID } from '../data/special-tokens.ts';
import { studentLayout, teacherLayout, TOKEN_EMBEDDING, type ParameterLayout } from '../model/parameter-layout.ts';
import { assertSameParameters, parameterTensors } from '../train/parameter-tensors.ts';
import type { StoredTensor, TensorArray } from '../train/safetensors.ts';

/** One tensor as the reference's `state_dict` has it. */
export interface ReferenceTensor {
  readonly shape: readonly number[];
  readonly data: TensorArray;
}

/** Variable of a training program that holds a teacher's parameters [P]. */
export const TEACHER_PARAMETERS = 'teacher.parameters';
/** The student's output projection is its token embedding; PyTorch lists the one tensor under both names. */
export const TIED_OUTPUT = 'head.output.weight';
/** An integer parameter (shape []) that only the soft embedding of the reference has. */
export const SOFT_PADDING = 'embed.embed_tokens.padding_idx';

/** Whether the reference's student of this run embeds token probabilities as well as ids. */
export function hasSoftEmbedding(config: RunConfig): boolean {
  return config.objective === 'soft';
}

/** A student's parameters [P] as the reference's PyTorch module names them: `load_state_dict(..., strict=True)` takes them. */
export function studentTensors(config: RunConfig, parameters: Float32Array): Record<string, ReferenceTensor> {
  const tensors = parameterTensors(studentLayout(config.model), parameters);
  const embedding = tensors[TOKEN_EMBEDDING];
  if (embedding === undefined) throw new AppError('internal', 'A student without a token embedding.');
  const padding = { shape: [], data: BigInt64Array.of(BigInt(PAD_ID)) };
  return {
    // First, so that every tensor begins at a multiple of its element's size.
    ...(hasSoftEmbedding(config) ? { [SOFT_PADDING]: padding } : {}),
    ...tensors,
    [TIED_OUTPUT]: embedding,
  };
}

/** The same of a teacher, whose two heads are not tied. */
export function teacherTensors(config: RunConfig, parameters: Float32Array): Record<string, ReferenceTensor> {
  return parameterTensors(teacherLayout(config.model), parameters);
}

type FileTensors = ReadonlyMap<string, StoredTensor>;

/**
 * The inverse of `studentTensors`. The tied weight may be left out, and so may the padding index: they say nothing new.
 * @throws AppError checkpoint/incompatible naming the first tensor that is missing, unknown or of another shape
 */
export function studentParameters(file: string, tensors: FileTensors, config: RunConfig): Float32Array {
  const own = new Map(tensors);
  const tied = own.get(TIED_OUTPUT);
  own.delete(TIED_OUTPUT);
  const padding = own.get(SOFT_PADDING);
  own.delete(SOFT_PADDING);
  const parameters = parametersOf(file, own, studentLayout(config.model));
  if (tied !== undefined && !sameBytes(tied, own.get(TOKEN_EMBEDDING))) {
    throw incompatible(
      file,
      `${TIED_OUTPUT} differs from ${TOKEN_EMBEDDING}; a student has one tensor under both names`,
      'Tie the two before saving the model',
    );
  }
  if (padding !== undefined && !(padding.data.length === 1 && Number(padding.data[0]) === PAD_ID)) {
    throw incompatible(
      file,
      `${SOFT_PADDING} should be ${PAD_ID}, got ${String(padding.data[0])}`,
      'Use the same tokenizer',
    );
  }
  return parameters;
}

/** The inverse of `teacherTensors`. @throws like studentParameters */
export function teacherParameters(file: string, tensors: FileTensors, config: RunConfig): Float32Array {
  return parametersOf(file, tensors, teacherLayout(config.model));
}

function parametersOf(file: string, tensors: FileTensors, layout: ParameterLayout): Float32Array {
  const expected = new Set(layout.entries.map(({ name }) => name));
  const known = layout.entries.flatMap(({ name }) => {
    const tensor = tensors.get(name);
    return tensor === undefined ? [] : [{ name, shape: tensor.shape }];
  });
  const unknown = [...tensors].flatMap(([name, { shape }]) => (expected.has(name) ? [] : [{ name, shape }]));
  // In the layout's order: a state_dict has no order of its own that means anything.
  assertSameParameters(file, [...known, ...unknown], layout.entries);
  const parameters = new Float32Array(layout.size);
  for (const { name, offset } of layout.entries) {
    const { data, dtype } = tensors.get(name) ?? missing(name);
    if (!(data instanceof Float32Array)) {
      throw incompatible(file, `${name} has the type ${dtype}, expected F32`, 'Save the model in float32');
    }
    parameters.set(data, offset);
  }
  return parameters;
}

function sameBytes(a: StoredTensor, b: StoredTensor | undefined): boolean {
  if (b === undefined || a.dtype !== b.dtype || a.shape.join() !== b.shape.join()) return false;
  const bytesOf = ({ data }: StoredTensor): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return bytesOf(a).equals(bytesOf(b));
}

function missing(name: string): never {
  throw new AppError('internal', `Parameter ${name} was checked and is gone.`);
}

function incompatible(file: string, problem: string, remedy: string): AppError {
  return new AppError('checkpoint/incompatible', `${file} can't be used: ${problem}. ${remedy}.`, { file, problem });
}
