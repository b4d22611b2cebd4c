import type { MenuItemConstructorOptions } from 'electron';

/** What the menu does beyond what Electron's roles do by themselves. */
export interface MenuActions {
  /** Shows a place of the page, e.g. "#/new". */
  readonly go: (address: string) => void;
  readonly back: () => void;
  readonly forward: () => void;
  readonly openHome: () => void;
  readonly about: () => void;
}

const PLACES = [
  ['Runs', '#/runs'],
  ['Compare', '#/compare'],
  ['Teacher examples', '#/examples'],
  ['Two Moons', '#/two-moons'],
  ['Queue', '#/queue'],
] as const;

/** The menu bar, as data: tested without Electron. */
export function menuTemplate(platform: NodeJS.Platform, actions: MenuActions): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  const about: MenuItemConstructorOptions = { label: 'About MetaLMO Studio', click: actions.about };
  const settings: MenuItemConstructorOptions = {
    label: 'Settings',
    accelerator: 'CmdOrCtrl+,',
    click: () => {
      actions.go('#/settings');
    },
  };
  const rule: MenuItemConstructorOptions = { type: 'separator' };
  const appMenu: MenuItemConstructorOptions = {
    label: 'MetaLMO Studio',
    submenu: [about, rule, settings, rule, { role: 'hide' }, { role: 'hideOthers' }, rule, { role: 'quit' }],
  };
  return [
    ...(isMac ? [appMenu] : []),
    {
      label: '&File',
      submenu: [
        {
          label: 'New run',
          accelerator: 'CmdOrCtrl+N',
          click: () => {
            actions.go('#/new');
          },
        },
        rule,
        { label: 'Open data folder', click: actions.openHome },
        ...(isMac ? [rule, { role: 'close' } as const] : [rule, settings, rule, { role: 'quit' } as const]),
      ],
    },
    { label: '&Edit', role: 'editMenu' },
    { label: '&View', submenu: viewItems() },
    {
      label: '&Go',
      submenu: [
        { label: 'Back', accelerator: isMac ? 'Cmd+[' : 'Alt+Left', click: actions.back },
        { label: 'Forward', accelerator: isMac ? 'Cmd+]' : 'Alt+Right', click: actions.forward },
        rule,
        ...PLACES.map(([label, address], index) => ({
          label,
          accelerator: `CmdOrCtrl+${index + 1}`,
          click: () => {
            actions.go(address);
          },
        })),
      ],
    },
    { role: 'windowMenu' },
    ...(isMac ? [] : [{ label: '&Help', submenu: [about] }]),
  ];
}

function viewItems(): MenuItemConstructorOptions[] {
  return [
    { role: 'reload' },
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
    { type: 'separator' },
    { role: 'toggleDevTools' },
  ];
}
