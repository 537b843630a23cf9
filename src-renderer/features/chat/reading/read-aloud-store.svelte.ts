// Reads answers aloud with voices that are installed on this computer. A voice that would send text elsewhere is never
// used, whatever the system offers.
import { languageOf, sentencesOf, type SpokenSentence } from './spoken-text.ts';

const HIGHLIGHT = 'read-aloud';

export class ReadAloudStore {
  /** The answer that is being read, or null. */
  speakingId = $state.raw<number | null>(null);
  /** Null: this computer has no voice of its own. */
  voices = $state.raw<readonly SpeechSynthesisVoice[] | null>(null);
  readonly #speech: SpeechSynthesis | undefined;
  /** Counts readings: what an earlier one still reports is nothing any more. */
  #reading = 0;

  constructor(speech: SpeechSynthesis | undefined = globalThis.speechSynthesis) {
    this.#speech = speech;
    this.#findVoices();
    speech?.addEventListener('voiceschanged', () => this.#findVoices());
  }

  /** The voice for a text, or null when none here speaks its language. */
  voiceFor(text: string): SpeechSynthesisVoice | null {
    const language = this.language(text);
    const speaking = this.voices?.filter(({ lang }) => lang.toLowerCase().split(/[-_]/, 1)[0] === language);
    return speaking?.find((voice) => voice.default) ?? speaking?.[0] ?? null;
  }

  /** Two letters: the language a text seems to be in. */
  language(text: string): string {
    return languageOf(text, navigator.language.slice(0, 2).toLowerCase());
  }

  /** Begins with an answer shown under `root`. */
  start(id: number, text: string, root: Element): void {
    const voice = this.voiceFor(text);
    if (!voice) return;
    this.stop();
    this.speakingId = id;
    globalThis.addEventListener('keydown', this.#press, { capture: true });
    this.#say(sentencesOf(root, voice.lang), voice, this.#reading);
  }

  stop(): void {
    this.#reading += 1;
    this.speakingId = null;
    this.#speech?.cancel();
    globalThis.removeEventListener('keydown', this.#press, { capture: true });
    globalThis.CSS?.highlights?.delete(HIGHLIGHT);
  }

  #findVoices(): void {
    const local = this.#speech?.getVoices().filter(({ localService }) => localService) ?? [];
    this.voices = local.length > 0 ? local : null;
  }

  /** One after the other: a long text in one piece is cut off by some systems. */
  #say(sentences: readonly SpokenSentence[], voice: SpeechSynthesisVoice, reading: number): void {
    if (reading !== this.#reading) return;
    const [sentence, ...rest] = sentences;
    if (!sentence || !this.#speech) return this.stop();
    const utterance = new SpeechSynthesisUtterance(sentence.text);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.addEventListener('end', () => this.#say(rest, voice, reading));
    utterance.addEventListener('error', () => reading === this.#reading && this.stop());
    CSS.highlights?.set(HIGHLIGHT, new Highlight(sentence.place));
    this.#speech.speak(utterance);
  }

  readonly #press = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing) return;
    // Escape would also stop an answer that is being written: one thing at a time.
    event.preventDefault();
    event.stopPropagation();
    this.stop();
  };
}
