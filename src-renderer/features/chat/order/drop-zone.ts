// Conversations dragged from a row and dropped on a part of the pane. The same is done without a mouse by the row's menu.
import type { Attachment } from 'svelte/attachments';

const DRAGGED = 'application/x-lapidary-conversations';

/** Begins to drag these conversations. */
export function dragConversations(event: DragEvent, ids: readonly number[]): void {
  if (!event.dataTransfer) return;
  event.dataTransfer.setData(DRAGGED, JSON.stringify(ids));
  event.dataTransfer.effectAllowed = 'move';
}

/** A place for dropping conversations; it has `data-drop` while some are over it. */
export function dropZone(take: (ids: number[]) => void): Attachment<HTMLElement> {
  return (node) => {
    const show = (over: boolean): void => void node.toggleAttribute('data-drop', over);
    const hover = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes(DRAGGED)) return;
      event.preventDefault();
      show(true);
    };
    const leave = (event: DragEvent): void => {
      if (!node.contains(event.relatedTarget as Node | null)) show(false);
    };
    const drop = (event: DragEvent): void => {
      show(false);
      const dragged = event.dataTransfer?.getData(DRAGGED);
      if (!dragged) return;
      event.preventDefault();
      take(JSON.parse(dragged) as number[]);
    };
    node.addEventListener('dragover', hover);
    node.addEventListener('dragleave', leave);
    node.addEventListener('drop', drop);
    return () => {
      node.removeEventListener('dragover', hover);
      node.removeEventListener('dragleave', leave);
      node.removeEventListener('drop', drop);
    };
  };
}
