import { describe, expect, it, vi } from 'vitest';
import { menuTemplate } from '../../../../src-main/shells/electron/menu.ts';
import { parseAddress, PLACES } from '../../../../src-renderer/state/route.svelte.ts';

vi.hoisted(() => {
  // The page's addresses are compiled by Svelte; here only the plain functions are wanted.
  vi.stubGlobal(
    '$state',
    Object.assign((value: unknown) => value, { raw: (value: unknown) => value }),
  );
});

type Item = {
  label?: string;
  role?: string;
  accelerator?: string;
  type?: string;
  submenu?: Item[];
  click?: () => void;
};

function flat(platform: NodeJS.Platform) {
  const gone: string[] = [];
  const rest = { back: vi.fn(), forward: vi.fn(), openHome: vi.fn(), about: vi.fn() };
  const template = menuTemplate(platform, { go: (address) => gone.push(address), ...rest }) as Item[];
  const items = template.flatMap(({ submenu }) => submenu ?? []);
  return { template, items, gone, rest };
}

describe.each(['linux', 'win32', 'darwin'] as const)('the menu on %s', (platform) => {
  it('leads to places that the page knows', () => {
    const { items, gone } = flat(platform);
    for (const item of items) item.click?.();
    expect(gone.length).toBeGreaterThan(5);
    for (const address of gone) {
      const { place } = parseAddress(address);
      expect(PLACES).toContain(place);
      expect(`#/${place}`).toBe(address);
    }
  });

  it('has no key twice, one way out and one about', () => {
    const { items } = flat(platform);
    const keys = items.flatMap(({ accelerator }) => accelerator ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    expect(items.filter(({ role }) => role === 'quit')).toHaveLength(1);
    expect(items.filter(({ label }) => label === 'About MetaLMO Studio')).toHaveLength(1);
    expect(items.every(({ label, role, type }) => label ?? role ?? type)).toBe(true);
  });
});
