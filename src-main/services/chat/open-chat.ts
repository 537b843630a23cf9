// Wires conversations: their answers, their branches, their order, and how answers are to be.
import { openPresets } from '../presets/open-presets.ts';
import type { PresetService } from '../presets/preset-service.ts';
import { BinService } from './bin-service.ts';
import { BranchService } from './branch-service.ts';
import { ChatService, type ChatOptions } from './chat-service.ts';
import { OrderService } from './order-service.ts';

interface OpenChatOptions extends Omit<ChatOptions, 'presets' | 'bin'> {
  forgetContext: (conversationId: number) => Promise<void>;
}

interface OpenChat {
  chat: ChatService;
  branches: BranchService;
  order: OrderService;
  presets: PresetService;
  closeChat: () => void;
}

export function openChat(options: OpenChatOptions): OpenChat {
  const presets = openPresets(options.database);
  const bin = new BinService(options);
  const chat = new ChatService({ ...options, presets, bin });
  const order = new OrderService({ ...options, chat, bin });
  return {
    chat,
    branches: new BranchService({ ...options, chat }),
    order,
    presets,
    closeChat() {
      bin.close();
      order.close();
      chat.close();
    },
  };
}
