const DATA_NAME = /^[\w-][\w.-]{0,63}$/;

/** Whether a text can name a tokenizer, a corpus or a SuperGLUE set; it names a folder, too. */
export function isDataName(name: string): boolean {
  return DATA_NAME.test(name) && !name.endsWith('.tmp');
}

/** What a name may be made of, for messages and forms. */
export const DATA_NAME_RANGE = 'up to 64 letters, digits, "-", "_", "."';
