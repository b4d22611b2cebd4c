import { PAD_ID } from '../data/special-tokens.ts';
import { NO_ANSWER_TOKEN } from '../data/tasks/superglue/record.ts';

/** What a model says of one window of a query, per position. */
export interface WindowTokens {
  readonly idx: number;
  /** Input ids, PAD at padding. */
  readonly x: ArrayLike<number>;
  /** Most probable token. */
  readonly token: ArrayLike<number>;
  /** Its log-probability, nats. */
  readonly logProbability: ArrayLike<number>;
}

/** Tokens marked as an answer; none, with probability 0, where nothing is marked. */
export interface MarkedSpan {
  readonly ids: readonly number[];
  /** Of the span's most probable token, nats. */
  readonly logProbability: number;
}

/**
 * Answers of ReCoRD queries by idx: runs of positions whose most probable token is not "none" are spans, and the span with the
 * single most probable token, over all windows of a query, is the answer (the first of equals).
 */
export function predictSpans(windows: readonly WindowTokens[]): Map<number, MarkedSpan> {
  const best = new Map<number, MarkedSpan>();
  for (const { idx, x, token, logProbability } of windows) {
    let span: MarkedSpan | undefined;
    const take = (): void => {
      const known = best.get(idx);
      if (span !== undefined && (known === undefined || span.logProbability > known.logProbability))
        best.set(idx, span);
      span = undefined;
    };
    if (!best.has(idx)) best.set(idx, { ids: [], logProbability: -Infinity });
    for (let i = 0; i < x.length; i++) {
      const id = token[i] ?? NO_ANSWER_TOKEN;
      if (id === NO_ANSWER_TOKEN || x[i] === PAD_ID) {
        take();
        continue;
      }
      const here = logProbability[i] ?? -Infinity;
      span =
        span === undefined
          ? { ids: [id], logProbability: here }
          : { ids: [...span.ids, id], logProbability: Math.max(span.logProbability, here) };
    }
    take();
  }
  return best;
}
