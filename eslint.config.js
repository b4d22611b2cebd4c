import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const unused = {
  argsIgnorePattern: '^_',
  varsIgnorePattern: '^_',
  caughtErrors: 'all',
  ignoreRestSiblings: true,
};

/** Rules that need no types; those that do are oxlint's (.oxlintrc.json), which knows them within seconds. */
export default tseslint.config(
  { ignores: ['node_modules/', 'out/', 'dist/', 'coverage/', 'tests/**/fixtures/'] },
  {
    files: ['src-main/**/*.ts', 'src-shared/**/*.ts', 'tests/**/*.ts', '*.config.ts'],
    extends: [tseslint.configs.strict],
  },
  {
    files: ['src-renderer/**/*.ts'],
    ignores: ['**/*.svelte.ts'],
    extends: [tseslint.configs.strict],
    languageOptions: { globals: globals.browser },
  },
  {
    // Types across .svelte borders are svelte-check's work; the syntax rules are enough here.
    files: ['**/*.svelte', '**/*.svelte.ts'],
    extends: [tseslint.configs.strict, svelte.configs['flat/recommended']],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'], svelteConfig },
    },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    extends: [tseslint.configs.strict],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'off',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
      'max-lines': ['error', { max: 400 }],
      '@typescript-eslint/no-unused-vars': ['error', unused],
    },
  },
  {
    files: ['**/*.ts'],
    ignores: ['**/*.svelte.ts'],
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
    },
  },
  {
    files: ['tests/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    // The engine is no page's.
    files: ['src-main/engine/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'window', 'document', 'localStorage', 'HTMLElement', 'requestAnimationFrame'],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    rules: {
      // $props() is taken apart with `let`, and its own rule knows.
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all' }],
      // Series are plain data held by $state.raw, on purpose: a proxy per point would be slow.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    // Every draw is a function of (seed, stream, step, index).
    files: ['src-*/**/*.ts', 'src-*/**/*.svelte', 'scripts/**/*.mjs'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Use a named random stream.' },
      ],
    },
  },
);
