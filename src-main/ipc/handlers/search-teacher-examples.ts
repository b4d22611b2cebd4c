import type { AnswerBody } from '../../../src-shared/ipc/contract.ts';
import { findInTokens } from '../../../src-shared/run/find-in-tokens.ts';
import type { Registry } from '../../registry/open-registry.ts';
import { getRunOverview } from '../../registry/runs.ts';
import { teacherSteps } from '../../registry/teacher-examples.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';

/** A long run has thousands of kept steps: after this long others get their turn. */
const TURN_MS = 15;

type Found = AnswerBody<'teacherExamples.search'>[number];

export function searchTeacherExamples({ db }: Host): Handler<'teacherExamples.search'> {
  return async ({ runIds, text }) => {
    const found: Found[] = [];
    for (const runId of runIds) found.push(await searchRun(db, runId, text));
    return found;
  };
}

async function searchRun(db: Registry, runId: string, text: string): Promise<Found> {
  getRunOverview(db, runId);
  const found: Found = { runId, steps: [], texts: [], inUnlabeled: [] };
  let turnBeganMs = performance.now();
  let textsKey: string | undefined;
  for (const { step, textsKey: key, examples } of teacherSteps(db, runId)) {
    if (key !== textsKey) {
      textsKey = key;
      found.inUnlabeled = examples
        .filter(({ xU }) => findInTokens(xU, text).length > 0)
        .map(({ textIndex }) => textIndex);
    }
    const holding = examples.filter(
      ({ xHat, yHat }) => findInTokens(xHat, text).length > 0 || findInTokens(yHat, text).length > 0,
    );
    if (holding.length > 0) {
      found.steps.push(step);
      found.texts.push(holding.length);
    }
    if (performance.now() - turnBeganMs < TURN_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    turnBeganMs = performance.now();
  }
  return found;
}
