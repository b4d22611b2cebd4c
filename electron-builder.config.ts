import type { Configuration } from 'electron-builder';

/**
 * The desktop app's packages: `npm run package` on the system they are for. Engines are run from out/engine as utility
 * processes; native TensorFlow is no part of them: where the set-up of a checkout has filled its cache, it is found.
 */
const config: Configuration = {
  appId: 'org.metalmo.studio',
  productName: 'MetaLMO Studio',
  copyright: 'MIT licence',
  directories: { output: 'dist', buildResources: 'resources/package' },
  // Everything that runs has been built to out/; packages that it imports at run time are taken by package.json.
  files: [
    'out/main/**',
    'out/preload/**',
    'out/renderer/**',
    'out/engine/**',
    'package.json',
    'LICENSE',
    '!**/*.map',
    '!node_modules/**/*.{md,d.ts,cc,h,gyp}',
    // A checkout's own Node: a package's engines are utility processes.
    '!node_modules/node-{linux,darwin,win}-*/**',
    '!node_modules/node-bin-*/**',
  ],
  asar: true,
  // Native modules and WebAssembly are opened by the system, which reads no archive.
  asarUnpack: ['**/*.node', '**/*.wasm', '**/*.so', '**/*.so.*', '**/*.dylib', '**/*.dll'],
  npmRebuild: false,
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },
  linux: {
    target: ['AppImage', 'deb'],
    category: 'Science',
    synopsis: 'Experiment manager for learned pretraining objectives',
    maintainer: 'MetaLMO Studio',
  },
  win: { target: ['nsis'] },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  mac: {
    target: ['dmg', 'zip'],
    category: 'public.app-category.developer-tools',
    hardenedRuntime: true,
    gatekeeperAssess: false,
    // No permission is ever asked for, so none is declared.
    entitlements: 'resources/package/entitlements.mac.plist',
    entitlementsInherit: 'resources/package/entitlements.mac.plist',
  },
  publish: null,
};

export default config;
