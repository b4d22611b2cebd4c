// @ts-check
/** Loaded before the script that hand-over.mjs starts: when the process above is killed, so is this one. */
if (process.channel !== undefined && process.channel !== null) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // The listener alone would keep the process alive for ever.
  process.channel.unref();
}
