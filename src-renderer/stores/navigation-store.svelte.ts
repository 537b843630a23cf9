// Where the person is. Kept in the address's hash, so that a reload or Back stays true.
export const PLACES = ['chat', 'models', 'settings'] as const;
export type Place = (typeof PLACES)[number];

/** The pages of the Models place. */
export const MODEL_SECTIONS = ['installed', 'catalogue', 'downloads', 'machine'] as const;
export type ModelSection = (typeof MODEL_SECTIONS)[number];

interface Location {
  place: Place;
  modelSection: ModelSection;
  conversationId: number | null;
}

/** `#/chat/12` -> chat, conversation 12; `#/models/catalogue` -> models, its catalogue. What can't be read is a new conversation. */
function parse(hash: string): Location {
  const [, name, part] = hash.split('/');
  const place = PLACES.find((each) => each === name) ?? 'chat';
  const number = Number(part);
  const conversationId = place === 'chat' && Number.isSafeInteger(number) && number > 0 ? number : null;
  const modelSection = MODEL_SECTIONS.find((each) => each === part) ?? 'installed';
  return { place, conversationId, modelSection };
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

  get modelSection(): ModelSection {
    return this.#location.modelSection;
  }

  go(place: Place): void {
    const conversationId = place === 'chat' ? this.#lastConversationId : null;
    this.#to({ ...this.#location, place, conversationId });
  }

  goToModels(modelSection: ModelSection): void {
    this.#to({ place: 'models', conversationId: null, modelSection });
  }

  /** Opens a conversation, or the empty page of a new one. */
  openConversation(id: number | null): void {
    this.#to({ ...this.#location, place: 'chat', conversationId: id });
    this.focusRequest += 1;
  }

  #to(location: Location): void {
    const { place, conversationId, modelSection } = location;
    this.#follow(location);
    const part = place === 'models' ? modelSection : conversationId;
    window.location.hash = part === null ? `/${place}` : `/${place}/${part}`;
  }

  #follow(location: Location): void {
    const { place, conversationId, modelSection } = this.#location;
    const samePart = conversationId === location.conversationId && modelSection === location.modelSection;
    if (place === location.place && samePart) return;
    if (location.place === 'chat') this.#lastConversationId = location.conversationId;
    this.#location = location;
    this.title = null;
    this.listOpen = false;
  }
}
