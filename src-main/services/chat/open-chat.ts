// Wires conversations: their answers, their branches, and how answers are to be.
import { openPresets } from '../presets/open-presets.ts';
import type { PresetService } from '../presets/preset-service.ts';
import { BranchService } from './branch-service.ts';
import { ChatService, type ChatOptions } from './chat-service.ts';

interface OpenChat {
  chat: ChatService;
  branches: BranchService;
  presets: PresetService;
}

export function openChat(options: Omit<ChatOptions, 'presets'>): OpenChat {
  const presets = openPresets(options.database);
  const chat = new ChatService({ ...options, presets });
  return { chat, branches: new BranchService({ ...options, chat }), presets };
}
