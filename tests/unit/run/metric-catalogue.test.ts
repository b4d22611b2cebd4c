import { describe, expect, it } from 'vitest';
import { isBetterScore, METRIC_CATALOGUE, metricFacts } from '../../../src-shared/run/metric-catalogue.ts';
import { decodeScores, encodeScores } from '../../../src-shared/run/number-json.ts';

describe('metric catalogue', () => {
  it('has each name once, with a label and a line of help', () => {
    expect(new Set(METRIC_CATALOGUE.map((one) => one.name)).size).toBe(METRIC_CATALOGUE.length);
    for (const one of METRIC_CATALOGUE) expect(one.label !== '' && one.help.endsWith('.'), one.name).toBe(true);
  });

  it('knows prefixed and unknown names by what they say', () => {
    expect(metricFacts('validation.best.accuracy')).toMatchObject({
      name: 'validation.best.accuracy',
      direction: 'higher',
      unit: '%',
    });
    expect(metricFacts('other.someLoss')).toMatchObject({ direction: 'lower', format: 'loss' });
    expect(metricFacts('critic.learningRate').format).toBe('rate');
    expect(metricFacts('mystery')).toMatchObject({ direction: 'none', label: 'mystery' });
  });

  it('tells the better of two scores; what is not finite never is', () => {
    expect([isBetterScore('loss', 1, 2), isBetterScore('loss', 2, 2), isBetterScore('accuracy', 2, 1)]).toEqual([
      true,
      false,
      true,
    ]);
    expect([
      isBetterScore('accuracy', NaN, 1),
      isBetterScore('accuracy', Infinity, 1),
      isBetterScore('mystery', 2, 1),
    ]).toEqual([false, false, false]);
  });
});

describe('scores in JSON', () => {
  it('come back exactly, NaN and infinities included', () => {
    const scores = { a: 0.1 + 0.2, b: NaN, c: Infinity, d: -Infinity };
    expect(decodeScores(JSON.parse(JSON.stringify(encodeScores(scores))) as ReturnType<typeof encodeScores>)).toEqual(
      scores,
    );
  });
});
