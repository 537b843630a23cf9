// Catches: German, Turkish or Chinese text full of red marks, and English of a learner without any.
import { expect, it } from 'vitest';
import { areEnglish, languageOf } from '../../../src-renderer/ui/spelling/english.ts';

const OTHER = {
  German: 'Ich wollte fragen, ob der Termin morgen in Ordnung ist. Das war also so gemeint.',
  'German, short': 'Wo ist der Bahnhof?',
  French: 'Je voudrais savoir si on peut changer la date de notre rendez-vous.',
  Spanish: '¿Puedes explicarme cómo funciona el motor de un coche?',
  Portuguese: 'Gostaria de saber se não há um problema com a minha conta.',
  Italian: 'Vorrei sapere se il treno per Milano è in ritardo, non lo so ancora.',
  Dutch: 'Ik wil graag weten of het nog mogelijk is om dat te doen.',
  Swedish: 'Jag undrar om det är möjligt att ändra tiden för mötet.',
  Polish: 'Czy to jest możliwe, że nie dostałem jeszcze odpowiedzi?',
  Turkish: 'Bu konuda bana yardım eder misiniz, çok teşekkür ederim ve iyi günler.',
  Finnish: 'Haluaisin tietää, onko tämä mahdollista ja mitä se maksaa.',
  Indonesian: 'Saya ingin tahu apakah ini bisa dilakukan dengan cara yang lain.',
  Swahili: 'Ningependa kujua kama inawezekana kubadilisha tarehe ya mkutano wetu.',
  Japanese: '会議の日程を変更することは可能でしょうか。',
  Arabic: 'هل يمكن تغيير موعد الاجتماع؟',
  Russian: 'Можно ли изменить дату встречи?',
};

const ENGLISH = [
  'I has a appel',
  'She go to school yesterday and buyed a book',
  'Can you explane how this works?',
  'Was Zürich or São Paulo the bigger city? I saw naïve façades there.',
  'what is the diffrence between teh two',
  'Please correct: "Ich bin müde" is what I sayed to her, and she did not understand it.',
];

it.each(Object.entries(OTHER))('%s is not English', (_, text) => {
  expect(languageOf(text)).not.toBe('english');
  expect(areEnglish([text, text])).toEqual([false, false]);
});

it.each(ENGLISH)('%s is English', (text) => {
  expect(languageOf(text)).toBe('english');
});

it('does not judge what has no telling words, and goes by what is around it', () => {
  for (const text of ['', '42 %', 'Kubernetes ingress', '`const a = 1`', '{{language}}'])
    expect(languageOf(text)).toBe('unsure');
  expect(areEnglish(['Kubernetes ingress', OTHER.German])).toEqual([false, false]);
  expect(areEnglish(['Kubernetes ingress', ENGLISH[2] ?? ''])).toEqual([true, true]);
});
