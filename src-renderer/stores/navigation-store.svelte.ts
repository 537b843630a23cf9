// Where the person is. Kept in the address's hash, so that a reload or Back stays true.
export const PLACES = ['chat', 'models', 'settings'] as const;
export type Place = (typeof PLACES)[number];

interface Location {
  place: Place;
  conversationId: number | null;
}

/** `#/chat/12` -> chat, conversation 12. What can't be read is a new conversation. */
function parse(hash: string): Location {
  const [, name, id] = hash.split('/');
  const place = PLACES.find((each) => each === name) ?? 'chat';
  const number = Number(id);
  const conversationId = place === 'chat' && Number.isSafeInteger(number) && number > 0 ? number : null;
  return { place, conversationId };
}

export class NavigationStore {
  #location = $state.raw<Location>(parse(window.location.hash));
  /** The conversation to return to from another place. */
  #lastConversationId: number | null = this.#location.conversationId;
  /** Shown at the left of the page's head; a place sets it. */
  title = $state<string | null>(null);
  /** The list pane, where the window is too narrow to show it always. */
  listOpen = $state(false);
  /** Grows whenever the place should put the focus where one writes. */
  focusRequest = $state(0);

  constructor() {
    window.addEventListener('hashchange', () => this.#follow(parse(window.location.hash)));
  }

  get place(): Place {
    return this.#location.place;
  }

  /** Null: a new conversation that nothing has been sent in. */
  get conversationId(): number | null {
    return this.#location.conversationId;
  }

  go(place: Place): void {
    this.#to({ place, conversationId: place === 'chat' ? this.#lastConversationId : null });
  }

  /** Opens a conversation, or the empty page of a new one. */
  openConversation(id: number | null): void {
    this.#to({ place: 'chat', conversationId: id });
    this.focusRequest += 1;
  }

  #to(location: Location): void {
    const { place, conversationId } = location;
    this.#follow(location);
    window.location.hash = conversationId === null ? `/${place}` : `/${place}/${conversationId}`;
  }

  #follow(location: Location): void {
    const { place, conversationId } = this.#location;
    if (place === location.place && conversationId === location.conversationId) return;
    if (location.place === 'chat') this.#lastConversationId = location.conversationId;
    this.#location = location;
    this.title = null;
    this.listOpen = false;
  }
}
