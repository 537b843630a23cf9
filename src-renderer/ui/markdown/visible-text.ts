// What may reach the eye: no terminal escape sequences, no control characters, and none of the invisible signs that
// reorder text so that it reads other than it is.

// Escape sequences of ECMA-48, whole or cut off at the end of what has arrived.
const ESCAPES =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /\u001b(?:\[[0-9;:?<=>]*[ -/]*(?:[@-~]|$)|\][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|[@-Z\\^_]|$)/g;
// oxlint-disable-next-line no-control-regex -- as above
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/g;
// oxlint-disable-next-line no-control-regex -- as above
const SUSPECT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/;

/** The text without escape sequences, control characters (but tab and line feed) and signs that override direction. */
export function visibleText(text: string): string {
  return SUSPECT.test(text) ? text.replace(ESCAPES, '').replace(CONTROLS, '') : text;
}
