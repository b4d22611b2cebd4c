import { describe, expect, it } from 'vitest';
import {
  assertCanBecome,
  canBecome,
  isResumable,
  RUN_STATUSES,
  STATUS_TABLE,
} from '../../../src-shared/run/run-status.ts';

describe('run statuses', () => {
  it('can all be reached from queued, and from each one that is not finished a run can still finish', () => {
    const reach = (from: readonly (typeof RUN_STATUSES)[number][]): Set<string> => {
      const seen = new Set<(typeof RUN_STATUSES)[number]>(from);
      for (const status of seen) for (const next of STATUS_TABLE[status].next) seen.add(next);
      return seen;
    };
    expect([...reach(['queued'])].sort()).toEqual([...RUN_STATUSES].sort());
    for (const status of RUN_STATUSES) expect(reach([status]).has('finished'), status).toBe(true);
  });

  it('with an engine can always be found interrupted or failed', () => {
    for (const status of RUN_STATUSES) {
      const { hasEngine, isEnd } = STATUS_TABLE[status];
      expect(canBecome(status, 'interrupted'), status).toBe(hasEngine);
      expect(hasEngine && isEnd, status).toBe(false);
    }
  });

  it('refuse a move with what could follow instead', () => {
    expect(() => {
      assertCanBecome('queued', 'running', 'r1');
    }).toThrow('Run r1 is queued and cannot become running. It can become starting, stopped, failed.');
    expect(() => {
      assertCanBecome('finished', 'starting', 'r1');
    }).toThrow('Nothing can follow it.');
    expect(() => {
      assertCanBecome('starting', 'running', 'r1');
    }).not.toThrow();
  });

  it('can be resumed once they ended early', () => {
    expect(RUN_STATUSES.filter(isResumable)).toEqual(['stopped', 'interrupted', 'failed']);
  });
});
