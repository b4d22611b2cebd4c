import { TEACHER_HEADS, type HeadStatistics, type TeacherHead, type TeacherStatistics } from './teacher-statistics.ts';

/** How a teacher's output can be empty: one token nearly everywhere, nearly all masked, or hardly anything kept. */
export const COLLAPSE_SIGNS = ['same-token', 'masks', 'replaces'] as const;
export type CollapseSign = (typeof COLLAPSE_SIGNS)[number];

/** From this share of positions on it is "nearly all". */
const NEARLY_ALL = 0.9;
/** Texts that are themselves mostly one token say nothing about a teacher that writes it. */
const VARIED_TEXT = 0.5;
/** A teacher that wrote otherwise before has collapsed after as many kept steps in a row. */
const FEWEST_STEPS = 3;
/**
 * Every teacher begins by writing at random. One that has never written otherwise is given more kept steps, and this share of the
 * training: on Two Moons a hard teacher keeps half of the text after 2 % of it.
 */
const FEWEST_STEPS_FROM_START = 10;
const LEAST_TRAINING_FROM_START = 0.1;

export interface StepStatistics {
  readonly step: number;
  readonly examplesSeen: number;
  readonly statistics: TeacherStatistics;
}

export interface Collapse {
  readonly head: TeacherHead;
  readonly sign: CollapseSign;
  /** First kept step with a sign of the row that lasts until now. */
  readonly since: number;
  /** Share of positions now, 0..1. */
  readonly share: number;
  /** The token of "same-token"; "" otherwise. */
  readonly token: string;
}

/** What is wrong with one head's output at one step, if anything. */
export function collapseSign(head: HeadStatistics, textTopShare: number): CollapseSign | undefined {
  if (head.masked >= NEARLY_ALL) return 'masks';
  if (head.topShare >= NEARLY_ALL && textTopShare < VARIED_TEXT) return 'same-token';
  if (head.replaced + head.special >= NEARLY_ALL) return 'replaces';
  return undefined;
}

/**
 * Whether the teacher has collapsed: one head shows a sign, be it always the same or not, at every one of the last kept
 * steps. `steps` ascend and go back at least to the last one without a sign.
 */
export function collapseOf(steps: readonly StepStatistics[], totalExamples: number): Collapse | undefined {
  const last = steps.at(-1);
  if (last === undefined) return undefined;
  for (const head of TEACHER_HEADS) {
    const sign = collapseSign(last.statistics[head], last.statistics.textTopShare);
    if (sign === undefined) continue;
    const healthy = steps.findLastIndex(
      ({ statistics }) => collapseSign(statistics[head], statistics.textTopShare) === undefined,
    );
    const row = steps.slice(healthy + 1);
    const isFromStart = healthy < 0;
    if (row.length < (isFromStart ? FEWEST_STEPS_FROM_START : FEWEST_STEPS)) continue;
    if (isFromStart && last.examplesSeen < LEAST_TRAINING_FROM_START * totalExamples) continue;
    const now = last.statistics[head];
    const share = { 'same-token': now.topShare, masks: now.masked, replaces: now.replaced + now.special }[sign];
    return {
      head,
      sign,
      since: row[0]?.step ?? last.step,
      share,
      token: sign === 'same-token' ? now.topToken : '',
    };
  }
  return undefined;
}

/** What a person is told, with what may help. */
export function collapseMessage({ head, sign, since, share, token }: Collapse): string {
  const text = head === 'x' ? 'x\u0302' : 'y\u0302';
  const percent = `${Math.floor(share * 100)} %`;
  const what = {
    'same-token': `writes '${token.trim()}' at ${percent} of the positions of ${text}`,
    masks: `masks ${percent} of ${text}`,
    replaces: `replaces ${percent} of the tokens in ${text}`,
  }[sign];
  return (
    `The teacher may have collapsed: since step ${since} it ${what}. Its examples then teach the student nothing about the ` +
    'text. A lower learning rate, a lower meta.metaWeight or meta.denoising keep it nearer to the text.'
  );
}
