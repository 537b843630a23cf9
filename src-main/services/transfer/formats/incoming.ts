// What every format becomes before it is written, and the rules that make one of it.
import { createHash } from 'node:crypto';
import type { FileConversation, FileMessage, SourceApp } from '#contract/transfer.ts';
import { answerSettings } from '#contract/presets.ts';
import { soundTree } from './sound-tree.ts';

export type Incoming = FileConversation;

/** A node of another app's tree. Those that are not `shown` (system texts, tools) only hold their children up. */
export interface RawNode {
  key: string;
  parent: string | null;
  shown: boolean;
  role: FileMessage['role'];
  text: string;
  thought?: string;
  createdAt: number | null;
}

export interface RawConversation {
  app: SourceApp;
  /** Its id in that app. */
  id: string;
  title: string;
  createdAt: number | null;
  updatedAt: number | null;
  systemPrompt?: string | undefined;
  nodes: RawNode[];
  /** Key of the last message that was shown there. */
  active: string | null;
}

const TITLE_LENGTH = 200;
const LONGEST_KEY = 150;
const FIRST_WORDS_LENGTH = 60;
const LATEST_TIME = 8.64e15;

/** A conversation as it is written, or null when nothing in it is shown. */
export function toIncoming(raw: RawConversation, now: number): Incoming | null {
  const nodes = soundTree(raw.nodes.map(namedAsOurs));
  const lift = lifter(nodes);
  const times = raw.nodes.map(({ createdAt }) => createdAt).filter((time) => time !== null);
  const createdAt = raw.createdAt ?? times[0] ?? now;
  const messages: FileMessage[] = nodes
    .filter(({ shown }) => shown)
    .map((node) => {
      const { parent, thought } = lift(node.parent);
      return blankMessage(node, parent, joined(thought, node.thought), node.createdAt ?? createdAt);
    });
  if (messages.length === 0) return null;
  const active = raw.active === null ? null : lift(keyAsOurs(raw.active)).parent;
  const prompt = raw.systemPrompt?.trim().slice(0, 20_000);
  return {
    key: `${raw.app}:${raw.id || contentId(raw)}`.slice(0, 300),
    title: titleOf(raw.title, messages),
    titleSource: 'person',
    createdAt,
    updatedAt: raw.updatedAt ?? times.at(-1) ?? createdAt,
    preset: null,
    settings: answerSettings.parse(prompt ? { systemPrompt: prompt } : {}),
    pinned: false,
    archived: false,
    folder: null,
    tags: [],
    activeMessage: active ?? messages.at(-1)!.key,
    documents: [],
    notes: [],
    messages,
  };
}

/** Milliseconds since 1970 of what apps write: seconds, milliseconds or a date in words. Null: no time. */
export function toTime(value: unknown): number | null {
  if (typeof value === 'string' && value !== '') return inRange(Date.parse(value));
  if (typeof value !== 'number' || value <= 0) return null;
  if (value < 1e11) return inRange(Math.round(value * 1000));
  return inRange(Math.round(value < 1e14 ? value : value / 1e6));
}

/** For a conversation that has no id: what it begins with. */
function contentId({ title, nodes }: RawConversation): string {
  const words = nodes.slice(0, 2).map(({ text }) => text);
  return createHash('sha256')
    .update(JSON.stringify([title, words]))
    .digest('hex');
}

function inRange(time: number): number | null {
  return time >= 0 && time <= LATEST_TIME ? time : null;
}

function blankMessage(node: RawNode, parent: string | null, thought: string, createdAt: number): FileMessage {
  const { key, role, text } = node;
  const rest = { failure: null, stats: null, edited: false, attachments: [] };
  return { key, parent, role, text: text.toWellFormed(), thought, status: 'complete', createdAt, ...rest };
}

function titleOf(title: string, messages: readonly FileMessage[]): string {
  const given = title.replace(/\s+/gu, ' ').trim().slice(0, TITLE_LENGTH);
  const words = messages.find(({ text }) => text.trim() !== '')?.text.trim() ?? '';
  return (given || words.slice(0, FIRST_WORDS_LENGTH).replace(/\s+/gu, ' ')).toWellFormed() || '…';
}

function joined(...thoughts: (string | undefined)[]): string {
  return thoughts.filter(Boolean).join('\n\n').toWellFormed();
}

/** Other apps may name messages as they like; the names in our own files have an end. */
function namedAsOurs(node: RawNode): RawNode {
  return { ...node, key: keyAsOurs(node.key), parent: node.parent === null ? null : keyAsOurs(node.parent) };
}

function keyAsOurs(key: string): string {
  if (key === '') return '#';
  return key.length <= LONGEST_KEY ? key : createHash('sha256').update(key).digest('hex');
}

interface Lifted {
  /** The nearest message that is shown. */
  parent: string | null;
  /** What was thought on the way there. */
  thought: string;
}

/** Goes from a node on upwards to one that is shown. Each hidden node is passed once, and its thoughts go to whoever
 * comes first: a file in which all answers stand under the same endless thoughts takes no more time and room than it
 * has itself. */
function lifter(nodes: readonly RawNode[]): (key: string | null) => Lifted {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const passed = new Map<string, string | null>();
  return (from) => {
    const way: RawNode[] = [];
    let at = byKey.get(from ?? '');
    for (; at && !at.shown && !passed.has(at.key); at = byKey.get(at.parent ?? '')) way.push(at);
    const parent = at ? (passed.get(at.key) ?? (at.shown ? at.key : null)) : null;
    for (const { key } of way) passed.set(key, parent);
    return { parent, thought: joined(...way.toReversed().map(({ thought }) => thought)) };
  };
}
