// Keeps the focus where a person works when what had it goes away: a row that was removed, a button that became another.
const FOCUSABLE = 'button:not(:disabled), a[href], input:not(:disabled)';

/**
 * Called while a component is made. Where an update takes away what had the focus in `place`, that gets it itself if it
 * can have it, else the first thing in it that can. `changes` reads what such an update depends on.
 */
export function keepFocus(place: () => HTMLElement | undefined, changes: () => unknown): void {
  let held = false;
  $effect.pre(() => {
    changes();
    held = place()?.contains(document.activeElement) ?? false;
  });
  $effect(() => {
    changes();
    const element = place();
    if (held && element && document.activeElement === document.body) focusIn(element);
  });
}

/** What has the focus now and everything around it, inside out. */
export function focusedChain(): Element[] {
  const chain: Element[] = [];
  for (let each = document.activeElement; each; each = each.parentElement) chain.push(each);
  return chain;
}

/** Gives the focus to the first of `chain` that is still in the page's main part, or to something in it. */
export function focusNearest(chain: readonly Element[]): boolean {
  const nearest = chain.find((each) => each.isConnected);
  if (!(nearest instanceof HTMLElement) || !nearest.closest('main')) return false;
  focusIn(nearest);
  return true;
}

function focusIn(element: HTMLElement): void {
  const inside = element.hasAttribute('tabindex') ? null : element.querySelector<HTMLElement>(FOCUSABLE);
  if (!inside) element.tabIndex = -1;
  (inside ?? element).focus();
}
