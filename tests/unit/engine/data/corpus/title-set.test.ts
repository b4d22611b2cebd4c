import { expect, it } from 'vitest';
import { TitleSet } from '../../../../../src-main/engine/data/corpus/title-set.ts';

it('TitleSet knows which titles have come, however many', () => {
  const titles = new TitleSet();
  const names = Array.from({ length: 20_000 }, (_, i) => `Title ${i} é`);
  expect(names.every((name) => titles.add(name))).toBe(true);
  expect(names.some((name) => titles.add(name))).toBe(false);
  expect(titles.add('another')).toBe(true);
});
