import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DOCUMENTED_FIELDS, expectation, fieldDocumentation } from '../../../src-shared/config/field-documentation.ts';
import { RunConfig } from '../../../src-shared/config/run-config.ts';

/** Dotted paths of all leaves of a plain value. */
function leaves(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null) return [prefix];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, prefix === '' ? key : `${prefix}.${key}`));
}

describe('field documentation', () => {
  it('has every leaf of the configuration, for each kind of data, and no other', () => {
    const documented = new Set(fieldDocumentation().map((field) => field.path));
    const found = new Set([
      ...leaves(RunConfig.parse({})),
      ...leaves(RunConfig.parse({ data: { kind: 'text' } })),
      ...leaves(RunConfig.parse({ data: { kind: 'random-text' } })),
    ]);
    expect([...documented].sort()).toEqual([...found].sort());
  });

  it('gives each leaf one line of help, a range, and a default that the field accepts', () => {
    for (const field of DOCUMENTED_FIELDS) {
      expect(field.help, field.path).toMatch(/^[A-Z"].{10,140}[.]$/);
      expect(field.range, field.path).not.toBe('');
      expect(field.schema.safeParse(field.default).success, field.path).toBe(true);
    }
  });

  it('states defaults that are those of the schema', () => {
    for (const field of fieldDocumentation().filter(({ path }) => path !== 'data.kind')) {
      const config: unknown = RunConfig.parse({ data: { kind: field.dataKind ?? 'two-moons' } });
      const value = field.path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], config);
      expect(value, field.path).toBe(field.default);
    }
  });

  it('states limits that the schema enforces', () => {
    for (const field of DOCUMENTED_FIELDS) {
      const step = field.type === 'integer' ? 1 : 1e-9;
      if (field.minimum !== undefined) {
        expect(field.schema.safeParse(field.minimum).success, field.path).toBe(true);
        expect(field.schema.safeParse(field.minimum - step).success, field.path).toBe(false);
      }
      if (field.maximum !== undefined) {
        expect(field.schema.safeParse(field.maximum).success, field.path).toBe(true);
        expect(field.schema.safeParse(field.maximum + Math.max(step, field.maximum * 1e-9)).success, field.path).toBe(
          false,
        );
      }
      for (const bound of [field.exclusiveMinimum, field.exclusiveMaximum]) {
        if (bound !== undefined) expect(field.schema.safeParse(bound).success, field.path).toBe(false);
      }
      if (field.type === 'integer') expect(field.schema.safeParse(field.minimum ?? 1.5).success).toBe(true);
    }
  });

  it('describes what a field expects in words', () => {
    const words = new Map(fieldDocumentation().map((field) => [field.path, expectation(field)]));
    expect(words.get('model.layers')).toBe('an integer, 1 to 48');
    expect(words.get('model.dropout')).toBe('a number, 0 <= value < 1');
    expect(words.get('model.activation')).toBe('one of gelu, relu');
    expect(words.get('engine.xla')).toBe('true or false');
    expect(words.get('optimizer.maxGradNorm')).toBe('a number, above 0');
  });

  it('is plain data that JSON carries', () => {
    const fields = fieldDocumentation();
    expect(JSON.parse(JSON.stringify(fields))).toEqual(fields);
    expect(fields.every((field) => !Object.values(field).some((value) => value instanceof z.ZodType))).toBe(true);
  });
});
