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

export default tseslint.config(
  { ignores: ['node_modules/', 'out/', 'dist/', 'coverage/', 'tests/**/fixtures/'] },
  {
    files: ['src-main/**/*.ts', 'src-shared/**/*.ts', 'tests/**/*.ts', '*.config.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
  },
  {
    files: ['src-renderer/**/*.ts'],
    ignores: ['**/*.svelte.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { project: './src-renderer/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
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
    files: ['src-main/**/*.ts', 'src-shared/**/*.ts', 'tests/**/*.ts', '*.config.ts', 'src-renderer/**/*.ts'],
    ignores: ['**/*.svelte.ts'],
    rules: {
      // Numbers in messages are what messages are for.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // Interfaces of ours are often satisfied by code that has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      // `return send(...)` to leave early is plain enough.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // A reader of JSON says what its caller expects.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // Ops without attributes have an empty record, on purpose.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
    },
  },
  {
    files: ['tests/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Taking a builder's ops apart keeps long tables of cases readable.
      '@typescript-eslint/unbound-method': 'off',
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
