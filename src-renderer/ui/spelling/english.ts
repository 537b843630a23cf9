// Whether a piece of text is English, cheaply enough for every key press: the small words of a language give it away.
// Harper's own guess goes by how many words it knows, so a learner's short sentence with one mistake fails it.

export type Verdict = 'english' | 'other' | 'unsure';

const ENGLISH = words(`
  a about after all also am an and any are as at be because been before but by can could did do does for from get
  had has have he her here him his how i if in into is it its just like me more my no not now of on one only or our
  out over please she should so some than that the their them then there these they this those to too up us very
  want was we were what when where which who why will with would you your i'm it's don't can't that's`);

/** The commonest small words of the languages most often written, without those that English writes the same way. */
const OTHERS = [
  // German, Dutch
  'der die das den dem des ein eine einen einer und ist nicht ich du wir ihr sie es mit für auf von zu im wie auch aber oder wenn dass sind hat haben kann wird bei nach noch sehr mein dein bitte über warum',
  'de het een en van ik je niet dat dit zijn wordt met voor ook maar als naar hij zij wij heb heeft kan wel nog geen deze mijn waarom graag hoe gaat om',
  // French, Spanish, Portuguese, Italian, Romanian
  "le la les un une des du et est je tu il elle nous vous ils pas ne que qui dans pour sur avec mais ou où ce cette mon ton son très plus comment pourquoi merci c'est j'ai d'un au aux",
  'el la los las un una unos de del y es yo tú él nosotros que en por para con no se lo como más pero su mi tu muy está son cómo qué gracias porque hay al',
  'o os as um uma de do da dos das e é eu você ele ela nós que em por para com não se mais mas seu meu muito está são como porque no na ao obrigado',
  'il lo la gli le un una di del della e è io tu lui lei noi che in per con non si ma più come sono ho hai ha mio molto questo perché anche nel al grazie mi',
  'și este nu un o de la în cu pe care să mai pentru dar din sunt am ai are ce cum foarte eu',
  // Swedish, Danish, Norwegian, Finnish
  'och att det som en på är av för med den till inte om ett jag har du vi han hon var kan men från så hur mycket',
  'og at det som en på er af av for med den til ikke et jeg har du vi han hun var kan men fra så hvordan meget mye',
  'ja on ei se että hän minä sinä me mutta myös kuin olen oli ovat tämä niin miten mitä kun jos joka hyvin',
  // Polish, Czech, Turkish, Indonesian
  'i w na z do nie to jest się że o jak ale co tak po od za czy ten ta mam jestem dla bardzo przez',
  'a v na se je že to s z do si jsem jako ale co tak pro jak od po jsou má velmi proč',
  've bir bu da de için ile çok ne ben sen o değil mi gibi daha var yok ama nasıl olarak',
  'yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya kamu ke ada bisa apa adalah sangat',
].map(words);

/** Enough words to tell that none of them is English. */
const TELLING_WORDS = 5;
const ENGLISH_SHARE = 0.15;

export function languageOf(text: string): Verdict {
  const prose = text.replaceAll(/`[^`\n]*`|\bhttps?:\S+|\{\{[^}]*\}\}/g, ' ');
  const letters = prose.match(/\p{L}/gu)?.length ?? 0;
  const latin = prose.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (letters === 0) return 'unsure';
  if (latin < letters / 2) return 'other';
  const found =
    prose
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{M}']+/gu) ?? [];
  const english = count(found, ENGLISH);
  const other = Math.max(...OTHERS.map((list) => count(found, list))) + accented(found);
  if (other > english) return 'other';
  if (english > other && english >= found.length * ENGLISH_SHARE) return 'english';
  return found.length >= TELLING_WORDS && english < found.length * ENGLISH_SHARE ? 'other' : 'unsure';
}

/** Which pieces of a text are English; one that can't be told goes by what is around it. */
export function areEnglish(texts: readonly string[]): boolean[] {
  const verdicts = texts.map(languageOf);
  const others = verdicts.filter((each) => each === 'other').length;
  const english = verdicts.filter((each) => each === 'english').length;
  return verdicts.map((each) => (each === 'unsure' ? english >= others : each === 'english'));
}

function count(found: readonly string[], list: ReadonlySet<string>): number {
  return found.filter((word) => list.has(word)).length;
}

/** A letter that English hardly has counts half: `naïve` and names do not make a text French. */
function accented(found: readonly string[]): number {
  return found.filter((word) => /[^a-z']/.test(word)).length / 2;
}

function words(list: string): Set<string> {
  return new Set(list.trim().split(/\s+/));
}
