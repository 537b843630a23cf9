// The right-click menu for text. Given the frame, macOS adds its own services to it.
import { Menu, type BrowserWindow, type ContextMenuParams, type MenuItemConstructorOptions } from 'electron';

export function addContextMenu(window: BrowserWindow): void {
  const contents = window.webContents;
  contents.on('context-menu', (_event, params) => {
    const spelling = params.dictionarySuggestions.map((word): MenuItemConstructorOptions => ({
      label: word,
      click: () => contents.replaceMisspelling(word),
    }));
    const items = [...spelling, ...(spelling.length ? [separator] : []), ...editItems(params)];
    if (items.length)
      Menu.buildFromTemplate(items).popup({ window, ...(params.frame && { frame: params.frame }) });
  });
}

const separator: MenuItemConstructorOptions = { type: 'separator' };

function editItems({
  editFlags,
  isEditable,
  selectionText,
}: ContextMenuParams): MenuItemConstructorOptions[] {
  if (!isEditable) return selectionText ? [{ role: 'copy' }, { role: 'selectAll' }] : [];
  return [
    { role: 'undo', enabled: editFlags.canUndo },
    { role: 'redo', enabled: editFlags.canRedo },
    separator,
    { role: 'cut', enabled: editFlags.canCut },
    { role: 'copy', enabled: editFlags.canCopy },
    { role: 'paste', enabled: editFlags.canPaste },
    { role: 'pasteAndMatchStyle', enabled: editFlags.canPaste },
    { role: 'selectAll', enabled: editFlags.canSelectAll },
  ];
}
