// What every format becomes before it is written, and the rules that make a sound tree of whatever a file says.
import { createHash } from 'node:crypto';
import type { FileConversation, FileMessage, SourceApp } from '#contract/transfer.ts';
import { answerSettings } from '#contract/presets.ts';

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
const FIRST_WORDS_LENGTH = 60;
const LATEST_TIME = 8.64e15;

/** A conversation as it is written, or null when nothing in it is shown. */
export function toIncoming(raw: RawConversation, now: number): Incoming | null {
  const nodes = uniqueNodes(raw.nodes);
  const lift = lifter(nodes);
  const times = raw.nodes.map(({ createdAt }) => createdAt).filter((time) => time !== null);
  const createdAt = raw.createdAt ?? times[0] ?? now;
  const messages: FileMessage[] = inOrder(nodes)
    .filter(({ shown }) => shown)
    .map((node) => {
      const { parent, thought } = lift(node.parent);
      return blankMessage(node, parent, joined(thought, node.thought), node.createdAt ?? createdAt);
    });
  if (messages.length === 0) return null;
  const active = raw.active === null ? null : lift(raw.active).parent;
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

/** The first of each key, with a parent that is there and a way up that ends. */
function uniqueNodes(nodes: readonly RawNode[]): Map<string, RawNode> {
  const unique = new Map<string, RawNode>();
  for (const node of nodes) if (!unique.has(node.key)) unique.set(node.key, { ...node });
  const ending = new Set<string>();
  for (const node of unique.values()) cutCircle(unique, node, ending);
  return unique;
}

function cutCircle(nodes: Map<string, RawNode>, from: RawNode, ending: Set<string>): void {
  const way = new Set<string>();
  for (let node: RawNode | undefined = from; node && !ending.has(node.key);) {
    way.add(node.key);
    if (node.parent !== null && (way.has(node.parent) || !nodes.has(node.parent))) node.parent = null;
    node = node.parent === null ? undefined : nodes.get(node.parent);
  }
  for (const key of way) ending.add(key);
}

/** Parents before their children, otherwise as the file has them. */
function inOrder(nodes: Map<string, RawNode>): RawNode[] {
  const placed = new Set<RawNode>();
  for (const node of nodes.values()) {
    const way: RawNode[] = [];
    for (let at: RawNode | undefined = node; at && !placed.has(at); at = nodes.get(at.parent ?? ''))
      way.push(at);
    for (const each of way.toReversed()) placed.add(each);
  }
  return [...placed];
}

/** Finds the nearest message that is shown, from one on upwards, and the thoughts that are passed on the way. */
function lifter(
  nodes: Map<string, RawNode>,
): (key: string | null) => { parent: string | null; thought: string } {
  return (key) => {
    const thoughts: string[] = [];
    let node = key === null ? undefined : nodes.get(key);
    while (node && !node.shown) {
      if (node.thought) thoughts.unshift(node.thought);
      node = node.parent === null ? undefined : nodes.get(node.parent);
    }
    return { parent: node?.key ?? null, thought: joined(...thoughts) };
  };
}
