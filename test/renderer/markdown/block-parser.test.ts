// Catches: blocks that depend on how the stream was cut, blocks that change after they were finished, lost text, and
// texts that exhaust the stack.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block } from '../../../src-renderer/ui/markdown/block.ts';
import { MarkdownSource } from '../../../src-renderer/ui/markdown/markdown-source.ts';

function blocksOf(chunks: string[], look = false): Block[] {
  const source = new MarkdownSource();
  for (const chunk of chunks) {
    source.append(chunk);
    if (look) source.show();
  }
  source.finish();
  return source.root.children;
}

/** The blocks as short text, for reading in a test. */
function outline(blocks: Block[]): string {
  return blocks
    .map((block) => {
      if (block.kind === 'list') return `${block.ordered ? 'ol' : 'ul'}(${outline(block.children)})`;
      if (block.kind === 'item')
        return `li${block.checked === null ? '' : block.checked ? '+' : '-'}(${outline(block.children)})`;
      if (block.kind === 'quote') return `quote(${outline(block.children)})`;
      if (block.kind === 'heading') return `h${block.level}:${block.text}`;
      if (block.kind === 'code') return `code ${block.language}:${JSON.stringify(block.text)}`;
      if (block.kind === 'table') return `table ${block.header.length}x${block.rows.length}`;
      if (block.kind === 'math') return `math ${block.complete}`;
      if (block.kind === 'rule') return 'rule';
      if (block.kind === 'note') return `note ${block.label}(${outline(block.children)})`;
      return `p:${block.text}`;
    })
    .join(' ');
}

const line = fc.constantFrom(
  'Words and more words.', '', '', '# Title', '## Two ##', '- one', '* two', '  - nested', '   three', '1. first', '2. second',
  '  - bullet under number', '```ts', '```', '~~~', '    indented', '> quoted', '>> deeper', '> - list', 'lazy line', '---', '===',
  '| a | b |', '|---|:-:|', '| 1 | 2 |', '$$', 'x^2', '$$a$$', '\\[', '\\]', '- [x] done', '- [ ] to do', '\tTab', 'a\u001b[31mred\u001b[0m', '10. ten', '- - - -', '+',
  '<b>html</b>', 'text  ', '* * *', '- a\r', '123456789) x', '$$ open', '`code',
); // prettier-ignore
const text = fc.array(line, { maxLength: 24 }).map((lines) => lines.join('\n'));
const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 30 });

function cut(whole: string, sizes: number[]): string[] {
  const chunks: string[] = [];
  for (let at = 0, i = 0; at < whole.length; i++) {
    const size = sizes[i % sizes.length]!;
    chunks.push(whole.slice(at, at + size));
    at += size;
  }
  return chunks;
}

describe('blocks of a stream', () => {
  it('are the same however the text is cut, also when it is looked at in between', () => {
    fc.assert(
      fc.property(text, cuts, (whole, sizes) => {
        const expected = blocksOf([whole]);
        expect(blocksOf(cut(whole, sizes), true)).toEqual(expected);
        expect(blocksOf(cut(whole, sizes))).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keep every block but the last two exactly as they are', () => {
    fc.assert(
      fc.property(text, cuts, (whole, sizes) => {
        const source = new MarkdownSource();
        let settled: string[] = [];
        for (const chunk of cut(whole, sizes)) {
          source.append(chunk);
          const blocks = source.show().children.map((block) => JSON.stringify(block));
          expect(blocks.slice(0, settled.length)).toEqual(settled);
          settled = blocks.slice(0, -2);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('keep every visible word', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const kept = JSON.stringify(blocksOf([whole]));
        for (const word of ['Words', 'nested', 'quoted', 'lazy', 'first', 'html']) {
          expect(kept.split(word).length).toBe(whole.split(word).length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('take arbitrary characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), cuts, (whole, sizes) => {
        expect(blocksOf(cut(whole, sizes), true)).toEqual(blocksOf([whole]));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('structure', () => {
  it.each([
    ['a\nb\n\nc', 'p:a\nb p:c'],
    ['# A\ntext\n## B', 'h1:A p:text h2:B'],
    ['Title\n===\nText', 'h1:Title p:Text'],
    ['- a\n- b\n  - c\n\n  more\n- d\n\nend', 'ul(li(p:a) li(p:b ul(li(p:c)) p:more) li(p:d)) p:end'],
    ['1. a\n  - b\n2. c', 'ol(li(p:a ul(li(p:b))) li(p:c))'],
    ['1. a\n   ```js\n   x\n\n   y\n   ```\n2. b', 'ol(li(p:a code js:"x\\n\\ny") li(p:b))'],
    ['- [ ] a\n- [x] b', 'ul(li-(p:a) li+(p:b))'],
    ['text\n```py\nprint(1)\n```\nmore', 'p:text code py:"print(1)" p:more'],
    ['````md\n```\nx\n```\n````', 'code md:"```\\nx\\n```"'],
    ['```\nnever closed', 'code :"never closed"'],
    ['> a\nlazy\n> b\n\nc', 'quote(p:a\nlazy\nb) p:c'],
    ['intro\n| a | b |\n|---|---|\n| 1 | 2 |\n\nend', 'p:intro table 2x1 p:end'],
    ['a | b\n--|--\n1 | 2', 'table 2x1'],
    ['$$\nx\n$$\nafter', 'math true p:after'],
    ['$$ never\n\nclosed', 'math false p:closed'],
    ['$$a$$ and text', 'p:$$a$$ and text'],
    ['* * *\n***\n---', 'rule rule rule'],
    ['costs - a lot\n5. no list', 'p:costs - a lot\n5. no list'],
    ['a\u001b[1;31mb\u001b[0m\u0007\u202ec', 'p:abc'],
  ])('%j', (source, expected) => {
    expect(outline(blocksOf([source]))).toBe(expected);
  });
});

describe('hostile texts', () => {
  it('caps nesting instead of exhausting the stack', () => {
    for (const opener of ['> ', '- ', '1. ', '>- ']) {
      const blocks = blocksOf([`${opener.repeat(5_000)}x`]);
      expect(JSON.stringify(blocks)).toContain('x');
    }
  });

  it('splits a line of a million characters into paragraphs of bounded size', () => {
    const blocks = blocksOf(['word '.repeat(200_000)]);
    expect(blocks.length).toBeGreaterThan(10);
    expect(
      Math.max(...blocks.map((block) => (block.kind === 'paragraph' ? block.text.length : 0))),
    ).toBeLessThan(20_000);
    expect(
      blocks
        .map((block) => (block.kind === 'paragraph' ? block.text : ''))
        .join(' ')
        .match(/word/g),
    ).toHaveLength(200_000);
  });
});
