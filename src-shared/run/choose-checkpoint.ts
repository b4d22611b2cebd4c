import { AppError } from '../app-error.ts';
import { compareKinds } from './checkpoint-kind.ts';

interface Choice {
  readonly kind: string;
  readonly step: number;
}

/**
 * The checkpoint a person names: "latest", "best:METRIC", a step, or a kind as lists show it ("best-loss", "step-1200").
 * @throws AppError input/invalid that says which there are
 */
export function chooseCheckpoint<Checkpoint extends Choice>(
  checkpoints: readonly Checkpoint[],
  text: string,
): Checkpoint {
  const ordered = checkpoints.toSorted((a, b) => compareKinds(a.kind, b.kind));
  const kind = text.replace(/^best:/, 'best-').replace(/^step:/, 'step-');
  const step = /^(?:step-)?(\d+)$/.exec(kind)?.[1];
  const found =
    ordered.find((checkpoint) => checkpoint.kind === kind) ??
    (step === undefined ? undefined : ordered.find((checkpoint) => checkpoint.step === Number(step)));
  if (found !== undefined) return found;
  const has =
    ordered.length === 0
      ? 'it has none yet; one is saved at its checkpoint interval, or when it is paused or stopped'
      : `it has ${ordered.map((one) => `${one.kind.replace(/^best-/, 'best:')} (step ${one.step})`).join(', ')}`;
  throw new AppError('input/invalid', `The run has no checkpoint '${text}': ${has}.`, { checkpoint: text });
}
