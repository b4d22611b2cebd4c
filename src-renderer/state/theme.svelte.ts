export const THEMES = ['system', 'light', 'dark'] as const;
export type ThemeName = (typeof THEMES)[number];

const STORAGE_KEY = 'metalmo.theme';

/** Light, dark, or as the system has it. */
export class Theme {
  chosen = $state<ThemeName>('system');
  /** Whether dark is what is shown now. */
  dark = $state(false);
  readonly #system = matchMedia('(prefers-color-scheme: dark)');

  constructor() {
    this.#system.addEventListener('change', () => {
      this.#show();
    });
    this.chosen = THEMES.find((name) => name === localStorage.getItem(STORAGE_KEY)) ?? 'system';
    this.#show();
  }

  choose(name: ThemeName): void {
    this.chosen = name;
    localStorage.setItem(STORAGE_KEY, name);
    this.#show();
  }

  #show(): void {
    this.dark = this.chosen === 'dark' || (this.chosen === 'system' && this.#system.matches);
    document.documentElement.dataset['theme'] = this.dark ? 'dark' : 'light';
  }
}
