import type { Command } from './commands.svelte.ts';
import type { App } from './app.svelte.ts';
import { dataCommands } from './data/data-commands.ts';
import { PLACE_TITLES } from './places.ts';
import { address, type Place } from './route.svelte.ts';
import { superGlueCommands } from './superglue/superglue-commands.ts';
import { THEMES } from './theme.svelte.ts';

type OwnPlace = Exclude<Place, 'run'>;

/** The second key after "g". */
const PLACE_KEYS: Readonly<Record<OwnPlace, string>> = {
  runs: 'r',
  new: 'n',
  queue: 'q',
  compare: 'c',
  examples: 'e',
  'two-moons': 'm',
  superglue: 'u',
  data: 'd',
  settings: 's',
};

/** What can be asked for in every place: going somewhere, the theme, undo, help. */
export function frameCommands(app: App): Command[] {
  const places = (Object.keys(PLACE_KEYS) as OwnPlace[]).map((place) => ({
    id: `go.${place}`,
    title: PLACE_TITLES[place],
    group: 'Go to',
    words: 'go to place page open',
    shortcut: `g ${PLACE_KEYS[place]}`,
    run: () => app.route.go(address(place)),
  }));
  const themes = THEMES.map((name) => ({
    id: `theme.${name}`,
    title: `Theme: ${name}`,
    group: 'Window',
    words: 'dark light colour appearance',
    run: () => app.theme.choose(name),
  }));
  return [
    ...places,
    ...dataCommands(app),
    ...superGlueCommands(app),
    { id: 'window.back', title: 'Back', group: 'Window', hint: 'Alt ←', run: () => history.back() },
    { id: 'window.forward', title: 'Forward', group: 'Window', hint: 'Alt →', run: () => history.forward() },
    ...themes,
    {
      id: 'window.undo',
      title: 'Undo the last change',
      group: 'Window',
      shortcut: 'mod+z',
      run: () => {
        if (!app.toasts.undo()) app.toasts.show('There is nothing to undo.');
      },
    },
    {
      id: 'window.palette',
      title: 'Find a place, a run or a command',
      group: 'Window',
      shortcut: 'mod+k',
      run: () => {
        app.commands.paletteIsOpen = !app.commands.paletteIsOpen;
      },
    },
    {
      id: 'window.shortcuts',
      title: 'Keyboard shortcuts',
      group: 'Window',
      words: 'help keys',
      shortcut: '?',
      run: () => {
        app.commands.sheetIsOpen = true;
      },
    },
  ];
}
