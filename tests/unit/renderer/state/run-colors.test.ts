import { describe, expect, it } from 'vitest';
import { lookOf, looksOf } from '../../../../src-renderer/state/run-colors.ts';

const runIds = Array.from({ length: 24 }, (_, i) => `20261122-10000${i}-abcd`);

describe('looksOf', () => {
  it('gives a run its own colour, and dashes only once every colour is taken', () => {
    const looks = looksOf(runIds);
    const shown = runIds.map((runId) => looks.get(runId));
    expect(shown[0]).toEqual(lookOf(runIds[0] ?? ''));
    expect(shown.slice(0, 6).every((look) => look?.dash.length === 0)).toBe(true);
    expect(new Set(shown.slice(0, 6).map((look) => look?.series)).size).toBe(6);
    expect(shown.slice(6).some((look) => look?.dash.length === 0)).toBe(false);
    expect(new Set(shown.map((look) => JSON.stringify(look))).size).toBe(24);
  });

  it('does not depend on who else is drawn while colours are free', () => {
    const [first = ''] = runIds;
    expect(looksOf([first]).get(first)).toEqual(looksOf([first, ...runIds.slice(7, 9)]).get(first));
  });
});
