// What may reach the eye: no terminal escape sequences, no control characters, and none of the invisible signs that
// reorder text so that it reads other than it is, or that carry words which nobody sees.

// Escape sequences of ECMA-48, whole or cut off at the end of what has arrived. A command that never ends hides at
// most 500 units of its line.
const ESCAPES =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /(?:\u001b\[|\u009b)[0-9;:?<=>]*[ -/]*(?:[@-~]|$)|(?:\u001b\]|\u009d)[^\u0000-\u001f\u007f-\u009f]{0,500}(?:\u0007|\u001b\\|\u009c|(?=\n)|$)|\u001b(?:[@-Z\\-_]|$)/g;
/** The flags of England, Scotland and Wales are the only use of tag characters; all others are taken out. */
const UNSEEN =
  // oxlint-disable-next-line no-control-regex -- as above
  /\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const SUSPECT =
  // oxlint-disable-next-line no-control-regex -- as above
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;
// oxlint-disable-next-line no-control-regex -- as above
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** The text without escape sequences, control characters (but tab and line feed) and signs that deceive the eye. */
export function visibleText(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text.replace(ESCAPES, '').replace(UNSEEN, (found) => (found.startsWith('\u{1f3f4}') ? found : ''));
}

/** As it was written but for control characters: pasted into a terminal, they would be obeyed. */
export function withoutControls(text: string): string {
  return text.replace(CONTROLS, '');
}
