// Files dragged over the window: the whole of it takes them, wherever the person is. Models go to the models; others
// go to the place that is open, if it can use them.
import { t } from '../../../messages/translate.ts';
import type { Stores } from '../../../stores/stores.ts';
import { carriesFiles, droppedPaths, isModelFile, sortDropped } from './dropped-files.ts';

export class DropStore {
  readonly #stores: Stores;
  #over = $state(false);
  #ownDrag = false;

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  /** Files are held over the window. */
  get over(): boolean {
    return this.#over;
  }

  /** What is no model is of use here. */
  get takesAny(): boolean {
    return this.#stores.attaching.taker !== null;
  }

  /** Something of the page itself is dragged, an image too, which would look like a file. */
  beginOwn(): void {
    this.#ownDrag = true;
  }

  endOwn(): void {
    this.#ownDrag = false;
  }

  enter(event: DragEvent): void {
    if (this.#takes(event)) this.#over = true;
  }

  /** From one part of the page to another is no leaving. */
  leave(event: DragEvent): void {
    if (event.relatedTarget === null) this.#over = false;
  }

  /** Lets go of it here mean something. */
  hold(event: DragEvent): void {
    if (!this.#takes(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
  }

  /** On the desktop the paths follow in a message; a browser tells nobody. */
  drop(event: DragEvent): void {
    this.#over = false;
    if (!this.#takes(event)) return;
    event.preventDefault();
    const { appInfo, toasts, adding, attaching } = this.#stores;
    const files = [...(event.dataTransfer?.files ?? [])];
    const others = files.filter(({ name }) => !isModelFile(name));
    if (others.length > 0) attaching.taker?.(others);
    const onlyOthers = others.length > 0 && others.length === files.length;
    if (appInfo.value?.host !== 'browser' || (onlyOthers && attaching.taker)) return;
    toasts.show({
      text: t('models.drop.browser'),
      action: { label: t('models.add'), run: () => adding.ask() },
    });
  }

  /** What the desktop tells after a drop. */
  receive(event: MessageEvent): void {
    const paths = droppedPaths(event);
    if (!paths) return;
    const { models, others } = sortDropped(paths);
    const { adding, toasts } = this.#stores;
    const [name] = others;
    const refused =
      name === undefined || this.takesAny ? null : t('models.drop.refused', { count: others.length, name });
    if (models.length > 0) adding.take(models, refused);
    else if (refused !== null) toasts.show({ text: refused, tone: 'error' });
  }

  #takes(event: DragEvent): boolean {
    return !this.#ownDrag && carriesFiles(event);
  }
}
