// Writes over a part of a field as if it had been typed, so that undo takes it back.

export function replaceText(
  field: HTMLTextAreaElement,
  { start, end }: { start: number; end: number },
  text: string,
): void {
  field.focus();
  field.setSelectionRange(start, end);
  // The only way into a field's undo history; every engine still has it.
  const done = text === '' ? command('delete') : command('insertText', text);
  if (done) return;
  field.setRangeText(text, start, end, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertReplacementText' }));
}

function command(name: string, value?: string): boolean {
  return typeof document.execCommand === 'function' && document.execCommand(name, false, value);
}
