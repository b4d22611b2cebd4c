import { TEACHER_HEADS, type HeadStatistics, type TeacherHead, type TeacherStatistics } from './teacher-statistics.ts';

/** How a teacher's output can be empty: one token nearly everywhere, nearly all masked, or hardly anything kept. */
export const COLLAPSE_SIGNS = ['same-token', 'masks', 'replaces'] as const;
export type CollapseSign = (typeof COLLAPSE_SIGNS)[number];

/** From this share of positions on it is "nearly all". */
const NEARLY_ALL = 0.9;
/** Texts that are themselves mostly one token say nothing about a teacher that writes it. */
const VARIED_TEXT = 0.5;
/** As many kept steps in a row, at least, and as much of the training. */
const FEWEST_STEPS = 3;
const LEAST_TRAINING = 0.05;

export interface StepStatistics {
  readonly step: number;
  readonly examplesSeen: number;
  readonly statistics: TeacherStatistics;
}

export interface Collapse {
  readonly head: TeacherHead;
  readonly sign: CollapseSign;
  /** First kept step of the row that lasts until now. */
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
 * Whether the teacher has collapsed: the same sign in one head at every kept step of the last 5 % of the training at least,
 * and of three steps at least. Every teacher begins by writing at random, so the beginning of a run is no collapse.
 * `steps` ascend.
 */
export function collapseOf(steps: readonly StepStatistics[], totalExamples: number): Collapse | undefined {
  const last = steps.at(-1);
  if (last === undefined) return undefined;
  for (const head of TEACHER_HEADS) {
    const sign = collapseSign(last.statistics[head], last.statistics.textTopShare);
    if (sign === undefined) continue;
    const hasSign = ({ statistics }: StepStatistics): boolean =>
      collapseSign(statistics[head], statistics.textTopShare) === sign;
    const row = steps.slice(steps.findLastIndex((step) => !hasSign(step)) + 1);
    const [first = last] = row;
    const isLong = last.examplesSeen - first.examplesSeen >= LEAST_TRAINING * totalExamples;
    if (row.length < FEWEST_STEPS || !isLong) continue;
    const now = last.statistics[head];
    const share = { 'same-token': now.topShare, masks: now.masked, replaces: now.replaced + now.special }[sign];
    return { head, sign, since: first.step, share, token: sign === 'same-token' ? now.topToken : '' };
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
