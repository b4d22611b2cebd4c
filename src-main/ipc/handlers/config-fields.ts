import { fieldDocumentation } from '../../../src-shared/config/field-documentation.ts';
import type { Handler } from '../handler.ts';

export const listConfigFields: Handler<'config.fields'> = () =>
  fieldDocumentation().map(({ path, type, unit, help, range, default: standard, choices, dataKind }) => ({
    path,
    type,
    unit,
    help,
    range,
    standard,
    choices: [...(choices ?? [])],
    dataKind: dataKind ?? null,
  }));
