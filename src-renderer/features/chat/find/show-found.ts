// Brings a found message to the eye: into the middle of the list, on a ground that fades away.
import './show-found.css';

const SHOWN_MS = 2_000;
/** The list needs some frames to put a far message on the page. */
const MOST_FRAMES = 60;

/** A message of the list, once it is on the page and the list has gone there; null when it does not come. */
export async function messageOnPage(messageId: number): Promise<HTMLElement | null> {
  for (let frame = 0; frame < MOST_FRAMES; frame++) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const found = document.querySelector<HTMLElement>(`[data-message="${messageId}"]`);
    if (found) return found;
  }
  return null;
}

/** Two messages at once are never marked: the last one that was asked for is. */
let last: HTMLElement | null = null;

export async function showFound(messageId: number): Promise<void> {
  const message = await messageOnPage(messageId);
  if (!message) return;
  const block = message.offsetHeight > innerHeight / 2 ? 'start' : 'center';
  message.scrollIntoView({ block });
  // What came into sight by that now has its real height.
  requestAnimationFrame(() => requestAnimationFrame(() => message.scrollIntoView({ block })));
  delete last?.dataset['found'];
  last = message;
  message.dataset['found'] = '';
  setTimeout(() => delete message.dataset['found'], SHOWN_MS);
}
