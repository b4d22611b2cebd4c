import { describe, expect, it } from 'vitest';
import {
  addressOfNewPipeline,
  addressOfPipeline,
  subjectOf,
  tabOf,
} from '../../../../../src-renderer/state/superglue/places.ts';

describe('addresses of pipelines', () => {
  it('name the pipeline, its part and the task, and are read back', () => {
    const address = addressOfPipeline('superglue-1', { tab: 'examples', task: 'AX-b', compared: 'a,b' });
    expect(address).toBe('#/superglue?pipeline=superglue-1&tab=examples&task=AX-b&with=a%2Cb');
    const query = new Map(new URLSearchParams(address.split('?')[1]));
    expect([tabOf(query), subjectOf(query)]).toEqual(['examples', 'AX-b']);
    expect(addressOfPipeline('superglue-1', { tab: 'runs' })).toBe('#/superglue?pipeline=superglue-1');
    expect(addressOfNewPipeline('run-1')).toBe('#/superglue?new=1&from=run-1');
    expect([tabOf(new Map([['tab', 'x']])), subjectOf(new Map([['task', 'x']]))]).toEqual(['runs', undefined]);
  });
});
