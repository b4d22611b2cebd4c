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

/**
 * Answers of ReCoRD queries: runs of positions whose most probable token is not "none" are spans, and the span with the
 * single most probable token, over all windows of a query, is decoded (the first of equals). A query without any span
 * is answered by nothing: "".
 */
export function predictRecord(
  windows: readonly WindowTokens[],
  decode: (ids: readonly number[]) => string,
): Map<number, string> {
  const best = new Map<number, { score: number; ids: number[] }>();
  for (const { idx, x, token, logProbability } of windows) {
    let span: { score: number; ids: number[] } | undefined;
    const take = (): void => {
      const known = best.get(idx);
      if (span !== undefined && (known === undefined || span.score > known.score)) best.set(idx, span);
      span = undefined;
    };
    if (!best.has(idx)) best.set(idx, { score: -Infinity, ids: [] });
    for (let i = 0; i < x.length; i++) {
      const id = token[i] ?? NO_ANSWER_TOKEN;
      if (id === NO_ANSWER_TOKEN || x[i] === PAD_ID) {
        take();
        continue;
      }
      const score = logProbability[i] ?? -Infinity;
      span = span === undefined ? { score, ids: [id] } : { score: Math.max(span.score, score), ids: [...span.ids, id] };
    }
    take();
  }
  return new Map([...best].map(([idx, { ids }]) => [idx, decode(ids)]));
}
