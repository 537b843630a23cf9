// One line of Markdown as it is said: without its signs, formulas by a word, and addresses by their host.
import { dollarMath } from '../../ui/markdown/inline-tokens.ts';
import { visibleText } from '../../ui/markdown/visible-text.ts';

/** With its host; what ends a sentence behind it is none of it. */
const ADDRESS =
  /\bhttps?:\/\/(?:www\.)?([^\s/?#)\]>,;:!]+?)(?:[/?#:][^\s)\]>]*?)?(?=[.,;:!?]*(?:[\s)\]>]|$))/gi;

/** `formula`: the word that stands for any formula. '' when nothing of the line is to be heard. */
export function spokenLine(line: string, formula: string): string {
  return withoutFormulas(visibleText(line), formula)
    .replace(/^\s*(?:(?:#{1,6}|>|[-*+])(?:\s+|$))*(?:\[[ xX]\]\s+)?/, '')
    .replace(/\[\^[\w-]+\]:?|<br\s*\/?>/gi, ' ')
    .replace(/\]\([^()\s]*(?:\s+"[^"]*")?\)/g, ' ')
    .replace(ADDRESS, '$1')
    .replace(/(?<=\S)\*+|\*+(?=\S)|~~|`+|^\s*\||\|\s*$|[[\]]/g, '')
    .replace(/(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/ (?=[.,;:!?])/g, '')
    .trim();
}

function withoutFormulas(line: string, formula: string): string {
  const text = line.replace(/\\\(.+?\\\)|\\\[.+?\\\]/g, formula);
  let said = '';
  let rest = text;
  for (let at = rest.indexOf('$'); at !== -1; at = rest.indexOf('$')) {
    const found = dollarMath(rest.slice(at));
    said += rest.slice(0, at) + (found ? formula : '$');
    rest = rest.slice(at + (found ? found.raw.length : 1));
  }
  return said + rest;
}
