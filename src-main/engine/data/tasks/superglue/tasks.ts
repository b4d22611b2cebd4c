import { BOOLQ } from './boolq.ts';
import { CB } from './cb.ts';
import { COPA } from './copa.ts';
import { MULTIRC } from './multirc.ts';
import { AX_B, AX_G, RTE } from './rte.ts';
import type { PairTask } from './text-example.ts';
import { WIC } from './wic.ts';
import { WSC } from './wsc.ts';

/** Tasks that put a label on a pair of texts; ReCoRD, which marks spans, is the eighth. */
export const PAIR_TASKS: readonly PairTask[] = [BOOLQ, CB, COPA, MULTIRC, RTE, WIC, WSC];
/** Diagnostics: predicted with the RTE model, never trained on. */
export const DIAGNOSTICS: readonly PairTask[] = [AX_B, AX_G];
