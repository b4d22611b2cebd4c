/** Puts text on the clipboard. @throws Error where neither way is allowed */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Not a secure context (a host's plain address), or permission denied: the old way, which needs no permission.
    copyFromField(text);
  }
}

function copyFromField(text: string): void {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'visually-hidden';
  const returnTo = document.activeElement;
  // Inside an open dialog everything else is inert: the field goes there.
  (document.querySelector('dialog[open]') ?? document.body).append(field);
  field.select();
  // oxlint-disable-next-line typescript/no-deprecated -- nothing else works without a secure context
  const done = document.execCommand('copy');
  field.remove();
  if (returnTo instanceof HTMLElement) returnTo.focus({ preventScroll: true });
  if (!done) throw new Error('The text could not be copied: the browser allows no access to the clipboard.');
}
