import { describe, expect, it } from 'vitest';
import { rowsAsText } from '../../../../../src-renderer/components/table/copy-rows.ts';
import {
  NOTHING_SELECTED,
  rangeTo,
  selectKeys,
  toggleRow,
  withRange,
} from '../../../../../src-renderer/components/table/row-selection.ts';
import {
  fitColumns,
  gridTemplate,
  type TableColumn,
} from '../../../../../src-renderer/components/table/table-column.ts';
import { tableAction } from '../../../../../src-renderer/components/table/table-keys.ts';
import { ROW_HEIGHT, scrollToRow, visibleRows } from '../../../../../src-renderer/components/table/visible-rows.ts';

const column = (id: string, width: number, priority: number, more: Partial<TableColumn<string>> = {}) => ({
  id,
  title: id,
  width,
  priority,
  text: (row: string) => `${id} ${row}`,
  ...more,
});

describe('the rows in sight', () => {
  it('are those under the view and some beyond, within the table', () => {
    expect(visibleRows(0, 10 * ROW_HEIGHT, 1000, 5)).toEqual({ first: 0, last: 14 });
    expect(visibleRows(100 * ROW_HEIGHT, 10 * ROW_HEIGHT, 1000, 5)).toEqual({ first: 95, last: 114 });
    expect(visibleRows(100.5 * ROW_HEIGHT, 10 * ROW_HEIGHT, 1000, 0)).toEqual({ first: 100, last: 110 });
    expect(visibleRows(990 * ROW_HEIGHT, 10 * ROW_HEIGHT, 1000, 5)).toEqual({ first: 985, last: 999 });
  });

  it('stay within a table that became shorter than the scroll position, or empty', () => {
    expect(visibleRows(900 * ROW_HEIGHT, 280, 10, 2)).toEqual({ first: 9, last: 9 });
    expect(visibleRows(0, 280, 0, 2)).toEqual({ first: 0, last: -1 });
  });

  it('scroll as little as brings a row wholly into sight', () => {
    const view = 10 * ROW_HEIGHT;
    expect(scrollToRow(3, 0, view)).toBe(0);
    expect(scrollToRow(10, 0, view)).toBe(ROW_HEIGHT);
    expect(scrollToRow(3, 5 * ROW_HEIGHT, view)).toBe(3 * ROW_HEIGHT);
  });
});

describe('columns', () => {
  const all = [column('a', 100, Infinity), column('b', 100, 1), column('c', 100, 2), column('d', 100, 1)];

  it('give way by priority, the rightmost of equals first, and never those that always stay', () => {
    const names = (room: number) => fitColumns(all, room).map(({ id }) => id);
    expect(names(400)).toEqual(['a', 'b', 'c', 'd']);
    expect(names(399)).toEqual(['a', 'b', 'c']);
    expect(names(250)).toEqual(['a', 'c']);
    expect(names(10)).toEqual(['a']);
  });

  it('share the room: what grows takes the rest, else the last one', () => {
    expect(gridTemplate([column('a', 80, 1), column('b', 90, 1, { grows: true })])).toBe('80px minmax(90px, 1fr)');
    expect(gridTemplate([column('a', 80, 1), column('b', 90, 1)])).toBe('80px minmax(90px, 1fr)');
  });

  it('copy as tab-separated text that no cell can break', () => {
    const text = rowsAsText([column('a', 1, 1, { unit: 's' }), column('b', 1, 1)], ['x\ty', 'z']);
    expect(text).toBe('a (s)\tb\na x y\tb x y\na z\tb z');
  });
});

describe('chosen rows', () => {
  it('are toggled one by one', () => {
    const one = toggleRow(NOTHING_SELECTED, 'r3', 3);
    expect([...one.keys]).toEqual(['r3']);
    expect([...toggleRow(one, 'r3', 3).keys]).toEqual([]);
  });

  it('follow a range that grows and shrinks around its anchor, and keep what was chosen before it', () => {
    const keys = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => `r${first + i}`);
    let selection = toggleRow(toggleRow(NOTHING_SELECTED, 'r9', 9), 'r3', 3);
    const extend = (to: number) => {
      const { first, last, anchor } = rangeTo(selection, to);
      selection = withRange(selection, keys(first, last), anchor);
    };
    extend(6);
    expect([...selection.keys].sort()).toEqual(['r3', 'r4', 'r5', 'r6', 'r9']);
    extend(4);
    expect([...selection.keys].sort()).toEqual(['r3', 'r4', 'r9']);
    extend(1);
    expect([...selection.keys].sort()).toEqual(['r1', 'r2', 'r3', 'r9']);
    expect([...selectKeys(['a', 'b']).keys]).toEqual(['a', 'b']);
  });
});

describe('keys of a table', () => {
  const press = (key: string, active: number, more: object = {}) =>
    tableAction({ key, shiftKey: false, ctrlKey: false, metaKey: false, ...more }, active, 100, 20);

  it('move within the table', () => {
    expect(press('ArrowDown', 4)).toEqual({ kind: 'move', to: 5, extends: false });
    expect(press('ArrowUp', 0)).toEqual({ kind: 'move', to: 0, extends: false });
    expect(press('PageDown', 90)).toEqual({ kind: 'move', to: 99, extends: false });
    expect(press('End', 4, { shiftKey: true })).toEqual({ kind: 'move', to: 99, extends: true });
    expect(press('Home', 50)).toEqual({ kind: 'move', to: 0, extends: false });
  });

  it('choose, open, copy, ask for the menu', () => {
    expect(press(' ', 1)?.kind).toBe('toggle');
    expect(press('Enter', 1)?.kind).toBe('open');
    expect(press('a', 1, { ctrlKey: true })?.kind).toBe('selectAll');
    expect(press('c', 1, { metaKey: true })?.kind).toBe('copy');
    expect(press('F10', 1, { shiftKey: true })?.kind).toBe('menu');
    expect(press('Escape', 1)?.kind).toBe('selectNone');
  });

  it('leave the others alone', () => {
    expect(press('c', 1)).toBeUndefined();
    expect(press('k', 1, { ctrlKey: true })).toBeUndefined();
    expect(press('Tab', 1)).toBeUndefined();
  });
});
