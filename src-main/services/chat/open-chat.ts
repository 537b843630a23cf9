// Wires conversations: their answers, their branches, their order, how answers are to be, and taking them out and in.
import { AttachedTexts } from '../attachments/attached-texts.ts';
import { openPresets } from '../presets/open-presets.ts';
import type { PresetService } from '../presets/preset-service.ts';
import { TransferService } from '../transfer/transfer-service.ts';
import { AnswerRequests, type RequestOptions } from './answer-requests.ts';
import { AnswerWriter } from './answer-writer.ts';
import { BinService } from './bin-service.ts';
import { BranchService } from './branch-service.ts';
import { ChatService, type ChatOptions } from './chat-service.ts';
import { CompareService } from './compare-service.ts';
import { NoteMaker } from './note-maker.ts';
import { NoteService } from './note-service.ts';
import { OrderService } from './order-service.ts';

interface OpenChatOptions
  extends Omit<ChatOptions, 'writer' | 'bin' | 'attached'>, Omit<RequestOptions, 'presets' | 'attached'> {
  forgetContext: (conversationId: number) => Promise<void>;
}

interface OpenChat {
  chat: ChatService;
  requests: AnswerRequests;
  writer: AnswerWriter;
  notes: NoteService;
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
  const attached = new AttachedTexts(options.database);
  const requests = new AnswerRequests({ ...options, presets, attached });
  const maker = new NoteMaker(options.inference);
  const notes = new NoteService({ ...options, requests, maker });
  const writer = new AnswerWriter({ ...options, requests, notes });
  const chat = new ChatService({ ...options, writer, bin, attached });
  const order = new OrderService({ ...options, chat, bin });
  const onImported = (): void => {
    presets.reload();
    chat.changes.publish({ type: 'many' });
  };
  const transfer = new TransferService({ ...options, onImported });
  return {
    chat,
    requests,
    writer,
    notes,
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
