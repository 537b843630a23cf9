// Where the person is. Kept in the address's hash, so that a reload or Back stays true.
export const PLACES = ['chat', 'read', 'models', 'settings'] as const;
export type Place = (typeof PLACES)[number];

/** The pages of the Models place. */
export const MODEL_SECTIONS = ['installed', 'catalogue', 'downloads', 'machine'] as const;
export type ModelSection = (typeof MODEL_SECTIONS)[number];

interface Location {
  place: Place;
  modelSection: ModelSection;
  conversationId: number | null;
  /** The message that was asked for, so that a reload shows it again. */
  messageId: number | null;
  documentId: number | null;
}

/** `#/chat/12/34` -> chat, conversation 12, at message 34; `#/models/catalogue` -> models, its catalogue;
 * `#/read/5` -> read, document 5. What can't be read is a new conversation. */
function parse(hash: string): Location {
  const [, name, part, message] = hash.split('/');
  const place = PLACES.find((each) => each === name) ?? 'chat';
  const conversationId = place === 'chat' ? toId(part) : null;
  const messageId = conversationId === null ? null : toId(message);
  const documentId = place === 'read' ? toId(part) : null;
  const modelSection = MODEL_SECTIONS.find((each) => each === part) ?? 'installed';
  return { place, conversationId, messageId, modelSection, documentId };
}

function toId(text: string | undefined): number | null {
  const number = Number(text);
  return Number.isSafeInteger(number) && number > 0 ? number : null;
}

export class NavigationStore {
  #location = $state.raw<Location>(parse(window.location.hash));
  /** The conversation to return to from another place. */
  #lastConversationId: number | null = this.#location.conversationId;
  #lastDocumentId: number | null = this.#location.documentId;
  /** A message to bring into view in its branch; whoever does it takes the request away. */
  messageRequest = $state<number | null>(this.#location.messageId);
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

  /** Null: the library. */
  get documentId(): number | null {
    return this.#location.documentId;
  }

  get modelSection(): ModelSection {
    return this.#location.modelSection;
  }

  go(place: Place): void {
    const conversationId = place === 'chat' ? this.#lastConversationId : null;
    const documentId = place === 'read' ? this.#lastDocumentId : null;
    this.#to({ ...this.#location, place, conversationId, messageId: null, documentId });
  }

  goToModels(modelSection: ModelSection): void {
    this.#to({ place: 'models', conversationId: null, messageId: null, documentId: null, modelSection });
  }

  /** Opens a conversation, or the empty page of a new one. With a message the focus stays where it is. */
  openConversation(id: number | null, messageId: number | null = null): void {
    this.#to({ ...this.#location, place: 'chat', conversationId: id, messageId, documentId: null });
    this.messageRequest = messageId;
    if (messageId === null) this.focusRequest += 1;
  }

  /** Null shows the library. */
  openDocument(id: number | null): void {
    this.#to({ ...this.#location, place: 'read', conversationId: null, messageId: null, documentId: id });
  }

  #to(location: Location): void {
    const { place, conversationId, messageId, modelSection, documentId } = location;
    this.#follow(location);
    const parts = [place, place === 'models' ? modelSection : (conversationId ?? documentId), messageId];
    window.location.hash = `/${parts.filter((part) => part !== null).join('/')}`;
  }

  #follow(location: Location): void {
    const { place, conversationId, modelSection, documentId } = this.#location;
    const samePart =
      conversationId === location.conversationId &&
      modelSection === location.modelSection &&
      documentId === location.documentId;
    if (place === location.place && samePart) return this.#followMessage(location);
    if (location.place === 'chat') this.#lastConversationId = location.conversationId;
    if (location.place === 'read') this.#lastDocumentId = location.documentId;
    this.#location = location;
    this.messageRequest = location.messageId;
    this.title = null;
    this.listOpen = false;
  }

  /** Within the conversation that is open, as Back does it. */
  #followMessage(location: Location): void {
    if (location.messageId === this.#location.messageId) return;
    this.#location = location;
    this.messageRequest = location.messageId;
  }
}
