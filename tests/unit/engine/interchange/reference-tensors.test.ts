import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { preset } from '../../../../src-shared/config/presets/preset.ts';
import type { ObjectiveName, RunConfig } from '../../../../src-shared/config/run-config.ts';
import {
  SOFT_PADDING,
  studentParameters,
  studentTensors,
  teacherParameters,
  teacherTensors,
  TIED_OUTPUT,
  type ReferenceTensor,
} from '../../../../src-main/engine/interchange/reference-tensors.ts';
import { studentLayout, teacherLayout } from '../../../../src-main/engine/model/parameter-layout.ts';
import { decodeSafetensors, encodeSafetensors } from '../../../../src-main/engine/train/safetensors.ts';
import { values } from '../train/sample-checkpoint.ts';

/** Names and shapes of a model in a recording of the reference, whose tied weight is listed once. */
function recorded(variant: string, model: 'student' | 'teacher'): string[] {
  const file = join(import.meta.dirname, '../../../parity/fixtures/forward', variant, 'data.safetensors');
  const prefix = `${model}.`;
  return [...decodeSafetensors(readFileSync(file), file).tensors]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, { shape }]) => `${name.slice(prefix.length)} [${shape.join()}]`)
    .sort();
}

const listed = (tensors: Readonly<Record<string, ReferenceTensor>>): string[] =>
  Object.entries(tensors)
    .map(([name, { shape }]) => `${name} [${shape.join()}]`)
    .sort();

function config(objective: ObjectiveName, model: Partial<RunConfig['model']> = {}): RunConfig {
  const { model: standard, ...rest } = preset('two-moons-mlm');
  return { ...rest, objective, model: { ...standard, ...model } };
}

const VARIANTS = [
  ['twomoons', {}],
  ['postnorm_relu_pad', { preNorm: false, activation: 'relu', vocabularySize: 160 }],
  ['prenorm_gelu_pad', { vocabularySize: 160 }],
] as const;

/** As a file would bring them back. */
function throughFile(tensors: Readonly<Record<string, ReferenceTensor>>) {
  return decodeSafetensors(Buffer.concat(encodeSafetensors(tensors)), 'model.safetensors').tensors;
}

describe('the names and shapes of the reference', () => {
  it.each(VARIANTS)('are those of its recorded models (%s)', (variant, model) => {
    const mlm = config('mlm', model);
    const student = listed(studentTensors(mlm, new Float32Array(studentLayout(mlm.model).size)));
    const tied = `${TIED_OUTPUT} [${mlm.model.vocabularySize},${mlm.model.modelDim}]`;
    expect(student).toEqual([...recorded(variant, 'student'), tied].sort());
    const teacher = listed(teacherTensors(mlm, new Float32Array(teacherLayout(mlm.model).size)));
    expect(teacher).toEqual(recorded(variant, 'teacher'));
  });

  it('have the integer of the soft embedding in a soft student alone', () => {
    const soft = config('soft');
    const tensors = studentTensors(soft, new Float32Array(studentLayout(soft.model).size));
    expect(tensors[SOFT_PADDING]).toEqual({ shape: [], data: BigInt64Array.of(0n) });
    const hard = studentTensors(config('hard'), new Float32Array(studentLayout(soft.model).size));
    expect(hard).not.toHaveProperty([SOFT_PADDING]);
  });
});

describe('parameters through a file', () => {
  it('come back bit for bit, whatever they are', () => {
    const soft = config('soft');
    const student = values(studentLayout(soft.model).size, 1);
    expect(studentParameters('f', throughFile(studentTensors(soft, student)), soft)).toEqual(student);
    const teacher = values(teacherLayout(soft.model).size, 2);
    expect(teacherParameters('f', throughFile(teacherTensors(soft, teacher)), soft)).toEqual(teacher);
  });

  it('may lack what says nothing new', () => {
    const soft = config('soft');
    const student = values(studentLayout(soft.model).size, 1);
    const tensors = studentTensors(soft, student);
    const lean = Object.fromEntries(
      Object.entries(tensors).filter(([name]) => name !== TIED_OUTPUT && name !== SOFT_PADDING),
    );
    expect(studentParameters('f', throughFile(lean), soft)).toEqual(student);
  });

  const mlm = config('mlm');
  const good = studentTensors(mlm, values(studentLayout(mlm.model).size, 1));
  const refused: [what: string, tensors: Record<string, ReferenceTensor>, message: RegExp][] = [
    [
      'a missing one',
      Object.fromEntries(Object.entries(good).filter(([name]) => name !== 'head.output.bias')),
      /expected head\.output\.bias \[407\], got no further parameter/,
    ],
    ['an unknown one', { ...good, 'head.extra': { shape: [1], data: new Float32Array(1) } }, /got head\.extra \[1\]/],
    [
      'a transposed one',
      {
        ...good,
        'encoder.layers.0.linear1.weight': { shape: [8, 32], data: new Float32Array(256) },
      },
      /expected encoder\.layers\.0\.linear1\.weight \[32, 8\], got .*\[8, 32\]/,
    ],
    [
      'one of another type',
      { ...good, 'head.output.bias': { shape: [407], data: new Float64Array(407) } },
      /head\.output\.bias has the type F64, expected F32/,
    ],
    [
      'an untied output weight',
      { ...good, [TIED_OUTPUT]: { shape: [407, 8], data: new Float32Array(407 * 8) } },
      /one tensor under both names/,
    ],
    [
      'another padding index',
      { ...good, [SOFT_PADDING]: { shape: [], data: BigInt64Array.of(3n) } },
      /should be 0, got 3/,
    ],
  ];
  it.each(refused)('are refused with %s, by name', (_what, tensors, message) => {
    const refuse = (): unknown => studentParameters('f', throughFile(tensors), mlm);
    expect(refuse).toThrow(message);
    expect(refuse).toThrow(expect.objectContaining({ code: 'checkpoint/incompatible' }));
  });
});
