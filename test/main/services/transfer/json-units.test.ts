// Cutting JSON into conversations. Bugs these catch: a piece cut at a chunk's edge, a bracket inside a text that is
// counted, a bad piece that takes the next one with it, depth that exhausts the stack.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonUnits, type Unit } from '../../../../src-main/services/transfer/reading/json-units.ts';

function unitsOf(text: string, chunkBytes = 7, limits = {}): Unit[] {
  const units = new JsonUnits(limits);
  const bytes = Buffer.from(text);
  const found: Unit[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes)
    found.push(...units.push(bytes.subarray(at, at + chunkBytes)));
  return [...found, ...units.finish()];
}

const valuesOf = (units: Unit[]): unknown[] =>
  units.map((unit) => (unit.kind === 'value' ? JSON.parse(unit.bytes.toString()) : unit.kind));

const anyObject = fc.dictionary(fc.string(), fc.jsonValue());

test('the elements of a list come out as they are, wherever chunks end', () => {
  fc.assert(
    fc.property(fc.array(anyObject), fc.integer({ min: 1, max: 40 }), fc.nat(2), (list, chunk, indent) => {
      expect(valuesOf(unitsOf(JSON.stringify(list, null, indent), chunk))).toEqual(
        JSON.parse(JSON.stringify(list)),
      );
    }),
  );
});

test('in an object the list named conversations is cut, after what stood before it', () => {
  fc.assert(
    fc.property(anyObject, fc.array(anyObject), fc.integer({ min: 1, max: 40 }), (head, list, chunk) => {
      delete head['conversations'];
      const text = JSON.stringify({ ...head, conversations: list, after: [1, { conversations: [2] }] });
      const [first, ...rest] = unitsOf(text, chunk);
      // Names that are numbers come first in any object, so that nothing of the head can stand behind the list.
      if (first?.kind !== 'head') throw new Error('No head');
      expect(JSON.parse(first.bytes.toString())).toEqual({
        ...(JSON.parse(JSON.stringify(head)) as object),
        conversations: [],
      });
      expect(valuesOf(rest)).toEqual(JSON.parse(JSON.stringify(list)));
    }),
  );
});

test('any other object is one piece, and each line of JSON lines is one', () => {
  fc.assert(
    fc.property(fc.array(anyObject), fc.integer({ min: 1, max: 40 }), (list, chunk) => {
      for (const each of list) delete each['conversations'];
      const lines = list.map((each) => JSON.stringify(each)).join('\n');
      expect(valuesOf(unitsOf(lines, chunk))).toEqual(JSON.parse(JSON.stringify(list)));
    }),
  );
});

test('a file that ends too early says so, and what was whole before is there', () => {
  const kinds = unitsOf('[{"a":1},{"title":"Half","text":"and').map(({ kind }) => kind);
  expect(kinds).toEqual(['value', 'cut-off']);
  expect(unitsOf('[{"a":1},').map(({ kind }) => kind)).toEqual(['value', 'cut-off']);
});

test('what is nested a million deep or too large is passed over and the next one is read', () => {
  const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;
  expect(valuesOf(unitsOf(`[${deep},{"a":1}]`, 65_536))).toEqual(['too-deep', { a: 1 }]);
  const large = `["${'x'.repeat(5000)}",{"a":1}]`;
  expect(valuesOf(unitsOf(large, 100, { unitBytes: 1000 }))).toEqual(['too-large', { a: 1 }]);
});

test('words that are no JSON end', () => {
  fc.assert(fc.property(fc.string(), (text) => void unitsOf(text, 3)));
});
