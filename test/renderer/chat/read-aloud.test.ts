// @vitest-environment happy-dom
// Catches: text that goes to a voice outside this computer, code that is spelled out, a reading that can't be stopped
// or that an earlier one's end moves on, and sentences marked at the wrong place.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReadAloudStore } from '../../../src-renderer/features/chat/reading/read-aloud-store.svelte.ts';
import { languageOf, sentencesOf } from '../../../src-renderer/features/chat/reading/spoken-text.ts';

class Utterance extends EventTarget {
  voice: SpeechSynthesisVoice | null = null;
  lang = '';
  readonly text: string;
  constructor(text: string) {
    super();
    this.text = text;
  }
}

function voice(lang: string, localService: boolean): SpeechSynthesisVoice {
  return { lang, localService, default: false, name: lang, voiceURI: lang };
}

function fakeSpeech(voices: SpeechSynthesisVoice[]) {
  const said: Utterance[] = [];
  const speech = Object.assign(new EventTarget(), {
    getVoices: () => voices,
    speak: (utterance: Utterance) => said.push(utterance),
    cancel: vi.fn(),
  });
  return { speech: speech as unknown as SpeechSynthesis, said, cancel: speech.cancel };
}

function page(html: string): Element {
  const root = document.createElement('div');
  root.innerHTML = html;
  return root;
}

const ENGLISH = 'The river is old. It was there before the town, and will be there for long.';
const PAGE = `<p>The river is <em>old</em>. It was there.</p><figure class="code"><pre>let a = 1;</pre></figure>
  <ul><li><div><p>One item</p></div></li></ul>`;

beforeEach(() => vi.stubGlobal('SpeechSynthesisUtterance', Utterance));
afterEach(() => vi.unstubAllGlobals());

describe('reading aloud', () => {
  it('uses no voice that is not on this computer', () => {
    expect(new ReadAloudStore(fakeSpeech([voice('en-US', false)]).speech).voices).toBeNull();
    const mixed = new ReadAloudStore(fakeSpeech([voice('en-US', false), voice('de-DE', true)]).speech);
    expect(mixed.voiceFor(ENGLISH)).toBeNull();
    const local = new ReadAloudStore(fakeSpeech([voice('en-US', false), voice('en_GB', true)]).speech);
    expect(local.voiceFor(ENGLISH)?.lang).toBe('en_GB');
    expect(new ReadAloudStore(undefined).voices).toBeNull();
  });

  it('says sentence after sentence, without code, and ends by itself', () => {
    const { speech, said } = fakeSpeech([voice('en-GB', true)]);
    const store = new ReadAloudStore(speech);
    store.start(7, ENGLISH, page(PAGE));
    for (let next = 0; next < said.length; next++) said[next]!.dispatchEvent(new Event('end'));
    expect(said.map(({ text }) => text)).toEqual(['The river is old.', 'It was there.', 'One item']);
    expect(said.every((utterance) => utterance.voice?.localService)).toBe(true);
    expect(store.speakingId).toBeNull();
  });

  it('stops at Escape, which does nothing else then, and stays stopped', () => {
    const { speech, said, cancel } = fakeSpeech([voice('en-GB', true)]);
    const store = new ReadAloudStore(speech);
    store.start(7, ENGLISH, page(PAGE));
    const press = new KeyboardEvent('keydown', { key: 'Escape', cancelable: true });
    globalThis.dispatchEvent(press);
    expect([store.speakingId, press.defaultPrevented]).toEqual([null, true]);
    expect(cancel).toHaveBeenCalled();
    said[0]!.dispatchEvent(new Event('end'));
    expect(said).toHaveLength(1);
    const later = new KeyboardEvent('keydown', { key: 'Escape', cancelable: true });
    globalThis.dispatchEvent(later);
    expect(later.defaultPrevented).toBe(false);
  });
});

describe('the language of a text', () => {
  it.each([
    ['en', ENGLISH],
    ['de', 'Der Fluss ist alt, und die Stadt ist nicht so alt wie er.'],
    ['fr', 'Le fleuve est dans la ville, et les gens qui y vivent le savent pour une raison.'],
    ['ja', '川は町よりも古いです。'],
    ['zh', '河流比城镇更古老。'],
    ['ru', 'Река старше города.'],
    ['xx', 'Rhubarb 42'],
  ])('%s', (language, text) => expect(languageOf(text, 'xx')).toBe(language));
});

describe('the sentences of a page', () => {
  it('have their places across emphasis', () => {
    const places = sentencesOf(page(PAGE), 'en').map(({ place }) => place.toString());
    expect(places).toEqual(['The river is old.', 'It was there.', 'One item']);
  });
});
