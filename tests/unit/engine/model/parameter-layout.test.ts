import { describe, expect, it } from 'vitest';
import { preset } from '../../../../src-shared/config/presets/preset.ts';
import { initialParameters } from '../../../../src-main/engine/model/initialise.ts';
import { studentLayout, teacherLayout } from '../../../../src-main/engine/model/parameter-layout.ts';

const { model } = preset('two-moons-hard');
const D = model.modelDim;

describe('parameter layouts', () => {
  it('have no gaps and no name twice', () => {
    for (const layout of [studentLayout(model), teacherLayout(model), studentLayout({ ...model, preNorm: false })]) {
      let next = 0;
      for (const { shape, offset } of layout.entries) {
        expect(offset).toBe(next);
        next += shape.reduce((a, b) => a * b, 1);
      }
      expect(layout.size).toBe(next);
      expect(new Set(layout.entries.map((entry) => entry.name)).size).toBe(layout.entries.length);
    }
  });

  it('tie the student to its embedding and give the teacher two heads of its own', () => {
    const names = (layout: ReturnType<typeof studentLayout>): string[] => layout.entries.map((entry) => entry.name);
    expect(names(studentLayout(model))).toContain('head.output.bias');
    expect(names(studentLayout(model))).not.toContain('head.output.weight');
    expect(names(teacherLayout(model))).toEqual(
      expect.arrayContaining(['head_x.output.weight', 'head_y.output.weight', 'final_layer_norm.weight']),
    );
    const postNorm = names(studentLayout({ ...model, preNorm: false }));
    expect(postNorm).toContain('embed.layer_norm.weight');
    expect(postNorm).not.toContain('final_layer_norm.weight');
  });
});

describe('initialParameters', () => {
  const layout = studentLayout(model);
  const flat = initialParameters(layout, model, 3, 'student');
  const values = (name: string): Float32Array => {
    const entry = layout.entries.find((candidate) => candidate.name === name);
    if (entry === undefined) throw new Error(name);
    return flat.subarray(entry.offset, entry.offset + entry.shape.reduce((a, b) => a * b, 1));
  };
  const deviation = (data: Float32Array): number => Math.sqrt(data.reduce((a, x) => a + x * x, 0) / data.length);

  it('draws what the method says', () => {
    const tokens = values('embed.embed_tokens.embed.weight');
    expect(deviation(tokens.subarray(D))).toBeCloseTo(0.02, 3);
    expect([...tokens.subarray(0, D)]).toEqual(Array<number>(D).fill(0));
    expect(new Set(values('final_layer_norm.weight'))).toEqual(new Set([1]));
    expect(new Set(values('encoder.layers.1.linear1.bias'))).toEqual(new Set([0]));
    const bound = Math.sqrt(6 / (4 * D));
    const inProjection = values('encoder.layers.0.self_attn.in_proj_weight');
    expect(Math.max(...inProjection.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(deviation(inProjection)).toBeGreaterThan(0.8 * (bound / Math.sqrt(3)));
    expect([...inProjection]).not.toEqual([...values('encoder.layers.1.self_attn.in_proj_weight')]);
  });

  it('is a function of the seed and the model', () => {
    expect(initialParameters(layout, model, 3, 'student')).toEqual(flat);
    expect(initialParameters(layout, model, 4, 'student')).not.toEqual(flat);
    expect(initialParameters(layout, model, 3, 'teacher')).not.toEqual(flat);
  });
});
