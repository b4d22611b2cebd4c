/** Svelte 5 in runes mode for every component of our own; node_modules choose for themselves. */
export default {
  compilerOptions: {
    runes: true,
  },
};
