/**
 * The borders of the architecture: a path says what its code may import.
 * Type-only imports count too, except where a rule says otherwise: a border is about knowledge, not only about bytes.
 */

const ELECTRON = '^electron$|^electron/|(^|/)node_modules/electron/';
const SQL = '(^|/)node_modules/better-sqlite3/|^src-main/registry/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle of imports hides which module builds on which.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: { path: '^(src-|scripts/|bin/|tests/)' },
      to: { couldNotResolve: true, pathNot: '^(electron|electron/.*)$' },
    },
    {
      name: 'no-barrels',
      comment:
        'An index that re-exports a folder hides what is used; only the composition root of Electron is an index.',
      severity: 'error',
      from: {},
      to: { path: '^src-.*/index\\.ts$', pathNot: '^src-main/index\\.ts$' },
    },
    {
      name: 'shared-imports-zod-alone',
      comment: 'src-shared runs in every process, the sandboxed page included.',
      severity: 'error',
      from: { path: '^src-shared/' },
      to: { pathNot: ['^src-shared/', '(^|/)node_modules/zod/'] },
    },
    {
      name: 'engine-stands-alone',
      comment:
        'The engine is a library: no SQL, no terminal, nothing of the app around it (Electron: see electron-in-its-shell).',
      severity: 'error',
      from: { path: '^src-main/engine/' },
      to: { path: [SQL, '^src-renderer/', '^src-main/(?!engine/)'] },
    },
    {
      name: 'engine-host-has-no-sql',
      comment: 'The engine process never touches the registry; the main process is its only writer.',
      severity: 'error',
      from: { path: '^src-main/engine-host/' },
      to: { path: [SQL, '^src-main/(runs|ipc|shells)/'] },
    },
    {
      name: 'runs-meet-engine-through-the-protocol',
      comment: 'The supervisor knows the engine process by src-shared/ipc/engine-protocol.ts alone.',
      severity: 'error',
      from: { path: '^src-main/(runs|ipc|shells|registry)/' },
      to: { path: '^src-main/(engine|engine-host)/' },
    },
    {
      name: 'electron-in-its-shell',
      comment: 'Everything but the Electron shell runs in plain Node.',
      severity: 'error',
      from: {
        path: '^(src-|scripts/|bin/)',
        pathNot: ['^src-main/shells/electron/', '^src-main/(index|preload)\\.ts$'],
      },
      to: { path: ELECTRON },
    },
    {
      name: 'renderer-sees-only-shared',
      comment: 'The page talks to the main process through the contracts in src-shared.',
      severity: 'error',
      from: { path: '^src-renderer/', pathNot: '^src-renderer/(vite|svelte)\\.config\\.' },
      to: { path: ['^src-main/', '^scripts/', '^bin/'] },
    },
    {
      name: 'renderer-has-no-node',
      comment: 'The page is sandboxed: no Node modules.',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nothing-imports-tests',
      comment: 'Tests know the sources, never the other way round.',
      severity: 'error',
      from: { path: '^(src-|scripts/|bin/)' },
      to: { path: '^tests/' },
    },
    {
      name: 'production-code-uses-declared-packages',
      comment: 'What ships must be declared; what is only declared for development must not be needed at run time.',
      severity: 'error',
      from: { path: '^src-(main|shared)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types', 'svelte'],
    },
  },
};
