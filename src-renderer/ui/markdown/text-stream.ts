// Text that is still being written, outside of Svelte's state: a token must not wake anything but the one view of it.

type Listener = (delta: string) => void;

export class TextStream {
  #text: string;
  #listeners = new Set<Listener>();

  constructor(text = '') {
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }

  append(delta: string): void {
    this.#text += delta;
    this.#listeners.forEach((listener) => listener(delta));
  }

  /** Calls back with every delta from now on, until the returned function is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
