import { DATA_KINDS, type DataKind } from '../../../src-shared/ipc/contract/data.ts';

/** A set, as the address names it: "corpus/wiki". */
export interface Shown {
  readonly kind: DataKind;
  readonly name: string;
}

export function parseShown(text: string): Shown | undefined {
  const [first = '', ...rest] = text.split('/');
  const kind = DATA_KINDS.find((one) => one === first);
  const name = rest.join('/');
  return kind === undefined || name === '' ? undefined : { kind, name };
}

export function shownKey({ kind, name }: Shown): string {
  return `${kind}/${name}`;
}
