// Wires conversations: their answers, their branches, their order, how answers are to be, and taking them out and in.
import { openPresets } from '../presets/open-presets.ts';
import type { PresetService } from '../presets/preset-service.ts';
import { TransferService } from '../transfer/transfer-service.ts';
import { AnswerRequests, type RequestOptions } from './answer-requests.ts';
import { BinService } from './bin-service.ts';
import { BranchService } from './branch-service.ts';
import { ChatService, type ChatOptions } from './chat-service.ts';
import { CompareService } from './compare-service.ts';
import { OrderService } from './order-service.ts';

interface OpenChatOptions extends Omit<ChatOptions, 'requests' | 'bin'>, Omit<RequestOptions, 'presets'> {
  forgetContext: (conversationId: number) => Promise<void>;
}

interface OpenChat {
  chat: ChatService;
  requests: AnswerRequests;
  branches: BranchService;
  compare: CompareService;
  order: OrderService;
  presets: PresetService;
  transfer: TransferService;
  closeChat: () => Promise<void>;
}

export function openChat(options: OpenChatOptions): OpenChat {
  const presets = openPresets(options.database);
  const bin = new BinService(options);
  const requests = new AnswerRequests({ ...options, presets });
  const chat = new ChatService({ ...options, requests, bin });
  const order = new OrderService({ ...options, chat, bin });
  const onImported = (): void => {
    presets.reload();
    chat.changes.publish({ type: 'many' });
  };
  const transfer = new TransferService({ ...options, onImported });
  return {
    chat,
    requests,
    branches: new BranchService({ ...options, chat }),
    compare: new CompareService({ ...options, chat, attached }),
    order,
    presets,
    transfer,
    async closeChat() {
      await transfer.close();
      bin.close();
      order.close();
      chat.close();
    },
  };
}
