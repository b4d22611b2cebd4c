import type { SuperGlueTaskName } from '../../../src-shared/config/superglue-tasks.ts';

export interface TextPart {
  readonly text: string;
  readonly isMarked: boolean;
}

/** Tasks whose texts carry spans between two `*`: WiC's word, WSC's two spans, ReCoRD's entities. */
const MARKED: readonly SuperGlueTaskName[] = ['ReCoRD', 'WiC', 'WSC'];

/** A text cut at its span markers; the markers are left out. Unpaired ones are part of the text, which is then left whole. */
export function markedParts(task: SuperGlueTaskName, text: string): TextPart[] {
  const pieces = MARKED.includes(task) ? text.split('*') : [text];
  if (pieces.length % 2 === 0) return [{ text, isMarked: false }];
  return pieces.map((piece, at) => ({ text: piece, isMarked: at % 2 === 1 })).filter((part) => part.text !== '');
}
