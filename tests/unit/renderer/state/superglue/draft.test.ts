import { describe, expect, it } from 'vitest';
import {
  baseOf,
  changeableFields,
  chosenTasks,
  draftFromQuery,
  prepareRequest,
  queryOfChanges,
  queryOfField,
  type Draft,
  type FormFacts,
} from '../../../../../src-renderer/state/superglue/draft.ts';
import { textPretraining } from '../../../../../src-shared/config/presets/text.ts';

const SET: NonNullable<FormFacts['set']> = {
  name: 'official',
  tasks: [
    { task: 'CB', train: 250, validation: 56 },
    { task: 'COPA', train: 400, validation: 100 },
  ],
};
const FACTS: FormFacts = { base: baseOf(false, undefined), set: SET, tokenizers: [{ name: 'wiki', entries: 12_000 }] };
const draftOf = (query: Record<string, string>): Draft => draftFromQuery(new Map(Object.entries(query)));

describe('the form of a new pipeline', () => {
  it('asks for everything the set has at the report’s learning rates', () => {
    const { body, problems } = prepareRequest(draftOf({ from: 'run-1' }), FACTS);
    expect(problems).toEqual({});
    expect(body).toEqual({
      from: { runId: 'run-1', checkpoint: 'latest' },
      tasks: ['CB', 'COPA'],
      learningRates: [0.04, 0.01, 0.005],
      seeds: [0],
      superglue: 'official',
      overrides: {},
      isSmoke: false,
    });
  });

  it('holds in the address what was typed, emptied fields too', () => {
    const typed = { learningRates: '', seeds: '0-2', name: 'mine', tasks: [], isSmoke: true, from: 'run-1' } as const;
    const query = { ...queryOfChanges(typed), ...queryOfField('training.epochs', '') };
    const kept = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
    expect(draftOf(kept)).toMatchObject({ ...typed, changes: { 'training.epochs': '' } });
    expect(Object.values(queryOfChanges({ learningRates: '0.04, 0.01, 0.005', seeds: '0', start: 'run' }))).toEqual([
      '',
      '',
      '',
    ]);
    expect(queryOfField('training.epochs', null)).toEqual({ 'training.epochs': '' });
  });

  it('says at each field what is wrong, and sends nothing then', () => {
    const wrong = { rates: '0.04, fast', seeds: '""', tasks: 'WSC', 'training.epochs': '0' };
    const { body, problems } = prepareRequest(draftOf(wrong), FACTS);
    expect(body).toBeUndefined();
    expect(Object.keys(problems).sort()).toEqual(['from', 'learningRates', 'seeds', 'tasks', 'training.epochs']);
    expect(problems['learningRates']).toMatch(/^fast: /);
    expect(prepareRequest(draftOf({ from: 'r', rates: '0' }), FACTS).problems['learningRates']).toBeDefined();
    expect(prepareRequest(draftOf({ from: 'r', seeds: '0-40' }), FACTS).problems['seeds']).toMatch(/at most 20/);
    expect(prepareRequest(draftOf({ from: 'r' }), { ...FACTS, set: undefined }).problems).toHaveProperty('superglue');
  });

  it('names a tokenizer for a model without pretraining, and gives it as many entries', () => {
    const { body } = prepareRequest(draftOf({ start: 'fresh', from: 'ignored' }), FACTS);
    expect(body).toMatchObject({
      from: null,
      overrides: { 'data.tokenizer': 'wiki', 'model.vocabularySize': 12_000 },
    });
    expect(prepareRequest(draftOf({ start: 'fresh' }), { ...FACTS, tokenizers: [] }).problems).toHaveProperty(
      'data.tokenizer',
    );
    expect(prepareRequest(draftOf({ start: 'fresh', smoke: '1' }), FACTS).body).toMatchObject({ overrides: {} });
  });

  it('changes fields of all runs, but none that the group says itself and none of a model with weights', () => {
    const { body } = prepareRequest(draftOf({ from: 'r', 'training.epochs': '5' }), FACTS);
    expect(body?.overrides).toEqual({ 'training.epochs': 5 });
    const paths = (isFresh: boolean) => changeableFields(FACTS.base, isFresh).map(({ path }) => path);
    expect(paths(false)).toContain('training.batchSize');
    expect(paths(false)).not.toContain('optimizer.learningRate');
    expect(paths(false)).not.toContain('model.layers');
    expect(paths(true)).toContain('model.layers');
  });

  it('keeps the model of what it fine-tunes, and the benchmark’s order of tasks', () => {
    const source = textPretraining('mlm');
    const other = { ...source, model: { ...source.model, layers: 3 } };
    expect(baseOf(false, other).model.layers).toBe(3);
    expect(baseOf(true, undefined).training.epochs).toBeLessThan(baseOf(false, undefined).training.epochs);
    expect(chosenTasks({ tasks: ['COPA', 'CB', 'RTE'] }, SET)).toEqual(['CB', 'COPA']);
  });
});
